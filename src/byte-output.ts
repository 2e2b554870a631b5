/** A growing buffer that encoders write into, one after the other, and that hands out a copy of what was written. */

/** Up to this many characters, a loop is faster than a call into Node for writing ASCII. */
const SHORT_TEXT = 40;

/** A buffer that grew beyond this many bytes for one large message is not kept for the small ones after it. */
const KEPT_BYTES = 256 * 1024;
const FIRST_BYTES = 4096;

export class ByteOutput {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #length = 0;

  /** Bytes written so far: where the next one will stand. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written, also by an encoder that gave up half-way, and leaves `headRoom` bytes of any content. */
  restart(headRoom = 0): void {
    this.#length = 0;
    this.#reserve(headRoom);
    this.#length = headRoom;
  }

  /** What was written, as a copy that no later writing changes; a small one is a part of Node's shared pool of buffers. */
  finish(): Buffer {
    const copy = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    if (this.#bytes.length > KEPT_BYTES) this.#resize(FIRST_BYTES, 0);
    this.#length = 0;
    return copy;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  twoBytes(first: number, second: number): void {
    this.#reserve(2);
    this.#bytes[this.#length++] = first;
    this.#bytes[this.#length++] = second;
  }

  uint16LE(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  /** A signed or unsigned 32-bit integer. */
  int32LE(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  int64LE(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, value, true);
    this.#length += 8;
  }

  double(value: number, littleEndian: boolean): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, littleEndian);
    this.#length += 8;
  }

  /** Each character as one byte: for constants of ours, which are ASCII. */
  ascii(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, "latin1");
  }

  /**
   * Text as UTF-8, without a length.
   * @returns the bytes written
   * @throws TypeError for half a surrogate pair, which UTF-8 cannot carry
   */
  utf8(text: string): number {
    if (text.length <= SHORT_TEXT) {
      this.#reserve(SHORT_TEXT);
      if (this.#writeAscii(text)) return text.length;
    }
    if (!text.isWellFormed()) throw new TypeError("text with a lone surrogate");
    this.#reserve(Buffer.byteLength(text));
    const bytes = this.#bytes.write(text, this.#length);
    this.#length += bytes;
    return bytes;
  }

  /** Overwrites one byte that was written before. */
  patch(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  /** Writes a text for which there is room, if it is ASCII. */
  #writeAscii(text: string): boolean {
    const bytes = this.#bytes;
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[start + index] = code;
    }
    this.#length = start + text.length;
    return true;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed > this.#bytes.length) this.#resize(Math.max(this.#bytes.length * 2, needed), this.#length);
  }

  #resize(size: number, kept: number): void {
    const bytes = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(bytes, 0, 0, kept);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
