/** One POST to the endpoint, from its bytes to its reply. Reads from top to bottom. */
import type { IncomingMessage } from "node:http";
import type { CallHandler, Elsewhere } from "../call/call.js";
import { PRIORITY_HEADER, urgencyFrom } from "../call/flow.js";
import type { Offload } from "../call/offload.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { callerSignal } from "../http/caller-signal.js";
import { readBody } from "../http/read-body.js";
import type { Reply } from "../http/reply.js";
import { deadlineFor, type Limits } from "../limits.js";
import type { Struct } from "../values.js";
import { createBinding } from "./binding.js";
import { createEncoder } from "./encode.js";
import { printFault } from "./fault.js";
import { createRequestReader } from "./read-request.js";

export interface SoapOptions {
  readonly service: Service;
  readonly call: CallHandler;
  readonly limits: Limits;
  readonly offload: Offload;
  /** The text that `?wsdl` answers and that requests are bound to. */
  readonly wsdl: string;
}

/** Answers one POST with a reply or a fault. Never rejects. */
export type Evaluator = (request: IncomingMessage, requestId: string) => Promise<Reply>;

export const XML_HEADERS = { "Content-Type": "text/xml; charset=utf-8" } as const;

/** @throws Error when the `soap` package does not work with this WSDL, or not as this gateway needs it */
export async function createEvaluator(options: SoapOptions): Promise<Evaluator> {
  const { service, call, limits, offload, wsdl } = options;
  const binding = await createBinding(service, wsdl);
  const readInputs = createRequestReader(service, limits);
  const encode = createEncoder(service, limits.maxMessageBytes);
  const bounds = { maxBytes: limits.maxMessageBytes, timeoutMs: limits.defaultTimeoutMs };

  const offloaded = (
    body: Uint8Array,
    contentType: string | undefined,
    action: string,
  ): Elsewhere<string> => ({
    prepare: () => offload.prepare({ protocol: "soap", service: service.alias, body, contentType, action }),
    finish: (result) => offload.finish("soap", service.alias, result),
  });

  return async (request, requestId) => {
    const deadlineAt = deadlineFor(undefined, limits);
    // A request without a body is a call all the same: it must be reported, and it fails in its decoder.
    const body = await readBody(request, bounds).catch((error: unknown) => GatewayError.from(error));
    const context = {
      requestId,
      protocol: "soap" as const,
      deadlineAt,
      bytesIn: body instanceof GatewayError ? 0 : body.length,
      signal: callerSignal(request),
      caller: request.socket.remoteAddress,
      urgency: urgencyFrom(headerOf(request, PRIORITY_HEADER)),
    };
    const contentType = request.headers["content-type"];
    const action = headerOf(request, "soapaction") ?? "";
    const decode = (): Struct => {
      if (body instanceof GatewayError) throw body;
      return readInputs(body, { contentType, action });
    };
    const elsewhere = body instanceof GatewayError ? {} : { elsewhere: offloaded(body, contentType, action) };
    try {
      const payload = await call(context, { decode, encode, ...elsewhere });
      return { status: 200, headers: XML_HEADERS, body: binding.wrap(payload) };
    } catch (error) {
      const { status, headers, body: fault } = printFault(GatewayError.from(error), requestId, service);
      return { status, headers: { ...headers, ...XML_HEADERS }, body: fault };
    }
  };
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}
