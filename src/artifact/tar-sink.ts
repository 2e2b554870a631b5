/**
 * The tar parser with our checks before and behind it. It is in strict mode and calls back at once, so whatever they
 * throw comes out of `write`. What it would pass over in silence is refused here.
 */
import { Parser, Pax, type ReadEntry } from "tar";
import type { Refusal } from "../errors.js";
import { LIMIT_REMEDY, type ArtifactLimits } from "./artifact-limits.js";
import { entryNames, type EntryKind } from "./entry-names.js";
import type { EntryWriter } from "./entry-writer.js";
import { refusal, shown } from "../problems.js";
import { DAMAGED_REMEDY, REPACK_REMEDY } from "./unpack-remedies.js";

export interface TarSink {
  /** Takes the next bytes of the archive. @throws Refusal at the first thing that is wrong */
  write(chunk: Buffer): void;
  /** Says that there are no more. @throws Refusal when the archive is not complete */
  end(): void;
}

const LONGEST_META_ENTRY = 64 * 1024;

const KINDS: ReadonlyMap<string, EntryKind> = new Map([
  ["File", "file"],
  ["OldFile", "file"],
  ["ContiguousFile", "file"],
  ["Directory", "folder"],
]);

/**
 * A sink that hands the files and folders of an archive to `writer`.
 * @param where name of the archive in messages
 */
export function tarSink(where: string, limits: ArtifactLimits, writer: EntryWriter): TarSink {
  const names = entryNames();
  let head: Buffer | undefined = Buffer.alloc(0);
  let zeroBlock = false;
  let ended = false;
  let entries = 0;
  /** Extended headers since the last entry. */
  let metas: string[] = [];

  const offence = (entry: ReadEntry, message: string, remedy = REPACK_REMEDY): Refusal =>
    refusal(where, shown(entry.path), message, remedy);
  const count = (): void => {
    entries += 1;
    if (entries <= limits.maxEntries) return;
    throw refusal(where, "", `It has more than ${limits.maxEntries} entries.`, LIMIT_REMEDY);
  };

  const readEntry = (entry: ReadEntry): void => {
    count();
    if (zeroBlock) throw offence(entry, "The entry comes after the end mark of the archive.");
    const wrongHeader = problemWithHeaders(entry, metas);
    metas = [];
    if (wrongHeader !== undefined) throw offence(entry, wrongHeader);
    const kind = KINDS.get(entry.type);
    if (kind === undefined) throw offence(entry, `Found a ${entry.type}; expected only files and folders.`);
    const path = relativePath(entry.path, kind);
    if (path !== "") takeEntry(entry, path, kind);
    entry.resume();
  };

  const takeEntry = (entry: ReadEntry, path: string, kind: EntryKind): void => {
    const wrongName = names.add(path, kind);
    if (wrongName !== undefined) throw offence(entry, wrongName);
    if (entry.size > limits.maxFileBytes) {
      throw offence(entry, `The file is larger than ${limits.maxFileBytes} bytes.`, LIMIT_REMEDY);
    }
    // Compiled code could stand for other code than the source beside it.
    if (path.split("/").includes("__pycache__")) return;
    if (kind === "folder") {
      writer.folder(path);
      return;
    }
    writer.begin(path);
    entry.on("data", writer.write);
    entry.on("end", writer.finish);
  };

  const parser = new Parser({ strict: true, maxMetaEntrySize: LONGEST_META_ENTRY });
  parser.on("entry", readEntry);
  parser.on("ignoredEntry", (entry: ReadEntry) => {
    throw offence(entry, `Found a ${entry.type}, or an extended header over ${LONGEST_META_ENTRY} bytes.`);
  });
  parser.on("meta", (text: string) => {
    count();
    metas.push(text);
  });
  parser.on("nullBlock", () => (zeroBlock = true));
  parser.on("eof", () => (ended = true));
  parser.on("error", (error: Error) => {
    throw refusal(where, "", `It is not a sound tar archive: ${shown(error.message)}.`, DAMAGED_REMEDY);
  });

  return {
    write: (chunk) => {
      const bytes = head === undefined ? chunk : Buffer.concat([head, chunk]);
      head = head === undefined || bytes.length >= 4 ? undefined : bytes;
      // Behind its end mark an archive has only padding, which the parser would keep in memory.
      if (head !== undefined || ended) return;
      // The parser would unpack these by itself, past our limits.
      if (entries === 0 && /^(1f8b|28b52ffd)/.test(bytes.toString("hex", 0, 4))) {
        throw refusal(
          where,
          "",
          "Expected a tar archive; what is inside is compressed (again).",
          REPACK_REMEDY,
        );
      }
      parser.write(bytes);
    },
    end: () => {
      if (!ended) parser.end();
      if (!ended) throw refusal(where, "", "It ends without the end mark of a tar archive.", DAMAGED_REMEDY);
    },
  };
}

/** The path without the leading `./` that many tools write; empty for the root folder itself. */
function relativePath(path: string, kind: EntryKind): string {
  const relative = path.replace(/^(\.\/)+/, "");
  if (kind === "file") return relative === "" ? path : relative;
  return relative === "." ? "" : relative.replace(/\/$/, "");
}

/**
 * Extended headers (pax, POSIX.1-2001) that the parser reads other than other tools do: a record it skips because it
 * cannot read it, a name it cuts at a NUL, and sparse files, whose bytes in the archive are not those of the file.
 */
function problemWithHeaders(entry: ReadEntry, metas: readonly string[]): string | undefined {
  const text = metas.join("");
  if (text.includes("\uFFFD")) return "Its extended header is not valid UTF-8.";
  if (metas.some((meta) => meta.replace(/\0+$/, "").includes("\0")))
    return "Its extended header has a NUL in it.";
  const global = entry.globalExtended;
  if (global?.path !== undefined || global?.size !== undefined) {
    return "A global header of the archive gives it a name or size.";
  }
  if (!(entry.extended instanceof Pax)) return undefined;
  if (text.includes("GNU.sparse.")) return "It is a sparse file.";
  const sound = text.replace(/\n$/, "").split("\n").every(isSoundRecord);
  return sound ? undefined : "Its extended header has a record that is not sound.";
}

/** `27 path=python_dict/main.py`: the length in bytes with the line break, and for a size only digits. */
function isSoundRecord(record: string): boolean {
  const [, length, value = ""] = /^([0-9]{1,5}) (.+)$/.exec(record) ?? [];
  if (Number(length) !== Buffer.byteLength(record) + 1) return false;
  return !value.startsWith("size=") || /^size=[0-9]{1,15}$/.test(value);
}
