/** What a handler of grpc-js wants to know of the caller of a call or stream. */
import type { ServerDuplexStream, ServerUnaryCall } from "@grpc/grpc-js";
import { Departure, type Gone } from "../call/gone.js";
import { onlyOf } from "./call-framing.js";

export type Rpc =
  | Pick<ServerUnaryCall<unknown, unknown>, "metadata" | "getDeadline" | "cancelled" | "on">
  | Pick<ServerDuplexStream<unknown, unknown>, "metadata" | "getDeadline" | "cancelled" | "on">;

export interface CallerWatch {
  /** Aborted when the caller has gone. */
  readonly signal: Gone;
  /** From now on nobody waits any more, and nobody is missed. */
  answered(): void;
}

/** Timers may fire a moment early: a call that ends this close to its deadline has ended because of it. */
const TIMER_SLACK_MS = 5;

/** A header that was sent once. */
export function onlyText(rpc: Rpc, name: string): string | undefined {
  return onlyOf(rpc.metadata.get(name).map(String));
}

/** Milliseconds that the caller still waits, 0 when its deadline has passed; `undefined` when it named none. */
export function remainingMs(rpc: Rpc): number | undefined {
  const deadline = Number(rpc.getDeadline());
  return Number.isFinite(deadline) ? Math.max(0, deadline - Date.now()) : undefined;
}

/**
 * A signal that is aborted when the caller goes away. grpc-js emits `cancelled` after every call, answered ones
 * too, and for a passed deadline, which the call path keeps by its own clock: neither is a caller who has gone.
 */
export function watchCaller(rpc: Rpc): CallerWatch {
  const gone = new Departure();
  let isAnswered = false;
  rpc.on("cancelled", () => {
    if (!isAnswered && (remainingMs(rpc) ?? Infinity) > TIMER_SLACK_MS) gone.abort();
  });
  if (rpc.cancelled) gone.abort();
  return {
    signal: gone,
    answered: () => {
      isAnswered = true;
    },
  };
}
