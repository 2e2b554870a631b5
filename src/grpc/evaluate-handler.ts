/** `Evaluate` as a handler of grpc-js: for calls that the short road of `unary-stream.ts` does not take. */
import { Metadata } from "@grpc/grpc-js";
import type { ServerUnaryCall, handleUnaryCall } from "@grpc/grpc-js";
import { PRIORITY_HEADER } from "../call/flow.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import type { Evaluator } from "./evaluate.js";

/** Timers may fire a moment early: a call that ends this close to its deadline has ended because of it. */
const TIMER_SLACK_MS = 5;

type Call = ServerUnaryCall<Uint8Array, Uint8Array>;

export function createEvaluateHandler(evaluator: Evaluator): handleUnaryCall<Uint8Array, Uint8Array> {
  return (rpc, callback) => {
    const requestId = requestIdFrom(onlyText(rpc, REQUEST_ID_HEADER));
    const caller = watchCaller(rpc);
    const answer = async (): Promise<void> => {
      try {
        const reply = await evaluator.evaluate({
          message: rpc.request,
          requestId,
          remainingMs: remainingMs(rpc),
          signal: caller.signal,
          caller: undefined,
          priority: onlyText(rpc, PRIORITY_HEADER),
        });
        caller.answered();
        const headers = new Metadata();
        headers.set(REQUEST_ID_HEADER, requestId);
        rpc.sendMetadata(headers);
        callback(null, reply);
      } catch (thrown) {
        caller.answered();
        const { code, details, trailers } = evaluator.statusOf(thrown, requestId);
        const metadata = new Metadata();
        for (const [name, value] of trailers) metadata.set(name, value);
        callback({ code, details, metadata });
      }
    };
    // grpc-js does not wait for a handler: without this frame a rejection would leave the caller waiting.
    void answer();
  };
}

function onlyText(rpc: Call, name: string): string | undefined {
  const given = rpc.metadata.get(name).map(String);
  return given.length === 1 ? given[0] : undefined;
}

/** Milliseconds that the caller still waits, 0 when its deadline has passed; `undefined` when it named none. */
function remainingMs(rpc: Call): number | undefined {
  const deadline = Number(rpc.getDeadline());
  return Number.isFinite(deadline) ? Math.max(0, deadline - Date.now()) : undefined;
}

/**
 * A signal that is aborted when the caller goes away. grpc-js emits `cancelled` after every call, answered ones
 * too, and for a passed deadline, which the call path keeps by its own clock: neither is a caller who has gone.
 */
function watchCaller(rpc: Call): { readonly signal: AbortSignal; answered(): void } {
  const gone = new AbortController();
  let isAnswered = false;
  rpc.on("cancelled", () => {
    if (!isAnswered && (remainingMs(rpc) ?? Infinity) > TIMER_SLACK_MS) gone.abort();
  });
  if (rpc.cancelled) gone.abort();
  return {
    signal: gone.signal,
    answered: () => {
      isAnswered = true;
    },
  };
}
