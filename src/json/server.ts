/** The JSON endpoint of one service: which HTTP request gets what. */
import { fitReply } from "../http/compress.js";
import { HttpRefusal } from "../http/http-refusal.js";
import type { Exchange } from "../http/exchange.js";
import { REQUEST_ID_HEADER, requestIdFrom } from "../request-id.js";
import { jsonPath } from "../contract/json-path.js";
import { createEvaluator, type JsonOptions } from "./evaluate.js";
import { problemReply } from "./problem.js";

export interface JsonEndpoint {
  /** `/v1/credit_decision:evaluate`. */
  readonly path: string;
  /** Answers one HTTP request for the path. Never rejects. */
  handle(exchange: Exchange): Promise<void>;
}

export interface JsonEndpointOptions extends JsonOptions {
  /** Smallest reply that is compressed, in bytes; 0: none is. */
  readonly compressFromBytes: number;
}

/** `POST` evaluates, anything else is 405. */
export function createJsonEndpoint(options: JsonEndpointOptions): JsonEndpoint {
  const { service, limits, compressFromBytes } = options;
  const { maxViolations } = limits;
  const path = jsonPath(service);
  const evaluate = createEvaluator(options);
  const notAllowed = new HttpRefusal(405, "unsupported", `POST a JSON request to ${path}.`, {
    headers: { Allow: "POST" },
  });
  return {
    path,
    async handle(exchange) {
      const requestId = requestIdFrom(exchange.header(REQUEST_ID_HEADER));
      const reply =
        exchange.method === "POST"
          ? await fitReply(exchange, await evaluate(exchange, requestId), compressFromBytes)
          : problemReply(notAllowed, { requestId, maxViolations });
      exchange.reply(reply, ["X-Request-Id", requestId]);
    },
  };
}
