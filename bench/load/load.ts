/** What the load generator is asked to do, and what comes of it: values that travel between processes. */
import type { Failure, Target } from "./connection.js";

export interface Load {
  readonly target: Target;
  /** The payload that every answer must have, byte for byte. */
  readonly expected: Uint8Array;
  readonly connections: number;
  /** Most calls in flight on each connection; HTTP/1.1 carries one. */
  readonly streams: number;
  /** New calls are sent for this long; what is in flight then is waited for and counts. */
  readonly durationMs: number;
  /** An open loop: calls arrive by themselves, whether earlier ones are answered or not. Absent: a closed loop. */
  readonly arrivals?: Arrivals;
}

/** A Poisson process. */
export interface Arrivals {
  readonly perSecond: number;
  readonly seed: number;
}

export interface LoadResult {
  /** Milliseconds of every good call, in no order: from when it was sent, or in an open loop was to be sent. */
  readonly latencies: Float64Array;
  readonly failures: Readonly<Record<Failure, number>>;
  /** From the first call to the last answer. */
  readonly elapsedMs: number;
  /** Processor time that the load generator itself used meanwhile. */
  readonly clientCpuMs: number;
  /** Of an open loop: 99 of 100 calls that found a free place were sent no later behind their time, in milliseconds. */
  readonly lateMs?: number;
}
