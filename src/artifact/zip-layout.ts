/** Holds the local headers of a zip archive against its list of entries, and finds where the data of each entry is. */
import { refusal, shown } from "../problems.js";
import { REPACK_REMEDY } from "./unpack-remedies.js";
import { HAS_DESCRIPTOR, type ZipEntry } from "./zip-directory.js";
import {
  IN_ZIP64,
  LOCAL_BYTES,
  readExtraFields,
  readLocalHeader,
  resolveZip64,
  SIGNATURES,
  type EntryHeader,
} from "./zip-fields.js";

export interface LocatedEntry {
  readonly entry: ZipEntry;
  /** Of the first byte of its data. */
  readonly dataAt: number;
}

/** Reads the bytes of the archive from one place to another. */
export type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/**
 * The entries in the order of their data. They must follow one another without a gap, from the first byte of the
 * archive to its list of entries.
 * @param directoryAt where the list of entries begins
 * @throws Refusal at the first entry that overlaps another, leaves a gap or has two different headers
 */
export async function locateData(
  entries: readonly ZipEntry[],
  directoryAt: number,
  where: string,
  read: ReadBytes,
): Promise<LocatedEntry[]> {
  const located: LocatedEntry[] = [];
  const ordered = [...entries].sort((one, other) => one.offset - other.offset);
  let expected = 0;
  for (const [index, entry] of ordered.entries()) {
    const next = ordered[index + 1]?.offset ?? directoryAt;
    const offence = (message: string): Error => refusal(where, shown(entry.path), message, REPACK_REMEDY);
    if (entry.offset !== expected) throw offence("Other bytes are before it, or it overlaps another entry.");
    const dataAt = await readLocal(entry, next, read);
    if (dataAt === undefined) throw offence("Its header differs from the list of entries.");
    if (!(await endsAt(next, dataAt, entry, read))) {
      throw offence("Other bytes are behind it, or it overlaps another entry.");
    }
    located.push({ entry, dataAt });
    expected = next;
  }
  if (expected !== directoryAt) {
    throw refusal(where, "", "Other bytes are before its list of entries.", REPACK_REMEDY);
  }
  return located;
}

/** Where the data begins; undefined when the local header is not that of this entry. */
async function readLocal(entry: ZipEntry, next: number, read: ReadBytes): Promise<number | undefined> {
  const nameAt = entry.offset + LOCAL_BYTES;
  if (nameAt + entry.name.length > next) return undefined;
  const head = await read(entry.offset, nameAt + entry.name.length);
  if (head.readUInt32LE(0) !== SIGNATURES.local) return undefined;
  const header = readLocalHeader(head);
  const extraAt = nameAt + header.nameBytes;
  const dataAt = extraAt + header.extraBytes;
  const sameName = header.nameBytes === entry.name.length && head.subarray(LOCAL_BYTES).equals(entry.name);
  if (!sameName || dataAt > next) return undefined;
  if (header.flags !== entry.flags || header.method !== entry.method) return undefined;
  const extra = readExtraFields(await read(extraAt, dataAt));
  if (extra?.unicodePath !== undefined && !extra.unicodePath.equals(entry.name)) return undefined;
  return extra !== undefined && hasNumbersOf(entry, header, extra.zip64) ? dataAt : undefined;
}

/** Check sum and sizes are those of the list; where a descriptor follows the data, they may be 0 here. */
function hasNumbersOf(entry: ZipEntry, header: EntryHeader, zip64: readonly number[]): boolean {
  const isLater = (entry.flags & HAS_DESCRIPTOR) !== 0;
  const sizes = resolveZip64([header.uncompressed, header.compressed], zip64);
  // Tools that stream mark both sizes so and leave the numbers to the descriptor.
  if (sizes === undefined)
    return isLater && header.uncompressed === IN_ZIP64 && header.compressed === IN_ZIP64;
  const fits = (found: number | undefined, listed: number): boolean =>
    found === listed || (isLater && found === 0);
  return (
    fits(header.crc, entry.crc) && fits(sizes[0], entry.uncompressed) && fits(sizes[1], entry.compressed)
  );
}

/** True when the data, with the descriptor behind it if there is one, ends where the next thing begins. */
async function endsAt(next: number, dataAt: number, entry: ZipEntry, read: ReadBytes): Promise<boolean> {
  const end = dataAt + entry.compressed;
  if ((entry.flags & HAS_DESCRIPTOR) === 0) return end === next;
  const length = next - end;
  // With or without a signature, sizes of 32 or 64 bits (APPNOTE 4.3.9).
  if (length !== 12 && length !== 16 && length !== 20 && length !== 24) return false;
  const bytes = await read(end, next);
  const signed = length % 8 === 0;
  if (signed && bytes.readUInt32LE(0) !== SIGNATURES.descriptor) return false;
  const [crcAt, long] = [signed ? 4 : 0, length >= 20];
  const size = (index: number): number =>
    long ? Number(bytes.readBigUInt64LE(crcAt + 4 + 8 * index)) : bytes.readUInt32LE(crcAt + 4 + 4 * index);
  return (
    bytes.readUInt32LE(crcAt) === entry.crc && size(0) === entry.compressed && size(1) === entry.uncompressed
  );
}
