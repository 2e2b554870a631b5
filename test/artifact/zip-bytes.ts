/** Zip archives made byte by byte, so that a test can make those which no tool would write (APPNOTE 6.3.10). */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipPart {
  readonly name: string | Buffer;
  readonly body?: string | Buffer;
  readonly stored?: boolean;
  /** Upper half of the attributes: `0o100644` for a file. */
  readonly mode?: number;
  readonly dosAttributes?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly extra?: Buffer;
  readonly localExtra?: Buffer;
  /** Writes check sum and sizes behind the data: with 32 or 64 bits, with or without a signature. */
  readonly descriptor?: 12 | 16 | 20 | 24;
  /** What the headers claim when it is not the truth; `local` for the local header only. */
  readonly claim?: Partial<Record<"crc" | "compressed" | "uncompressed" | "offset", number>>;
  readonly local?: Partial<Record<"crc" | "compressed" | "uncompressed" | "flags" | "method", number>>;
  readonly localName?: string;
  /** Bytes before the local header that belong to nothing. */
  readonly gap?: Buffer;
  /** Bytes behind the compressed data that count as compressed. */
  readonly padding?: Buffer;
}

export interface ZipOptions {
  readonly comment?: Buffer;
  readonly entries?: number;
  readonly directoryOffset?: number;
  readonly zip64?: boolean;
  readonly beforeDirectory?: Buffer;
  readonly trailing?: Buffer;
}

/** A whole archive. */
export function zipOf(parts: readonly ZipPart[], options: ZipOptions = {}): Buffer {
  const written: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  const write = (bytes: Buffer): void => {
    written.push(bytes);
    at += bytes.length;
  };
  for (const part of parts) {
    write(part.gap ?? Buffer.alloc(0));
    central.push(centralHeader(part, at));
    write(localPart(part));
  }
  write(options.beforeDirectory ?? Buffer.alloc(0));
  const directory = Buffer.concat(central);
  const offset = options.directoryOffset ?? at;
  const count = options.entries ?? parts.length;
  const ends = options.zip64 === true ? [zip64End(count, directory.length, offset)] : [];
  const comment = options.comment ?? Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.zip64 === true ? 0xffff : count, 8);
  end.writeUInt16LE(options.zip64 === true ? 0xffff : count, 10);
  end.writeUInt32LE(options.zip64 === true ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(options.zip64 === true ? 0xffffffff : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...written, directory, ...ends, end, comment, options.trailing ?? Buffer.alloc(0)]);
}

/** A zip64 extra field with these numbers. */
export function zip64Extra(...numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  return field;
}

interface Facts {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly data: Buffer;
  readonly uncompressed: number;
}

function factsOf(part: ZipPart): Facts {
  const body = Buffer.from(part.body ?? "");
  const isStored = part.stored ?? false;
  const isAscii = Buffer.from(part.name).every((byte) => byte < 0x80);
  return {
    flags: part.flags ?? (isAscii ? 0 : 0x800) | (part.descriptor === undefined ? 0 : 8),
    method: part.method ?? (isStored ? 0 : 8),
    crc: part.claim?.crc ?? crc32(body),
    data: Buffer.concat([isStored ? body : deflateRawSync(body), part.padding ?? Buffer.alloc(0)]),
    uncompressed: part.claim?.uncompressed ?? body.length,
  };
}

function localPart(part: ZipPart): Buffer {
  const { flags, method, crc, data, uncompressed } = factsOf(part);
  const name = Buffer.from(part.localName ?? part.name);
  const extra = part.localExtra ?? Buffer.alloc(0);
  const isLater = part.descriptor !== undefined;
  const compressed = part.claim?.compressed ?? data.length;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(part.local?.flags ?? flags, 6);
  header.writeUInt16LE(part.local?.method ?? method, 8);
  header.writeUInt32LE(part.local?.crc ?? (isLater ? 0 : crc), 14);
  header.writeUInt32LE(part.local?.compressed ?? (isLater ? 0 : compressed), 18);
  header.writeUInt32LE(part.local?.uncompressed ?? (isLater ? 0 : uncompressed), 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra, data, descriptor(part, crc, compressed, uncompressed)]);
}

function descriptor(part: ZipPart, crc: number, compressed: number, uncompressed: number): Buffer {
  const length = part.descriptor ?? 0;
  const bytes = Buffer.alloc(length);
  if (length === 0) return bytes;
  const at = length % 8 === 0 ? 4 : 0;
  if (at > 0) bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, at);
  if (length >= 20) {
    bytes.writeBigUInt64LE(BigInt(compressed), at + 4);
    bytes.writeBigUInt64LE(BigInt(uncompressed), at + 12);
  } else {
    bytes.writeUInt32LE(compressed, at + 4);
    bytes.writeUInt32LE(uncompressed, at + 8);
  }
  return bytes;
}

function centralHeader(part: ZipPart, offset: number): Buffer {
  const { flags, method, crc, data, uncompressed } = factsOf(part);
  const name = Buffer.from(part.name);
  const extra = part.extra ?? Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(0x0314, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(part.claim?.compressed ?? data.length, 20);
  header.writeUInt32LE(uncompressed, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE((((part.mode ?? 0) << 16) | (part.dosAttributes ?? 0)) >>> 0, 38);
  header.writeUInt32LE(part.claim?.offset ?? offset, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64End(entries: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + bytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
