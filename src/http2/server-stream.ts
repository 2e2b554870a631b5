/** One request and its response, as a handler sees them. */
import type { ErrorCode } from "./error-codes.js";
import type { Field } from "./field.js";
import type { ResponseHead, Trailers } from "./header-block.js";

/**
 * What a handler does with a stream. All methods but `consumed` are in vain, and say so to nobody, once the stream is over: a peer may
 * reset it at any time. They throw an Error when they are called in an order that makes no response.
 */
export interface ServerStream {
  readonly id: number;
  /** Pseudo-header fields first. All of RFC 9113, 8.2 and 8.3, holds. */
  readonly fields: readonly Field[];
  /** Bytes of the response that wait for the peer's windows, or for its connection. */
  readonly waitingBytes: number;
  /** Tells a peer that waits for it to send the body of its request (status 100; RFC 9110, 10.1.1). Before `respond`. */
  sendContinue(): void;
  /** Whether the peer has sent the end of its request: what `onData` brings now is the last of it. */
  readonly requestEnded: boolean;
  /** Sends the head of the response, which is the whole response when `endStream` is set. */
  respond(head: ResponseHead, endStream?: boolean): void;
  /**
   * Sends bytes of the body, as the peer's windows allow; they must not be changed afterwards.
   * @returns whether all of it is on its way; if not, wait for `onDrain` before more is written
   */
  write(bytes: Uint8Array): boolean;
  /** Ends the response after what was written. A request that has not ended is cut off with NO_ERROR (RFC 9113, 8.1). */
  end(trailers?: Trailers): void;
  /** A whole response in one call, and in one piece where the windows allow. */
  reply(head: ResponseHead, body: Uint8Array, trailers?: Trailers): void;
  /** Ends the stream at once, in both directions. `onReset` is not called. */
  reset(code: ErrorCode): void;
  /**
   * Lets the peer send as many bytes more. Until then they count against its window.
   * @throws RangeError for more bytes than `onData` has brought
   */
  consumed(bytes: number): void;
}

/**
 * What a stream does to its handler. Nothing is called after `reset()`, after `onReset` and after the response and the request have ended.
 * What a method throws is a defect: it is reported, and the stream is reset with INTERNAL_ERROR.
 */
export interface StreamReceiver {
  /** Bytes of the request's body, which have to be given back by `consumed`. */
  onData(chunk: Buffer): void;
  /** The request is complete. `trailers` is empty when there are none. */
  onEnd(trailers: readonly Field[]): void;
  /** The stream was ended by the peer, for a fault of the peer, or with its connection. */
  onReset(code: number): void;
  /** All that was written is on its way, after `write` had returned false. */
  onDrain(): void;
  /** The connection will end: a response that has no end of its own should find one. It may be called more than once. */
  onGoAway?(): void;
  /**
   * The connection ends now: the response may still be ended, as far as the peer's windows have room. What has no end after this,
   * or no such method, is reset with CANCEL.
   */
  onCutOff?(): void;
}
