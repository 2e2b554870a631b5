/** Cuts the bytes of a stream into its messages (gRPC over HTTP/2, Length-Prefixed-Message). */
import type { BodyBudget } from "../body-budget.js";
import { GatewayError } from "../errors.js";
import { PREFIX_BYTES } from "./call-framing.js";

/** A message; why there is none from here on; or nothing, until more bytes have come. */
export type NextMessage = { readonly message: Buffer } | { readonly fault: GatewayError } | undefined;

const NOTHING = Buffer.alloc(0);

/** Least memory that is taken for a part of a message, in bytes. */
const LEAST_BYTES = 512;

export class MessageReader {
  readonly #maxBytes: number;
  readonly #budget: BodyBudget;
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;
  /** Length of the buffer if it was made here, which the budget counts; 0 when it is a chunk. */
  #owned = 0;

  /**
   * @param maxBytes longest message
   * @param budget what all that is arriving may hold together
   */
  constructor(maxBytes: number, budget: BodyBudget) {
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  /** Whether all bytes belonged to messages that were read. */
  get isEmpty(): boolean {
    return this.#start === this.#end;
  }

  /**
   * Takes the next bytes. Messages that were read before are gone then: they may be parts of the same memory.
   * @returns false when the budget does not allow it; nothing is held then
   */
  push(chunk: Buffer): boolean {
    if (this.isEmpty) {
      this.close();
      this.#buffer = chunk;
      this.#end = chunk.length;
      return true;
    }
    if (!this.#reserve(chunk.length)) return false;
    this.#end += chunk.copy(this.#buffer, this.#end);
    return true;
  }

  /**
   * To be called when nothing more can be read from a chunk for now. What is left is copied: a chunk is a piece of what the
   * connection received, and a byte of it would hold on to all of that, uncounted.
   * @returns false when the budget does not allow it; nothing is held then
   */
  keep(): boolean {
    if (!this.isEmpty) return this.#owned > 0 || this.#reserve(0);
    this.close();
    return true;
  }

  /** Why no message can be read from here on, as soon as its prefix says so. */
  fault(): GatewayError | undefined {
    if (this.#end - this.#start < PREFIX_BYTES) return undefined;
    if (this.#buffer[this.#start] !== 0) {
      return new GatewayError("internal", "A message is compressed, but the call names no grpc-encoding.");
    }
    if (this.#length() <= this.#maxBytes) return undefined;
    return new GatewayError(
      "too_large",
      `The request is larger than ${this.#maxBytes} bytes: send it in several smaller requests.`,
    );
  }

  /** The message stays as it is until the next `push` or `close`. */
  next(): NextMessage {
    const fault = this.fault();
    if (fault !== undefined) return { fault };
    const from = this.#start + PREFIX_BYTES;
    if (from > this.#end) return undefined;
    const to = from + this.#length();
    if (to > this.#end) return undefined;
    this.#start = to;
    return { message: this.#buffer.subarray(from, to) };
  }

  /** Nothing is held any more. */
  close(): void {
    this.#budget.giveBack(this.#owned);
    this.#owned = 0;
    this.#buffer = NOTHING;
    this.#start = 0;
    this.#end = 0;
  }

  /** Length of the message whose prefix stands in front. */
  #length(): number {
    return this.#buffer.readUInt32BE(this.#start + 1);
  }

  /** Makes room for more bytes behind those that are held, in memory of our own. @returns false: nothing is held */
  #reserve(bytes: number): boolean {
    const held = this.#end - this.#start;
    const needed = held + bytes;
    if (this.#owned > 0 && this.#end + bytes <= this.#owned) return true;
    if (this.#owned > 0 && 2 * needed <= this.#owned) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    } else {
      // Twice as much, so that the whole stays linear; but not more than the message needs, which may have been announced.
      const whole = held < PREFIX_BYTES ? 0 : PREFIX_BYTES + this.#length();
      const twice = Math.max(LEAST_BYTES, 2 * needed);
      const size = whole < needed ? twice : Math.min(whole, twice);
      if (!this.#budget.take(size - this.#owned)) {
        this.close();
        return false;
      }
      const larger = Buffer.allocUnsafeSlow(size);
      this.#buffer.copy(larger, 0, this.#start, this.#end);
      this.#buffer = larger;
      this.#owned = size;
    }
    this.#start = 0;
    this.#end = held;
    return true;
  }
}
