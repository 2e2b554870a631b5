/**
 * The first check of a call, before its request is decoded: an overload has to cost next to nothing. Whoever could not
 * be served in time is told so at once, with a time to come back.
 */
import { GatewayError, overloaded } from "../errors.js";
import type { Backlog, Flow } from "./flow.js";
import type { ServiceTime } from "./service-time.js";

export interface AdmissionOptions {
  /** Calls that can run at once, at least 1. */
  readonly slots: () => number;
  /** Most calls that wait; the backlog keeps to it, fairly. */
  readonly maxQueued: number;
  /** Most bytes of requests on their way and of results that are being written, running calls included. */
  readonly maxBytes: number;
  /** Longest wait, by estimate, that a call is let into, in milliseconds. */
  readonly maxQueueWaitMs: number;
  readonly backlog: Backlog;
  readonly serviceTime: ServiceTime;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

export interface AdmissionRequest extends Flow {
  /** Moment on the `performance.now()` clock after which the answer is worth nothing. */
  readonly deadlineAt: number;
  /** Bytes of the request as received. */
  readonly bytesIn: number;
}

/** The place of a call and its memory, given back whatever its end. Giving back what has been given back does nothing. */
export interface Permit {
  /**
   * The process is free for another call. From now on the call holds the memory of its result, until that is written.
   * @param serviceMs how long the call occupied its process, in milliseconds
   * @param bytes of the result
   */
  answered(serviceMs: number, bytes: number): void;
  /** Nothing is held any more. */
  release(): void;
}

/**
 * Takes a place for one call.
 * @throws GatewayError `overloaded` with `retryAfterMs` when places or bytes are used up, when the wait would be too
 * long, or when the call could not be answered by its deadline; `deadline_exceeded` when that has passed already
 */
export type Admission = (request: AdmissionRequest) => Permit;

const FULL = "Too many calls are waiting.";
const TOO_LONG = "The calls that are waiting would take too long.";
const TOO_LATE = "The calls that are waiting would take until after the deadline.";
const EXPIRED = "The deadline passed before the request was read; the artifact was not run.";

/**
 * How much of the time that the deadline leaves may go by waiting. The estimate is a mean: were it allowed the whole,
 * every second call of an overload would be too late, and one that starts and is too late costs its process as well.
 * `test/call/overload.test.ts` shows it.
 */
const WAITING_PART = 0.5;

export function createAdmission(options: AdmissionOptions): Admission {
  const {
    slots,
    maxQueued,
    maxBytes,
    maxQueueWaitMs,
    backlog,
    serviceTime,
    now = () => performance.now(),
  } = options;
  let calls = 0;
  let bytes = 0;

  /** Why a call cannot be let in, if it cannot. */
  const refusal = (request: AdmissionRequest, leftMs: number): string | undefined => {
    // A backstop for what is not in the backlog yet, or not any more: twice what can be running.
    if (calls >= maxQueued + 2 * slots() || bytes + request.bytesIn > maxBytes) return FULL;
    // With a free slot nobody waits. Letting these in also keeps the measured time true after a slow spell.
    if (calls < slots()) return undefined;
    if (!backlog.hasPlaceFor(request, request.bytesIn)) return FULL;
    const waitMs = serviceTime.waitMs(backlog.callsAhead(request));
    if (waitMs > maxQueueWaitMs) return TOO_LONG;
    return waitMs > WAITING_PART * (leftMs - serviceTime.meanMs) ? TOO_LATE : undefined;
  };

  return (request) => {
    const { bytesIn, deadlineAt } = request;
    const leftMs = deadlineAt - now();
    if (leftMs <= 0) throw new GatewayError("deadline_exceeded", EXPIRED);
    const message = refusal(request, leftMs);
    if (message !== undefined) {
      throw overloaded(message, serviceTime.retryAfterMs(backlog.callsAhead(request)));
    }
    calls += 1;
    bytes += bytesIn;
    let held = bytesIn;
    let hasPlace = true;
    const leave = (heldFromNowOn: number): void => {
      if (hasPlace) calls -= 1;
      hasPlace = false;
      bytes += heldFromNowOn - held;
      held = heldFromNowOn;
    };
    return {
      answered(serviceMs, resultBytes) {
        if (!hasPlace) return;
        leave(resultBytes);
        serviceTime.record(serviceMs, calls >= slots());
      },
      release: () => leave(0),
    };
  };
}
