/** Cuts the bytes of a connection into frames, in place where a frame lies whole in what was received. */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import { FRAME_HEAD_BYTES, MAX_FRAME_BYTES, PREFACE, type Frame } from "./frames.js";

const NOTHING = Buffer.alloc(0);

export class FrameReader {
  readonly #onFrame: (frame: Frame) => boolean;
  readonly #frame: Frame = { type: 0, flags: 0, streamId: 0, bytes: NOTHING, start: 0, end: 0 };
  /** Bytes of the preface that have been seen. */
  #greeted = 0;
  /** A frame that began in an earlier chunk: its head, then head and payload. */
  #partial: Buffer = NOTHING;
  #have = 0;

  /** @param onFrame gets each frame, for the time of the call; it returns whether to go on */
  constructor(onFrame: (frame: Frame) => boolean) {
    this.#onFrame = onFrame;
  }

  /** Whether the connection preface has arrived whole. */
  get greeted(): boolean {
    return this.#greeted === PREFACE.length;
  }

  /** @throws ConnectionError for a wrong preface, for a frame that is too long, and what `onFrame` throws */
  read(chunk: Buffer): void {
    let at = this.greeted ? 0 : this.#greet(chunk);
    if (this.#have > 0) {
      at = this.#complete(chunk, at);
      if (at < 0) return;
    }
    while (chunk.length - at >= FRAME_HEAD_BYTES) {
      const end = at + FRAME_HEAD_BYTES + payloadLength(chunk, at);
      if (end > chunk.length) break;
      if (!this.#take(chunk, at, end)) return;
      at = end;
    }
    if (at < chunk.length) this.#keep(chunk, at);
  }

  #greet(chunk: Buffer): number {
    const length = Math.min(chunk.length, PREFACE.length - this.#greeted);
    if (chunk.compare(PREFACE, this.#greeted, this.#greeted + length, 0, length) !== 0) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "the connection preface is wrong");
    }
    this.#greeted += length;
    return length;
  }

  /** Starts a copy of what is there of a frame: a small rest must not keep a large chunk in memory. */
  #keep(chunk: Buffer, at: number): void {
    const length = chunk.length - at;
    this.#partial = Buffer.allocUnsafe(
      FRAME_HEAD_BYTES + (length >= FRAME_HEAD_BYTES ? payloadLength(chunk, at) : 0),
    );
    this.#have = chunk.copy(this.#partial, 0, at);
  }

  /** @returns where to go on in the chunk, or -1 when there is nothing more to do */
  #complete(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#have < FRAME_HEAD_BYTES) {
      at += this.#fill(chunk, at, FRAME_HEAD_BYTES);
      if (this.#have < FRAME_HEAD_BYTES) return -1;
      const whole = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payloadLength(this.#partial, 0));
      this.#partial.copy(whole);
      this.#partial = whole;
    }
    const frame = this.#partial;
    at += this.#fill(chunk, at, frame.length);
    if (this.#have < frame.length) return -1;
    this.#partial = NOTHING;
    this.#have = 0;
    return this.#take(frame, 0, frame.length) ? at : -1;
  }

  /** @returns how many bytes it took */
  #fill(chunk: Buffer, at: number, upTo: number): number {
    const length = Math.min(upTo - this.#have, chunk.length - at);
    chunk.copy(this.#partial, this.#have, at, at + length);
    this.#have += length;
    return length;
  }

  #take(bytes: Buffer, at: number, end: number): boolean {
    const frame = this.#frame;
    frame.type = bytes.readUInt8(at + 3);
    frame.flags = bytes.readUInt8(at + 4);
    frame.streamId = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
    frame.bytes = bytes;
    frame.start = at + FRAME_HEAD_BYTES;
    frame.end = end;
    const goesOn = this.#onFrame(frame);
    frame.bytes = NOTHING;
    return goesOn;
  }
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at) >>> 8;
  if (length > MAX_FRAME_BYTES) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "a frame is too long");
  return length;
}
