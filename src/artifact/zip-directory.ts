/** The list of entries at the end of a zip archive, and what of it an artifact may have. */
import { refusal, shown } from "../problems.js";
import { LIMIT_REMEDY, RATIO_FREE_BYTES, type ArtifactLimits } from "./artifact-limits.js";
import { entryNames, type EntryKind } from "./entry-names.js";
import { REPACK_REMEDY } from "./unpack-remedies.js";
import {
  CENTRAL_BYTES,
  readCentralHeader,
  readExtraFields,
  resolveZip64,
  SIGNATURES,
  type CentralHeader,
  type ExtraFields,
} from "./zip-fields.js";

export interface ZipEntry {
  /** Relative, as `entryNames()` has taken it; a folder without its `/`. */
  readonly path: string;
  readonly kind: EntryKind;
  /** The name as the archive has it, for comparison with the local header. */
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly compressed: number;
  /** Bytes of the file. */
  readonly uncompressed: number;
  /** Of the local header. */
  readonly offset: number;
}

export const STORED = 0;
export const DEFLATED = 8;
/** Check sum and sizes follow the data instead of standing in the local header. */
export const HAS_DESCRIPTOR = 0x0008;
const UTF8_NAME = 0x0800;
/** Besides these two only how hard the deflate compressor tried. */
const HARMLESS_FLAGS = 0x0006 | HAS_DESCRIPTOR | UTF8_NAME;
const ENCRYPTED_FLAGS = 0x2041;

const DOS_FOLDER = 0x10;
/** `S_IFMT` and its values (POSIX), which the upper half of the attributes holds. */
const TYPE_MASK = 0o170000;
const UNIX_TYPES: ReadonlyMap<number, EntryKind> = new Map([
  [0o100000, "file"],
  [0o040000, "folder"],
]);
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [0o120000, "symbolic link"],
  [0o020000, "character device"],
  [0o060000, "block device"],
  [0o010000, "pipe"],
  [0o140000, "socket"],
]);

/**
 * Every entry, in the order of the list.
 * @param bytes the central headers, nothing before or after them
 * @param claimed how many the end record says there are
 * @param size of the whole archive in bytes
 * @throws Refusal at the first thing that is wrong
 */
export function readZipDirectory(
  bytes: Buffer,
  claimed: number,
  size: number,
  where: string,
  limits: ArtifactLimits,
): ZipEntry[] {
  const names = entryNames();
  const entries: ZipEntry[] = [];
  let at = 0;
  let total = 0;
  while (at < bytes.length) {
    if (at + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== SIGNATURES.central) {
      throw refusal(where, "", "Its list of entries is not sound.", REPACK_REMEDY);
    }
    if (entries.length >= limits.maxEntries) {
      throw refusal(where, "", `It has more than ${limits.maxEntries} entries.`, LIMIT_REMEDY);
    }
    const header = readCentralHeader(bytes.subarray(at));
    const nameAt = at + CENTRAL_BYTES;
    const extraAt = nameAt + header.nameBytes;
    const end = extraAt + header.extraBytes + header.commentBytes;
    const name = bytes.subarray(nameAt, extraAt);
    const offence = (message: string, remedy = REPACK_REMEDY): Error =>
      refusal(where, shown(name.toString()), message, remedy);
    if (end > bytes.length) throw offence("Its entry in the list is cut off.");
    const entry = readEntry(
      header,
      name,
      readExtraFields(bytes.subarray(extraAt, extraAt + header.extraBytes)),
    );
    if (typeof entry === "string") throw offence(entry);
    const wrongName = names.add(entry.path, entry.kind);
    if (wrongName !== undefined) throw offence(wrongName);
    if (entry.uncompressed > limits.maxFileBytes) {
      throw offence(`The file is larger than ${limits.maxFileBytes} bytes.`, LIMIT_REMEDY);
    }
    total += entry.uncompressed;
    entries.push(entry);
    at = end;
  }
  if (entries.length !== claimed) {
    throw refusal(where, "", "Its end record gives another number of entries.", REPACK_REMEDY);
  }
  if (total > limits.maxTotalBytes) {
    throw refusal(where, "", `It unpacks to more than ${limits.maxTotalBytes} bytes.`, LIMIT_REMEDY);
  }
  if (total > RATIO_FREE_BYTES && total > size * limits.maxRatio) {
    throw refusal(where, "", `It unpacks to more than ${limits.maxRatio} times its size.`, LIMIT_REMEDY);
  }
  return entries;
}

/** The entry, or in one sentence why an artifact cannot have it. */
function readEntry(header: CentralHeader, name: Buffer, extra: ExtraFields | undefined): ZipEntry | string {
  const { flags, method, crc } = header;
  if ((flags & ENCRYPTED_FLAGS) !== 0) return "It is encrypted.";
  if ((flags & ~HARMLESS_FLAGS) !== 0) return "It has a feature of zip that artifacts do not need.";
  if (method !== STORED && method !== DEFLATED) {
    return `It is compressed by method ${method}; expected 0 (stored) or 8 (deflate).`;
  }
  if (header.disk !== 0) return "It begins in another part of the archive.";
  if (extra === undefined) return "Its extra field is not sound.";
  const numbers = resolveZip64([header.uncompressed, header.compressed, header.offset], extra.zip64);
  const [uncompressed, compressed, offset] = numbers ?? [];
  if (uncompressed === undefined || compressed === undefined || offset === undefined) {
    return "Its zip64 field lacks a number.";
  }
  if (method === STORED && compressed !== uncompressed) return "It is stored with two different sizes.";
  const path = decodeName(name);
  if (path === undefined) return "The name is not valid UTF-8.";
  // Without the mark only ASCII means the same to every tool.
  if ((flags & UTF8_NAME) === 0 && name.some((byte) => byte >= 0x80)) {
    return "The name is not ASCII, and the archive does not mark it as UTF-8.";
  }
  if (extra.unicodePath !== undefined && !extra.unicodePath.equals(name)) {
    return "It has a second name that differs from the first.";
  }
  const kind = path.endsWith("/") ? "folder" : "file";
  const wrongKind = problemWithKind(header.attributes, kind);
  if (wrongKind !== undefined) return wrongKind;
  if (kind === "folder" && uncompressed > 0) return "It is a folder with content.";
  return {
    path: kind === "folder" ? path.slice(0, -1) : path,
    kind,
    name,
    flags,
    method,
    crc,
    compressed,
    uncompressed,
    offset,
  };
}

function decodeName(name: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return undefined;
  }
}

/** Tools differ in which mark they believe, so the name, the DOS attributes and the Unix mode must agree. */
function problemWithKind(attributes: number, kind: EntryKind): string | undefined {
  const type = (attributes >>> 16) & TYPE_MASK;
  const unixKind = UNIX_TYPES.get(type);
  if (type !== 0 && unixKind === undefined) {
    const found = OTHER_TYPES.get(type) ?? "thing of an unknown type";
    return `Found a ${found}; expected only files and folders.`;
  }
  const isFolder = kind === "folder";
  if (unixKind !== undefined && unixKind !== kind) return "It is said to be a file and a folder.";
  return (attributes & DOS_FOLDER) !== 0 && !isFolder ? "It is said to be a file and a folder." : undefined;
}
