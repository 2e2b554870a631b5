/** `Evaluate` as a handler of grpc-js: for calls that the short road of `unary-stream.ts` does not take. */
import { Metadata } from "@grpc/grpc-js";
import type { handleUnaryCall } from "@grpc/grpc-js";
import { PRIORITY_HEADER } from "../call/flow.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { onlyText, remainingMs, watchCaller } from "./caller-watch.js";
import type { Evaluator } from "./evaluate.js";
import { readCaller } from "./forwarded-caller.js";

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
          caller: readCaller(rpc),
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
