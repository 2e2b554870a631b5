/** What the streams of one connection share when they send: the output, the connection's window, and turns. */
import type { FloodGuard } from "./flood-guard.js";
import { writeData, writeHeaders, writeReply } from "./frame-writer.js";
import { DEFAULT_WINDOW, MAX_FRAME_BYTES } from "./frames.js";
import type { ResponseHead, Trailers } from "./header-block.js";
import type { Output } from "./output.js";

/** A stream with bytes that its own window allows. */
export interface Sending {
  /**
   * Sends one frame of DATA.
   * @returns whether there is more that its own window allows
   */
  sendFrame(): boolean;
}

/** An update of the decoder's table to size 0 (RFC 7541, 6.3). */
const EMPTY_TABLE = Buffer.of(0x20);

export class Sender {
  readonly output: Output;
  /** What the peer takes on the whole connection, in bytes. */
  window = DEFAULT_WINDOW;
  /** Bytes that wait in streams. */
  queuedBytes = 0;
  /** Set when the next header block has to empty the peer's table. */
  mustEmptyTable = false;
  readonly #floods: FloodGuard;
  readonly #waiting = new Set<Sending>();

  constructor(output: Output, floods: FloodGuard) {
    this.output = output;
    this.#floods = floods;
  }

  /** Whether no stream can send DATA now. */
  get isStopped(): boolean {
    return this.window <= 0 || this.output.isFull;
  }

  sendHeaders(streamId: number, block: Buffer, endStream: boolean): void {
    this.#floods.replyFrames += 1;
    writeHeaders(
      this.output,
      streamId,
      this.mustEmptyTable ? Buffer.concat([EMPTY_TABLE, block]) : block,
      endStream,
    );
    this.mustEmptyTable = false;
  }

  /** The caller has checked the windows. */
  sendData(streamId: number, bytes: Uint8Array, from: number, to: number, endStream: boolean): void {
    this.#floods.replyFrames += 1;
    this.window -= to - from;
    writeData(this.output, streamId, bytes, from, to, endStream);
  }

  /** @returns whether the reply could be sent in one piece; if not, nothing was sent */
  trySendReply(
    streamId: number,
    streamWindow: number,
    head: ResponseHead,
    body: Uint8Array,
    trailers: Trailers | undefined,
  ): boolean {
    const longest = Math.max(head.block.length, body.length, trailers?.block.length ?? 0);
    const fits = longest <= MAX_FRAME_BYTES && body.length <= Math.min(streamWindow, this.window);
    if (!fits || this.mustEmptyTable || this.output.isFull) return false;
    this.#floods.replyFrames += trailers === undefined ? 2 : 3;
    this.window -= body.length;
    writeReply(this.output, streamId, head.block, body, trailers?.block);
    return true;
  }

  /** Gives a stream its turn as soon as DATA can be sent again. */
  wait(stream: Sending): void {
    this.#waiting.add(stream);
  }

  forget(stream: Sending, queuedBytes: number): void {
    this.queuedBytes -= queuedBytes;
    this.#waiting.delete(stream);
  }

  /** Lets the waiting streams send, one frame each and again, until nothing more can be sent. */
  pump(): void {
    // A stream that is added again while the set is walked comes to its end.
    for (const stream of this.#waiting) {
      if (this.isStopped) return;
      this.#waiting.delete(stream);
      if (stream.sendFrame()) this.#waiting.add(stream);
    }
  }
}
