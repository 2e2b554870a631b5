/** How many calls may be on their way at once. Whoever comes on top is told so at once, with a time to come back. */
import { GatewayError } from "../errors.js";

export interface AdmissionOptions {
  readonly processes: number;
  /** Most calls that wait while every process is busy. */
  readonly maxQueued: number;
}

/**
 * Takes a place for one call.
 * @returns the function that gives the place back; it must be called exactly once
 * @throws GatewayError `overloaded` with `retryAfterMs` when every place is taken
 */
export type Admission = () => () => void;

/** Weight of the newest call in the average duration. */
const NEWEST = 0.1;
const FIRST_GUESS_MS = 10;
const LONGEST_WAIT_MS = 60_000;

export function createAdmission({ processes, maxQueued }: AdmissionOptions): Admission {
  const places = processes + maxQueued;
  let taken = 0;
  let averageMs = FIRST_GUESS_MS;

  return () => {
    if (taken >= places) {
      // The time in which the processes clear what is in front of the caller now.
      const waitMs = (averageMs * taken) / processes;
      throw new GatewayError("overloaded", "Too many calls are waiting.", {
        retryAfterMs: Math.min(LONGEST_WAIT_MS, Math.max(1, Math.ceil(waitMs))),
      });
    }
    taken += 1;
    const admittedAt = performance.now();
    // Time in the queue is shared out: what counts is how fast places become free.
    const ahead = Math.max(1, taken / processes);
    return () => {
      taken -= 1;
      averageMs += NEWEST * ((performance.now() - admittedAt) / ahead - averageMs);
    };
  };
}
