/** The files of an artifact and the one digest over all of them. */
import { createHash } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { LIMIT_REMEDY, type ArtifactLimits } from "./artifact-limits.js";
import { entryNames } from "./entry-names.js";
import { problemList, refusal, shown } from "../problems.js";

export interface ArtifactFile {
  /** Relative to the root, with `/` between the parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

const RENAME = "Rename or remove it and export the artifact again.";

/**
 * Every file below `root`, sorted by the bytes of its path. `__pycache__` folders are left out: Python writes them
 * while it runs, and the host never reads them.
 * @throws Refusal naming every link, device, unreadable or badly named file, or the limit that was passed
 */
export async function listFiles(root: string, limits: ArtifactLimits): Promise<ArtifactFile[]> {
  const paths = await findFiles(root, limits);
  const problems = problemList("artifact");
  const files: ArtifactFile[] = [];
  let total = 0;
  for (const path of paths) {
    const allowed = Math.min(limits.maxFileBytes, limits.maxTotalBytes - total);
    const file = await hashFile(root, path, allowed).catch((error: unknown) => {
      problems.add(
        shown(path),
        `The file cannot be read (${errorCode(error)}).`,
        "Let the gateway's user read it.",
      );
      return undefined;
    });
    if (file === "too large") {
      const most = `${limits.maxFileBytes} bytes, or the artifact larger than ${limits.maxTotalBytes}`;
      throw refusal("artifact", shown(path), `The file is larger than ${most}.`, LIMIT_REMEDY);
    }
    if (file === undefined) continue;
    total += file.size;
    files.push(file);
  }
  problems.refuse();
  return files;
}

/** `sha256:<hex>` over one line per file, `<sha256>  <path>`, as `sha256sum` prints it; the files are sorted. */
export function digestFiles(files: readonly ArtifactFile[]): string {
  // An examiner recomputes this inside the root with nothing of ours:
  //   find . -type f ! -path '*/__pycache__/*' -printf '%P\n' | LC_ALL=C sort |
  //     xargs -d '\n' sha256sum | sha256sum
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.sha256}  ${file.path}\n`);
  return `sha256:${hash.digest("hex")}`;
}

/** What a folder holds. @throws Refusal when it cannot be read */
export async function listFolder(path: string, where: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    const message = `A folder in it cannot be read (${errorCode(error)}).`;
    throw refusal(where, "", message, "Let the gateway's user read it.");
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

async function findFiles(root: string, limits: ArtifactLimits): Promise<string[]> {
  const problems = problemList("artifact");
  const names = entryNames();
  const files: string[] = [];
  const folders = [""];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await listFolder(join(root, folder), "artifact")) {
      if (entry.isDirectory() && entry.name === "__pycache__") continue;
      entries += 1;
      if (entries > limits.maxEntries) {
        throw refusal("artifact", "", `It has more than ${limits.maxEntries} entries.`, LIMIT_REMEDY);
      }
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const wrong = problemWithEntry(entry) ?? names.add(path, entry.isFile() ? "file" : "folder");
      if (wrong !== undefined) problems.add(shown(path), wrong, RENAME);
      else if (entry.isFile()) files.push(path);
      else folders.push(path);
    }
  }
  problems.refuse();
  return files.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

function problemWithEntry(entry: Dirent): string | undefined {
  if (entry.isFile() || entry.isDirectory()) return undefined;
  if (entry.isSymbolicLink()) return "It is a symbolic link; expected plain files and folders.";
  return "It is a device, pipe or socket; expected plain files and folders.";
}

/** Hashes as it reads, and stops at `mostBytes`, however large the file says it is. */
async function hashFile(root: string, path: string, mostBytes: number): Promise<ArtifactFile | "too large"> {
  const handle = await open(
    join(root, path),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  const hash = createHash("sha256");
  let size = 0;
  // Leaving the loop destroys the stream, which closes the handle.
  for await (const chunk of handle.createReadStream() as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return "too large";
    hash.update(chunk);
  }
  return { path, size, sha256: hash.digest("hex") };
}
