/** One POST to the endpoint, from its bytes to its reply. */
import type { CallHandler, Elsewhere } from "../call/call.js";
import { PRIORITY_HEADER, urgencyFrom } from "../call/flow.js";
import type { Offload } from "../call/offload.js";
import { flowOf } from "../caller-of.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import type { BodyBudget } from "../body-budget.js";
import type { Exchange } from "../http/exchange.js";
import { readBody } from "../http/read-body.js";
import type { Reply } from "../http/reply.js";
import { deadlineFor, type Limits } from "../limits.js";
import { compileResultEncoder } from "./encode-result.js";
import { JSON_TYPE, requireJson, requireJsonAccepted } from "./negotiate.js";
import { problemReply } from "./problem.js";
import { createRequestReader } from "./read-request.js";

export interface JsonOptions {
  readonly service: Service;
  readonly call: CallHandler;
  readonly limits: Limits;
  readonly offload: Offload;
  /** What the bodies that are being read may hold together. */
  readonly bodies: BodyBudget;
}

/** Answers one POST with a reply or with problem details. Never rejects. */
export type Evaluator = (exchange: Exchange, requestId: string) => Promise<Reply>;

/** The evaluator of one service; its codecs are compiled here, once. */
export function createEvaluator({ service, call, limits, offload, bodies: budget }: JsonOptions): Evaluator {
  const { maxMessageBytes: maxBytes, maxInflateRatio, bodyTimeoutMs: timeoutMs, maxViolations } = limits;
  const bounds = { maxBytes, maxInflateRatio, timeoutMs, budget };
  const readRequest = createRequestReader(service.operation.request, maxViolations);
  const encode = compileResultEncoder(service);

  /** What the head decides comes first: a caller may be waiting to be told whether to send its body. */
  const receive = async (exchange: Exchange): Promise<Buffer> => {
    requireJson(exchange.header("content-type"));
    requireJsonAccepted(exchange.header("accept"));
    return readBody(exchange, bounds);
  };

  return async (exchange, requestId) => {
    const { signal, caller } = exchange;
    const deadlineAt = deadlineFor(undefined, limits);
    // A request whose body is refused is a call all the same: it must be reported, and it fails in its decoder.
    const body = await receive(exchange).catch((error: unknown) => GatewayError.from(error));
    const context = {
      requestId,
      protocol: "json" as const,
      deadlineAt,
      bytesIn: body instanceof GatewayError ? 0 : body.length,
      signal,
      caller: flowOf(caller),
      urgency: urgencyFrom(exchange.header(PRIORITY_HEADER)),
    };
    const common = { protocol: "json", service: service.alias, deadlineAt, signal } as const;
    const offloaded = (bytes: Uint8Array): Elsewhere<Uint8Array> => ({
      prepare: () => offload.prepare({ ...common, body: bytes }),
      finish: (result) => offload.finish({ ...common, result }),
    });
    try {
      const reply = await call<Uint8Array>(context, {
        decode() {
          if (body instanceof GatewayError) throw body;
          return readRequest(body);
        },
        // Bytes, because they are what a message is bounded by.
        encode: (result) => Buffer.from(encode(result)),
        provedCaller: () => caller.name,
        elsewhere: body instanceof GatewayError ? undefined : offloaded(body),
      });
      return { status: 200, headers: { "Content-Type": JSON_TYPE }, body: reply };
    } catch (error) {
      return problemReply(GatewayError.from(error), { requestId, maxViolations });
    }
  };
}
