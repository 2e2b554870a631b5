/** What the load generator knows of a connection, whichever protocol it speaks. */

/**
 * Why a call did not count. `connect`: no connection; `reset`: it broke during a call; `timeout`: no whole answer in
 * time; `malformed`: not the protocol; `status`: an HTTP or gRPC status that is not success; `answer`: another payload
 * than expected.
 */
export type Failure = "connect" | "reset" | "timeout" | "malformed" | "status" | "answer";

/** No failures, to count from. */
export function noFailures(): Record<Failure, number> {
  return { connect: 0, reset: 0, timeout: 0, malformed: 0, status: 0, answer: 0 };
}

/** The payload of an answer whose status was success, or why there is none. */
export type Answer = { readonly payload: Buffer } | { readonly failure: Failure };

export interface Connection {
  /** False once the server or a failure has ended it: the next call needs a new one. */
  isOpen(): boolean;
  /** Sends the request once. Never rejects. */
  call(): Promise<Answer>;
  close(): void;
}

/** Where a request goes and what it is: the bytes are ready before anything is measured. */
export interface Target {
  readonly protocol: "soap" | "grpc";
  readonly port: number;
  /** `/soap/trivial/v1` or `/trivial.v1.TrivialService/Evaluate`. */
  readonly path: string;
  /** The envelope, or the message without its gRPC prefix. */
  readonly payload: Uint8Array;
  /** SOAPAction without quotes; empty for gRPC. */
  readonly action: string;
  /** Milliseconds after which a call without a whole answer has failed. */
  readonly timeoutMs: number;
}
