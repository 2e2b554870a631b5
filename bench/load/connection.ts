/** What the load generator knows of a connection, whichever protocol it speaks. */

/**
 * Why a call did not count. `connect`: no connection; `reset`: it broke during a call; `timeout`: no whole answer in
 * time; `malformed`: not the protocol; `overloaded`: the server has no place for the call and says so; `status`: any
 * other HTTP or gRPC status that is not success; `answer`: another payload than expected.
 */
export type Failure = "connect" | "reset" | "timeout" | "malformed" | "overloaded" | "status" | "answer";

/** No failures, to count from. */
export function noFailures(): Record<Failure, number> {
  return { connect: 0, reset: 0, timeout: 0, malformed: 0, overloaded: 0, status: 0, answer: 0 };
}

/**
 * The payload of an answer whose status was success, or why there is none. The payload is a view of the connection's
 * own memory, gone when the callback returns.
 */
export type Answer = { readonly payload: Buffer } | { readonly failure: Failure };

/** What the protocols are called, as a request names its own. */
export type Protocol = "soap" | "grpc" | "json";

export interface Connection {
  /** False once the server or a failure has ended it: the next call needs a new one. */
  isOpen(): boolean;
  /** Sends the request once; `done` is called once, perhaps before this returns when the connection is not open. */
  call(done: (answer: Answer) => void): void;
  close(): void;
}

/** Where a request goes and what it is: the bytes are ready before anything is measured. */
export interface Target {
  readonly protocol: Protocol;
  readonly port: number;
  /** `/soap/trivial/v1` or `/trivial.v1.TrivialService/Evaluate`. */
  readonly path: string;
  /** The body, or for gRPC the message without its prefix. */
  readonly payload: Uint8Array;
  /** Lines of an HTTP/1.1 request's head, besides those that every request has. */
  readonly headers: readonly string[];
  /** Milliseconds after which a call without a whole answer has failed. */
  readonly timeoutMs: number;
}

/** How often a connection looks for calls that take too long: a timer for each call would cost more than the call. */
export function sweepInterval({ timeoutMs }: Pick<Target, "timeoutMs">): number {
  return Math.max(1, timeoutMs / 4);
}
