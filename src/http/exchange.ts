/** One HTTP request and the reply that it waits for, by whichever version of HTTP it came. Endpoints know nothing else. */
import type { Caller } from "../caller-of.js";
import type { Reply } from "./reply.js";

/**
 * What the head of a request says of its body: how many bytes it has; that its end will tell; or nothing, and then nobody
 * knows where it ends.
 */
export type BodyLength = number | "until its end" | "unsaid";

/** What becomes of a body. Nothing is called after `stopReceiving`. */
export interface BodyReceiver {
  /** Bytes in order; more may come when it has returned. */
  readonly onData: (chunk: Buffer) => void;
  readonly onEnd: () => void;
  /** The rest will not come: the caller has gone. */
  readonly onGone: () => void;
}

export interface Exchange {
  /** As it was sent: case counts. */
  readonly method: string;
  /** As it was sent; `readTarget()` takes it apart. */
  readonly target: string;
  readonly bodyLength: BodyLength;
  /** Who sent it, as far as the connection proves it. */
  readonly caller: Caller;
  /** Aborted when the caller has gone. Whoever listens to it stops listening when the request is answered. */
  readonly signal: AbortSignal;
  /** The value of a header field, `undefined` when there is none; fields of one name are joined. @param name in small letters */
  header(name: string): string | undefined;
  /** Lets the body come, also to a caller that waits until it is told to send it. Called once. */
  receive(receiver: BodyReceiver): void;
  /** Nobody wants more of the body. */
  stopReceiving(): void;
  /**
   * Sends a whole reply with its length; to a HEAD request, and with status 304, without the body. Does nothing when the
   * caller has gone. What still comes of the request is not read by anybody.
   * @param more headers of this reply alone, names and values in turn
   */
  reply(reply: Reply, more?: readonly string[]): void;
}

/** Answers an exchange, at once or later. */
export type Handler = (exchange: Exchange) => void;
