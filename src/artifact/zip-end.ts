/** The end of a zip archive: where its list of entries is and how many there are. */
import { END64_BYTES, END_BYTES, LOCATOR64_BYTES, SIGNATURES } from "./zip-fields.js";

export interface ZipEnd {
  /** Of the first central header. */
  readonly offset: number;
  /** Of all central headers together; they end where the end records begin. */
  readonly bytes: number;
  readonly entries: number;
}

const LONGEST_COMMENT = 0xffff;
/** How much of the end of the file is looked at. */
export const TAIL_BYTES = END_BYTES + LONGEST_COMMENT + LOCATOR64_BYTES + END64_BYTES;

/**
 * Reads the end records. The last of them has to end with the file, and only one may: a comment that looks like an
 * end record would make two archives of one file.
 * @param tail the last bytes of the file, `TAIL_BYTES` or all of them
 * @param size of the file in bytes
 * @returns what is wrong in one sentence, if anything
 */
export function readZipEnd(tail: Buffer, size: number): ZipEnd | string {
  const ends: number[] = [];
  for (
    let at = tail.length - END_BYTES;
    at >= Math.max(0, tail.length - END_BYTES - LONGEST_COMMENT);
    at -= 1
  ) {
    if (tail.readUInt32LE(at) !== SIGNATURES.end) continue;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) ends.push(at);
  }
  const [end, other] = ends;
  if (end === undefined) return "It does not end with the end record of a zip archive.";
  if (other !== undefined) return "It has two end records.";
  const here = {
    disks: [tail.readUInt16LE(end + 4), tail.readUInt16LE(end + 6)],
    entries: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  };
  if (tail.readUInt16LE(end + 8) !== here.entries) return "It is one part of several.";
  const locator = end - LOCATOR64_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== SIGNATURES.locator64) {
    if (here.disks.some((disk) => disk !== 0)) return "It is one part of several.";
    return check(here, size - tail.length + end);
  }
  return readZip64End(tail, locator, size, here);
}

interface Counts {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}

/** The record of large archives stands right before its locator and agrees with the short one, where that is filled. */
function readZip64End(tail: Buffer, locator: number, size: number, short: Counts): ZipEnd | string {
  const at = locator - END64_BYTES;
  const place = size - tail.length + at;
  const unsound = "Its zip64 end record is not sound.";
  if (at < 0 || tail.readUInt32LE(at) !== SIGNATURES.end64) return unsound;
  const number = (offset: number): number => Number(tail.readBigUInt64LE(at + offset));
  if (Number(tail.readBigUInt64LE(locator + 8)) !== place || number(4) !== END64_BYTES - 12) return unsound;
  const disks = [tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 20), tail.readUInt32LE(locator + 4)];
  if (disks.some((disk) => disk !== 0) || number(24) !== number(32)) return "It is one part of several.";
  const long: Counts = { entries: number(32), bytes: number(40), offset: number(48) };
  const agrees =
    (short.entries === 0xffff || short.entries === long.entries) &&
    (short.bytes === 0xffffffff || short.bytes === long.bytes) &&
    (short.offset === 0xffffffff || short.offset === long.offset);
  return agrees ? check(long, place) : "Its two end records disagree.";
}

/** @param end place in the file at which the list of entries has to end */
function check(counts: Counts, end: number): ZipEnd | string {
  return counts.offset + counts.bytes === end
    ? counts
    : "Its list of entries is not where its end record says.";
}
