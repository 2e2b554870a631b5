/** The bytes of a pickle, read one operand after the other. */
import { readUtf8 } from "../utf8.js";

/** The bytes are not a pickle of plain data. `message` names the kind of thing found, never a value. */
export class NotDataError extends Error {
  override readonly name = "NotDataError";
}

/** Its methods throw RangeError when there are not enough bytes. */
export class PickleInput {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  uint8(): number {
    return this.#view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.skip(8), false);
  }

  /** An integer of so many bytes: two's complement, little-endian. */
  long(length: number): bigint {
    const from = this.skip(length);
    if (length === 8) return this.#view.getBigInt64(from, true);
    let value = 0n;
    for (let at = this.#at - 1; at >= from; at -= 1) value = (value << 8n) | BigInt(this.#view.getUint8(at));
    return BigInt.asIntN(length * 8, value);
  }

  /** @throws NotDataError for half a surrogate pair, which a text of Python can hold and UTF-8 cannot */
  text(length: number): string {
    const from = this.skip(length);
    const text = readUtf8(this.#bytes, from, from + length);
    if (text === undefined) throw new NotDataError("a str that is not Unicode text");
    return text;
  }

  copy(length: number): Uint8Array {
    const from = this.skip(length);
    return new Uint8Array(this.#bytes.subarray(from, from + length));
  }

  /** Passes over so many bytes. @returns where they begin */
  skip(length: number): number {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError("truncated");
    return from;
  }
}
