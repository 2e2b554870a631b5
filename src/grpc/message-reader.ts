/** Cuts the bytes of a stream into its messages (gRPC over HTTP/2, Length-Prefixed-Message). */
import { status as Status } from "@grpc/grpc-js";
import { PREFIX_BYTES } from "./call-framing.js";

/** Why no message can be read from here on. */
export interface MessageFault {
  readonly code: Status;
  readonly details: string;
}

/** A message; what is wrong with what should be one; or nothing, until more bytes have come. */
export type NextMessage = { readonly message: Buffer } | { readonly fault: MessageFault } | undefined;

const LEAST_BYTES = 16 * 1024;

export class MessageReader {
  readonly #maxBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Whether the buffer was made here: into that of a chunk nothing can be written. */
  #isOwn = false;

  /** @param maxBytes longest message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether all bytes belonged to messages that were read. */
  get isEmpty(): boolean {
    return this.#start === this.#end;
  }

  /** Messages that lie within one chunk are not copied; what is left of it is, and so that the whole stays linear. */
  push(chunk: Buffer): void {
    if (this.isEmpty) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#isOwn = false;
      return;
    }
    const held = this.#end - this.#start;
    if (!this.#isOwn || this.#end + chunk.length > this.#buffer.length) {
      // A new one, never the old one again: messages that were read are parts of it.
      const larger = Buffer.allocUnsafe(Math.max(LEAST_BYTES, 2 * (held + chunk.length)));
      this.#buffer.copy(larger, 0, this.#start, this.#end);
      this.#buffer = larger;
      this.#start = 0;
      this.#end = held;
      this.#isOwn = true;
    }
    this.#end += chunk.copy(this.#buffer, this.#end);
  }

  next(): NextMessage {
    const from = this.#start + PREFIX_BYTES;
    if (from > this.#end) return undefined;
    const length = this.#buffer.readUInt32BE(this.#start + 1);
    if (this.#buffer[this.#start] !== 0) {
      const details = "A message is compressed, but the call names no grpc-encoding.";
      return { fault: { code: Status.INTERNAL, details } };
    }
    if (length > this.#maxBytes) {
      const details = `A message is larger than ${this.#maxBytes} bytes: send less at once.`;
      return { fault: { code: Status.RESOURCE_EXHAUSTED, details } };
    }
    const to = from + length;
    if (to > this.#end) return undefined;
    this.#start = to;
    return { message: this.#buffer.subarray(from, to) };
  }
}
