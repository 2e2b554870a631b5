/**
 * Reads the protobuf wire format (protobuf.dev, "Encoding") out of one buffer, message by message without copies. It
 * takes and refuses what `BinaryReader` of protobuf-es does; integers, which that one reads as text, cost it nothing.
 */
import { readUtf8 } from "../utf8.js";

export const WIRE = {
  varint: 0,
  bit64: 1,
  lengthDelimited: 2,
  startGroup: 3,
  endGroup: 4,
  bit32: 5,
} as const;

/** The bytes are no protobuf message. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

/** Where in the buffer a value stands: from the first byte to before the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How deep unknown groups may nest; the limit that protobuf implementations agree on. */
const MAX_DEPTH = 100;

const integer = new DataView(new ArrayBuffer(8));

export class WireReader {
  readonly bytes: Buffer;
  /** The next byte to be read, never after `#end` when a method has returned. */
  at = 0;
  #end: number;
  readonly #view: DataView;
  /** The two halves of the varint that was read last. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** Goes to a place and holds its end to be the end of the bytes. */
  turnTo({ from, to }: Span): void {
    this.at = from;
    this.#end = to;
  }

  /** The next tag, `field number << 3 | wire type`. @throws MalformedError for one that no field can have */
  tag(): number {
    const start = this.at;
    const tag = this.#uint32();
    if (this.at - start > 5 || (this.at - start === 5 && this.#high !== 0)) throw new MalformedError();
    if (tag < 8 || (tag & 7) > WIRE.bit32) throw new MalformedError();
    return tag;
  }

  bool(): boolean {
    return this.#uint32() !== 0 || this.#high !== 0;
  }

  int64(): bigint {
    this.#varint();
    integer.setInt32(0, this.#low, true);
    integer.setInt32(4, this.#high, true);
    return integer.getBigInt64(0, true);
  }

  /** An `int64` as the nearest number: exact as far as 53 bits go, and never nearer to zero than those beyond. */
  int64AsNumber(): number {
    this.#varint();
    return this.#high * 0x1_0000_0000 + (this.#low >>> 0);
  }

  double(): number {
    const start = this.at;
    this.#advance(8);
    return this.#view.getFloat64(start, true);
  }

  /** A string, or `undefined` when it is not UTF-8; the reader then stands behind it all the same. */
  text(): string | undefined {
    const { from, to } = this.span();
    return readUtf8(this.bytes, from, to);
  }

  /** Where the content of a length-delimited field stands; the reader is behind it afterwards. */
  span(): Span {
    const length = this.#uint32();
    const from = this.at;
    this.#advance(length);
    return { from, to: this.at };
  }

  /** Passes over a whole message. @throws MalformedError when its last field does not end where it ends */
  skipMessage(span: Span): void {
    this.turnTo(span);
    while (this.at < span.to) this.skip(this.tag());
  }

  /** Passes over the field whose tag was read. */
  skip(tag: number, depth = MAX_DEPTH): void {
    switch (tag & 7) {
      case WIRE.varint:
        // Of any length: nothing of it is kept.
        while (this.at < this.#end && (this.bytes[this.at] ?? 0) >= 0x80) this.at += 1;
        this.#advance(1);
        break;
      case WIRE.bit64:
        this.#advance(8);
        break;
      case WIRE.lengthDelimited:
        this.#advance(this.#uint32());
        break;
      case WIRE.startGroup:
        this.#skipGroup(tag, depth);
        break;
      case WIRE.bit32:
        this.#advance(4);
        break;
      default:
        throw new MalformedError();
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth <= 0) throw new MalformedError();
    let tag = this.tag();
    for (; (tag & 7) !== WIRE.endGroup; tag = this.tag()) this.skip(tag, depth - 1);
    if (tag >>> 3 !== start >>> 3) throw new MalformedError();
  }

  #advance(length: number): void {
    this.at += length;
    if (this.at > this.#end) throw new MalformedError();
  }

  /** A varint of which the lower 32 bits count; the others are in `#high`. */
  #uint32(): number {
    const byte = this.bytes[this.at] ?? 0x80;
    if (byte >= 0x80) this.#varint();
    else {
      this.#advance(1);
      this.#low = byte;
      this.#high = 0;
    }
    return this.#low >>> 0;
  }

  /** Reads up to ten bytes of seven bits each, the lowest first. */
  #varint(): void {
    const { bytes } = this;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      // Behind the end there are zeros, which end the varint; where it ended is then looked at.
      const byte = bytes[this.at++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high = bits >> 4;
      else if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) {
        if (this.at > this.#end) throw new MalformedError();
        this.#low = low;
        this.#high = high;
        return;
      }
    }
    throw new MalformedError();
  }
}
