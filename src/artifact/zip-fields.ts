/** The records of a zip archive (PKWARE APPNOTE 6.3.10, section 4.3), as bytes to fields; nothing is judged here. */

export const SIGNATURES = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const END64_BYTES = 56;
export const LOCATOR64_BYTES = 20;

/** Stands in 32 bits for a number that is in the zip64 extra field. */
export const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 0x0001;
/** Info-ZIP's second name of an entry. */
const UNICODE_PATH_FIELD = 0x7075;

/** What a local and a central header both have. */
export interface EntryHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly uncompressed: number;
  readonly nameBytes: number;
  readonly extraBytes: number;
}

export interface CentralHeader extends EntryHeader {
  readonly commentBytes: number;
  readonly disk: number;
  readonly attributes: number;
  readonly offset: number;
}

/** @param bytes from the signature on, at least `LOCAL_BYTES` */
export function readLocalHeader(bytes: Buffer): EntryHeader {
  return readHeader(bytes, 6);
}

/** @param bytes from the signature on, at least `CENTRAL_BYTES` */
export function readCentralHeader(bytes: Buffer): CentralHeader {
  return {
    ...readHeader(bytes, 8),
    commentBytes: bytes.readUInt16LE(32),
    disk: bytes.readUInt16LE(34),
    attributes: bytes.readUInt32LE(38),
    offset: bytes.readUInt32LE(42),
  };
}

function readHeader(bytes: Buffer, at: number): EntryHeader {
  return {
    flags: bytes.readUInt16LE(at),
    method: bytes.readUInt16LE(at + 2),
    crc: bytes.readUInt32LE(at + 8),
    compressed: bytes.readUInt32LE(at + 12),
    uncompressed: bytes.readUInt32LE(at + 16),
    nameBytes: bytes.readUInt16LE(at + 20),
    extraBytes: bytes.readUInt16LE(at + 22),
  };
}

export interface ExtraFields {
  /** The 64-bit numbers, in the order of the headers' fields that point to them. */
  readonly zip64: readonly number[];
  /** The name by Info-ZIP's field, without its version and check sum. */
  readonly unicodePath: Buffer | undefined;
}

/** The extra fields of an entry, or undefined when they are not sound: overrun, twice there, or beyond 2^53. */
export function readExtraFields(bytes: Buffer): ExtraFields | undefined {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    const end = at + 4 + length;
    if (end > bytes.length || fields.has(id)) return undefined;
    fields.set(id, bytes.subarray(at + 4, end));
    at = end;
  }
  const zip64 = readNumbers(fields.get(ZIP64_FIELD) ?? Buffer.alloc(0));
  return zip64 === undefined
    ? undefined
    : { zip64, unicodePath: fields.get(UNICODE_PATH_FIELD)?.subarray(5) };
}

/** The 64-bit numbers at the beginning; what is shorter than one behind them is a disk number. */
function readNumbers(bytes: Buffer): number[] | undefined {
  const numbers: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const value = Number(bytes.readBigUInt64LE(at));
    if (!Number.isSafeInteger(value)) return undefined;
    numbers.push(value);
  }
  return numbers;
}

/** `values` with each that is `IN_ZIP64` replaced by the next of `zip64`; undefined when one is missing. */
export function resolveZip64(values: readonly number[], zip64: readonly number[]): number[] | undefined {
  let next = 0;
  const resolved = values.map((value) => (value === IN_ZIP64 ? zip64[next++] : value));
  const sound = resolved.filter((value) => value !== undefined);
  return sound.length === values.length ? sound : undefined;
}
