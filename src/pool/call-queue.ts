/** The calls that wait for a worker, first come first served. A call leaves by being taken or by being given up. */
import { defer, type Deferred } from "../deferred.js";
import type { DispatchContext, Dispatched } from "../call/dispatcher.js";
import { GatewayError } from "../errors.js";

export interface Call {
  readonly id: number;
  readonly payload: Uint8Array;
  readonly deadlineAt: number;
  readonly queuedAt: number;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal | undefined;
  readonly outcome: Deferred<Dispatched>;
}

export interface CallQueue {
  readonly size: number;
  /** Adds a call; it is given up at its deadline or when its caller goes, whichever comes first. */
  add(id: number, payload: Uint8Array, context: DispatchContext): Promise<Dispatched>;
  /** The next call that is still wanted. */
  take(): Call | undefined;
  /** Gives up every waiting call. */
  giveUp(error: GatewayError): void;
}

const EXPIRED = "The deadline passed before a worker was free; the artifact was not run.";
const CANCELLED = "The caller went away before a worker was free; the artifact was not run.";

export function createCallQueue(): CallQueue {
  // A Map keeps the order of insertion and lets a call leave from the middle at no cost.
  const waiting = new Map<Call, () => void>();

  const leave = (call: Call): void => {
    waiting.get(call)?.();
    waiting.delete(call);
  };

  return {
    get size() {
      return waiting.size;
    },
    add(id, payload, context) {
      const { deadlineAt, signal } = context;
      const call: Call = { id, payload, deadlineAt, queuedAt: performance.now(), signal, outcome: defer() };
      const giveUp = (message: string): void => {
        leave(call);
        call.outcome.reject(new GatewayError("deadline_exceeded", message));
      };
      const onAbort = (): void => giveUp(CANCELLED);
      const timer = setTimeout(() => giveUp(EXPIRED), Math.max(0, deadlineAt - performance.now()));
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.set(call, () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      });
      if (signal?.aborted === true) onAbort();
      return call.outcome.promise;
    },
    take() {
      for (;;) {
        const call = waiting.keys().next().value;
        if (call === undefined) return undefined;
        leave(call);
        if (call.deadlineAt > performance.now()) return call;
        call.outcome.reject(new GatewayError("deadline_exceeded", EXPIRED));
      }
    },
    giveUp(error) {
      for (const call of [...waiting.keys()]) {
        leave(call);
        call.outcome.reject(error);
      }
    },
  };
}
