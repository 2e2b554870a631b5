/**
 * The calls that wait for a process. They leave by being taken, at their deadline, when their caller goes, or when they
 * have to give way; each exactly once. Bounded by count and by bytes, and fair between flows (`fair-lines.ts`).
 */
import type { DispatchContext, Dispatched } from "../call/dispatcher.js";
import type { Backlog, Flow } from "../call/flow.js";
import type { Gone } from "../call/gone.js";
import { defer, type Deferred } from "../deferred.js";
import { GatewayError, overloaded } from "../errors.js";
import { createAlarm } from "./alarm.js";
import { createFairLines, MEASURES, type Measure, type Place } from "./fair-lines.js";
import { createHeap, type HeapPlaces } from "./heap.js";

export interface Call {
  readonly id: number;
  readonly payload: Uint8Array;
  /** Rows of its only table; 0: it cannot be joined with others. */
  readonly rows: number;
  readonly flow: Flow;
  /** Moments on the `performance.now()` clock. */
  readonly deadlineAt: number;
  readonly queuedAt: number;
  readonly signal: Gone | undefined;
  readonly outcome: Deferred<Dispatched>;
}

/** A call that is not queued yet. A pool with a free process can run it without: after `rejectUnwanted`. */
export function createCall(id: number, payload: Uint8Array, context: DispatchContext & Flow): Call {
  const { deadlineAt, signal, caller, urgency, rows = 0 } = context;
  const flow = { caller, urgency };
  return { id, payload, rows, flow, deadlineAt, queuedAt: performance.now(), signal, outcome: defer() };
}

export interface CallQueueOptions {
  /** Most calls that wait. */
  readonly maxCalls: number;
  /** Most bytes of payload that wait. */
  readonly maxBytes: number;
  /** When to come back if that many calls are in front, in milliseconds. */
  readonly retryAfterMs: (callsAhead: number) => number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

export interface CallQueue extends Backlog {
  /** Calls that wait, and the bytes of their payloads. */
  readonly size: number;
  readonly bytes: number;
  /**
   * Adds a call. Its outcome is rejected, and main() not run, with `deadline_exceeded` at its deadline or when its
   * caller goes, and with `overloaded` when there is no place for it, now or later: when the queue is full, the newest
   * call of the flow that holds most gives way to one whose flow holds no more than that with it.
   */
  add(call: Call): void;
  /** The next call that is still wanted; it is in nobody's care but the taker's. */
  take(): Call | undefined;
  /** Returns a call that was taken and has certainly not been started, to the front of its flow. */
  putBack(call: Call): void;
  /** Gives up every call. */
  giveUp(error: GatewayError): void;
}

const EXPIRED = "The deadline passed before a worker was free; the artifact was not run.";
const CANCELLED = "The caller went away before a worker was free; the artifact was not run.";
const FULL = "Too many calls are waiting.";

/** A call in its line, and how it stops listening to its caller. */
interface Waiting {
  readonly call: Call;
  readonly stopListening: () => void;
  /** Where it stands among all by their deadlines. */
  placeByDeadline: number | undefined;
}

const PLACES_BY_DEADLINE: HeapPlaces<Place<Waiting>> = {
  get: ({ item }) => item.placeByDeadline,
  set: ({ item }, place) => {
    item.placeByDeadline = place;
  },
  delete: ({ item }) => {
    item.placeByDeadline = undefined;
  },
};

export function createCallQueue(options: CallQueueOptions): CallQueue {
  const { maxCalls, maxBytes, retryAfterMs, now = () => performance.now() } = options;
  const lines = createFairLines<Waiting>();
  const byDeadline = createHeap<Place<Waiting>>(
    (a, b) => a.item.call.deadlineAt < b.item.call.deadlineAt,
    PLACES_BY_DEADLINE,
  );
  const alarm = createAlarm(expire, now);

  function expire(): void {
    for (;;) {
      const place = byDeadline.first;
      if (place === undefined) return;
      const { deadlineAt } = place.item.call;
      if (deadlineAt > now()) {
        alarm.ringAt(deadlineAt);
        return;
      }
      lines.remove(place);
      reject(place, lateError(EXPIRED));
    }
  }

  /** A call has left its line: whoever could end it otherwise must not. */
  function forget(place: Place<Waiting>): Call {
    byDeadline.remove(place);
    place.item.stopListening();
    return place.item.call;
  }

  function reject(place: Place<Waiting>, error: GatewayError): void {
    forget(place).outcome.reject(error);
  }

  function noPlace(flow: Flow): GatewayError {
    return overloaded(FULL, retryAfterMs(lines.callsAhead(flow)));
  }

  /** What of a bound is missing for one more call of `bytes`. */
  function missing(measure: Measure, bytes: number): number {
    return measure === "calls" ? lines.calls + 1 - maxCalls : lines.bytes + bytes - maxBytes;
  }

  /** Whether a bound leaves room for the newcomer, or another flow holds at least what the newcomer's would with it. */
  function allows(measure: Measure, flow: Flow, bytes: number): boolean {
    if (missing(measure, bytes) <= 0) return true;
    return lines.held(flow, measure) + (measure === "calls" ? 1 : bytes) <= lines.most(measure);
  }

  function hasPlaceFor(flow: Flow, bytes: number): boolean {
    return MEASURES.every((measure) => allows(measure, flow, bytes));
  }

  /** Sheds calls until there is room for one of `bytes`. @returns false when there is none even in an empty queue */
  function makeRoom(bytes: number): boolean {
    for (const measure of MEASURES) {
      while (missing(measure, bytes) > 0) {
        const place = lines.newestOfMost(measure);
        if (place === undefined) return false;
        lines.remove(place);
        reject(place, noPlace(place.item.call.flow));
      }
    }
    return true;
  }

  function enter(call: Call, at: "append" | "putBack"): void {
    const { flow, payload, deadlineAt, signal } = call;
    const onAbort = (): void => {
      lines.remove(place);
      reject(place, lateError(CANCELLED));
    };
    const stopListening = (): void => signal?.removeEventListener("abort", onAbort);
    const place = lines[at](flow, { call, stopListening, placeByDeadline: undefined }, payload.length);
    signal?.addEventListener("abort", onAbort, { once: true });
    byDeadline.add(place);
    alarm.ringAt(deadlineAt);
  }

  return {
    get size() {
      return lines.calls;
    },
    get bytes() {
      return lines.bytes;
    },
    hasPlaceFor,
    callsAhead: (flow) => lines.callsAhead(flow),
    add(call) {
      if (rejectUnwanted(call, now())) return;
      const { flow, payload } = call;
      if (hasPlaceFor(flow, payload.length) && makeRoom(payload.length)) enter(call, "append");
      else call.outcome.reject(noPlace(flow));
    },
    take() {
      // The alarm can be a little late, and a call that is too late must not use up a turn.
      expire();
      for (let place = lines.next(); place !== undefined; place = lines.next()) {
        const call = forget(place);
        // All calls of a stream lose their caller at once: the place of one that is stopped must not go to another.
        if (!rejectUnwanted(call, now())) return call;
      }
      return undefined;
    },
    putBack(call) {
      if (rejectUnwanted(call, now())) return;
      if (makeRoom(call.payload.length)) enter(call, "putBack");
      else call.outcome.reject(noPlace(call.flow));
    },
    giveUp(error) {
      for (let place = byDeadline.first; place !== undefined; place = byDeadline.first) {
        lines.remove(place);
        reject(place, error);
      }
    },
  };
}

/** Rejects a call that nobody waits for any more, before it is queued or run. @returns whether it was one */
export function rejectUnwanted({ deadlineAt, signal, outcome }: Call, now = performance.now()): boolean {
  const message = signal?.aborted === true ? CANCELLED : deadlineAt <= now ? EXPIRED : undefined;
  if (message !== undefined) outcome.reject(lateError(message));
  return message !== undefined;
}

function lateError(message: string): GatewayError {
  return new GatewayError("deadline_exceeded", message);
}
