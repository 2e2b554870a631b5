/** One unary call from the bytes of its message to those of its reply, whichever road it came by. */
import type { CallHandler, Elsewhere } from "../call/call.js";
import { urgencyFrom } from "../call/flow.js";
import type { Gone } from "../call/gone.js";
import type { Offload, Wait } from "../call/offload.js";
import type { Service } from "../contract/model.js";
import { flowOf, type Caller } from "../caller-of.js";
import { GatewayError } from "../errors.js";
import { deadlineFor, type Limits } from "../limits.js";
import { compileDecode } from "./decode.js";
import { compileEncode } from "./encode.js";
import { serviceFullName } from "./service-definition.js";
import { errorStatus, type CallStatus } from "./status.js";

export interface EvaluateCall {
  readonly message: Uint8Array;
  readonly requestId: string;
  /** Milliseconds that the caller still waits, if it has said so. */
  readonly remainingMs: number | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: Gone;
  readonly caller: Caller;
  /** The `Priority` field. */
  readonly priority: string | undefined;
}

export interface EvaluatorOptions {
  readonly service: Service;
  readonly call: CallHandler;
  readonly limits: Limits;
  readonly offload: Offload;
}

export interface Evaluator {
  /** The reply's message. @throws GatewayError and nothing else */
  evaluate(call: EvaluateCall): Promise<Uint8Array>;
  /** What the caller of a failed call gets. */
  readonly statusOf: (thrown: unknown, requestId: string) => CallStatus;
}

/** The evaluator of one service; its codecs are compiled here, once. */
export function createEvaluator({ service, call, limits, offload }: EvaluatorOptions): Evaluator {
  const decode = compileDecode(service);
  const encode = compileEncode(service);
  const fullName = serviceFullName(service);
  const { alias } = service;
  const offloaded = (body: Uint8Array, wait: Wait): Elsewhere<Uint8Array> => {
    const common = { ...wait, protocol: "grpc", service: alias } as const;
    return {
      prepare: () => offload.prepare({ ...common, body }),
      finish: (result) => offload.finish({ ...common, result }),
    };
  };
  return {
    evaluate({ message, requestId, remainingMs, signal, caller, priority }) {
      const deadlineAt = deadlineFor(remainingMs, limits);
      const context = {
        requestId,
        protocol: "grpc" as const,
        deadlineAt,
        bytesIn: message.length,
        signal,
        caller: flowOf(caller),
        urgency: urgencyFrom(priority),
      };
      const elsewhere = offloaded(message, { deadlineAt, signal });
      const provedCaller = (): string | undefined => caller.name;
      return call(context, { decode: () => decode(message), encode, provedCaller, elsewhere });
    },
    statusOf(thrown, requestId) {
      const { maxViolations } = limits;
      return errorStatus(GatewayError.from(thrown), { service: fullName, requestId, maxViolations });
    },
  };
}
