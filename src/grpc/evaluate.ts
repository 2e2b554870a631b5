/** The handler of `Evaluate`: one unary call from its bytes to its reply or its error, and always to one of them. */
import { Metadata } from "@grpc/grpc-js";
import type { ServerUnaryCall, handleUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { CallHandler } from "../call/call.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { deadlineFor } from "../limits.js";
import type { Limits } from "../limits.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { compileDecode } from "./decode.js";
import { compileEncode } from "./encode.js";
import { serviceFullName } from "./service-definition.js";
import { errorStatus } from "./status.js";

/** Timers may fire a moment early: a call that ends this close to its deadline has ended because of it. */
const TIMER_SLACK_MS = 5;

type EvaluateCall = ServerUnaryCall<Uint8Array, Uint8Array>;

/** The handler for one service; its codecs are compiled here, once. */
export function createEvaluate(
  service: Service,
  call: CallHandler,
  limits: Limits,
): handleUnaryCall<Uint8Array, Uint8Array> {
  const decode = compileDecode(service);
  const encode = compileEncode(service);
  const fullName = serviceFullName(service);

  return (rpc, callback) => {
    const requestId = requestIdOf(rpc);
    const caller = watchCaller(rpc);
    const context = {
      requestId,
      protocol: "grpc" as const,
      deadlineAt: deadlineFor(remainingMs(rpc), limits),
      bytesIn: rpc.request.length,
      signal: caller.signal,
    };
    const answer = async (): Promise<void> => {
      try {
        const reply = await call(context, { decode: () => decode(rpc.request), encode });
        caller.answered();
        succeed(rpc, callback, requestId, reply);
      } catch (thrown) {
        caller.answered();
        const error = GatewayError.from(thrown);
        const { maxViolations } = limits;
        callback(errorStatus(error, { service: fullName, requestId, maxViolations }));
      }
    };
    // grpc-js does not wait for a handler: without this frame a rejection would leave the caller waiting.
    void answer();
  };
}

function succeed(
  rpc: EvaluateCall,
  callback: sendUnaryData<Uint8Array>,
  requestId: string,
  reply: Uint8Array,
): void {
  const headers = new Metadata();
  headers.set(REQUEST_ID_HEADER, requestId);
  rpc.sendMetadata(headers);
  callback(null, reply);
}

function requestIdOf(rpc: EvaluateCall): string {
  const given = rpc.metadata.get(REQUEST_ID_HEADER).map(String);
  return requestIdFrom(given.length === 1 ? given[0] : given);
}

/** Milliseconds that the caller still waits, 0 when its deadline has passed; `undefined` when it named none. */
function remainingMs(rpc: EvaluateCall): number | undefined {
  const deadline = Number(rpc.getDeadline());
  return Number.isFinite(deadline) ? Math.max(0, deadline - Date.now()) : undefined;
}

/**
 * A signal that is aborted when the caller goes away. grpc-js emits `cancelled` after every call, answered ones
 * too, and for a passed deadline, which the call path keeps by its own clock: neither is a caller who has gone.
 */
function watchCaller(rpc: EvaluateCall): { readonly signal: AbortSignal; answered(): void } {
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
