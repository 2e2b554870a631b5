/** Counts what becomes of the calls of a load. */
import { noFailures, type Answer, type Failure } from "./connection.js";

/** A server that fails this often is down: going on would measure how fast it can fail. */
const MOST_FAILURES = 1000;

export interface Tally {
  /** Counts an answer; its latency only when it is the expected one. */
  add(answer: Answer, latency: number): void;
  fail(failure: Failure): void;
  /** True when so many calls have failed that the load is to be given up. */
  isHopeless(): boolean;
  result(): { latencies: Float64Array; failures: Record<Failure, number> };
}

export function createTally(expected: Uint8Array): Tally {
  const latencies: number[] = [];
  const failures = noFailures();
  let failed = 0;
  const fail = (failure: Failure): void => {
    failures[failure] += 1;
    // Whoever turns calls away is not down.
    if (failure !== "overloaded") failed += 1;
  };
  return {
    add(answer, latency) {
      if ("failure" in answer) fail(answer.failure);
      else if (answer.payload.equals(expected)) latencies.push(latency);
      else fail("answer");
    },
    fail,
    isHopeless: () => failed >= MOST_FAILURES,
    result: () => ({ latencies: Float64Array.from(latencies), failures }),
  };
}
