/** One POST to the endpoint, from its bytes to its reply. Reads from top to bottom. */
import type { IncomingMessage } from "node:http";
import type { CallHandler, Elsewhere } from "../call/call.js";
import { NO_HEADER, type MessageHeader } from "../call/message-header.js";
import { PRIORITY_HEADER, urgencyFrom } from "../call/flow.js";
import type { Offload } from "../call/offload.js";
import type { Service } from "../contract/model.js";
import type { SoapVersion } from "../contract/soap-names.js";
import { GatewayError } from "../errors.js";
import { callerSignal } from "../http/caller-signal.js";
import { readBody } from "../http/read-body.js";
import type { Reply } from "../http/reply.js";
import { deadlineFor, type Limits } from "../limits.js";
import type { Struct, Value } from "../values.js";
import { createBinding } from "./binding.js";
import { createEncoders } from "./encode.js";
import { printFault } from "./fault.js";
import { answerHeader } from "./header-kinds.js";
import { createRequestReader } from "./read-request.js";
import { SOAP_RULES, xmlHeaders } from "./rules.js";
import { understoodHeaders } from "./understood-headers.js";

export interface SoapOptions {
  readonly service: Service;
  readonly call: CallHandler;
  readonly limits: Limits;
  readonly offload: Offload;
  /** The text that `?wsdl` answers and that requests are bound to. */
  readonly wsdl: string;
  /** Absent: 1.1. */
  readonly version?: SoapVersion;
}

/** Answers one POST with a reply or a fault. Never rejects. */
export type Evaluator = (request: IncomingMessage, requestId: string) => Promise<Reply>;

/** @throws Error when the `soap` package does not work with this WSDL, or not as this gateway needs it */
export async function createEvaluator(options: SoapOptions): Promise<Evaluator> {
  const { service, call, limits, offload, wsdl, version = "1.1" } = options;
  const binding = await createBinding(service, wsdl, version);
  const kinds = understoodHeaders();
  const readRequest = createRequestReader({ service, limits, rules: SOAP_RULES[version], kinds });
  const encodeReply = createEncoders(service, limits.maxMessageBytes);
  const bounds = { maxBytes: limits.maxMessageBytes, timeoutMs: limits.defaultTimeoutMs };
  const xml = xmlHeaders(version);
  const protocol = version === "1.1" ? "soap" : "soap12";

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
    // The request says what is asked for, and it is read here or elsewhere; the reply has to answer the same.
    let operation = service.operation.name;
    let header: MessageHeader = NO_HEADER;
    const heard = (read: MessageHeader): void => void (header = read);
    const decode = (): Struct => {
      if (body instanceof GatewayError) throw body;
      const asked = readRequest(body, { contentType, action }, heard);
      operation = asked.operation.name;
      return asked.inputs;
    };
    const encode = (result: Value): string => encodeReply(result, operation);
    const offloaded = (bytes: Uint8Array): Elsewhere<string> => ({
      async prepare() {
        const work = { protocol, service: service.alias, body: bytes, contentType, action } as const;
        const prepared = await offload.prepare(work, heard);
        operation = prepared.operation;
        return prepared;
      },
      finish: (result) => offload.finish(protocol, service.alias, result, operation),
    });
    const elsewhere = body instanceof GatewayError ? undefined : offloaded(body);
    try {
      const payload = await call(context, { decode, encode, operation: () => operation, elsewhere });
      const blocks = answerHeader(kinds, header, { operation });
      return { status: 200, headers: xml, body: binding.wrap(payload, blocks) };
    } catch (error) {
      const fault = GatewayError.from(error);
      const blocks = answerHeader(kinds, header, { fault });
      return printFault(fault, requestId, service, version, blocks);
    }
  };
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(", ");
}
