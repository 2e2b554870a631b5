/** One POST to the endpoint, from its bytes to its reply. Reads from top to bottom. */
import type { CallHandler, Elsewhere } from "../call/call.js";
import { NO_HEADER, type MessageHeader } from "../call/message-header.js";
import { PRIORITY_HEADER, urgencyFrom } from "../call/flow.js";
import type { Offload } from "../call/offload.js";
import type { Service } from "../contract/model.js";
import type { SoapVersion } from "../contract/soap-names.js";
import { GatewayError } from "../errors.js";
import { flowOf } from "../caller-of.js";
import { createBodyBudget, type BodyBudget } from "../body-budget.js";
import type { Exchange } from "../http/exchange.js";
import { readBody } from "../http/read-body.js";
import type { Reply } from "../http/reply.js";
import { deadlineFor, type Limits } from "../limits.js";
import type { Struct, Value } from "../values.js";
import { createBinding } from "./binding.js";
import { createEncoders } from "./encode.js";
import { printFault } from "./fault/fault.js";
import type { FaultText } from "./fault/fault-text.js";
import { answerHeader } from "./header-kinds.js";
import { createRequestReader, requireMediaType } from "./read-request.js";
import { SOAP_RULES, xmlHeaders } from "./rules.js";
import type { SoapSecurity } from "./security/soap-security.js";
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
  /** The characters of faults. Absent: ASCII. */
  readonly faultText?: FaultText;
  /** Absent: messages need no more than a body. */
  readonly security?: SoapSecurity | undefined;
  /** What the bodies that are being read may hold together. Absent: as much for this endpoint alone. */
  readonly bodies?: BodyBudget;
  /** Smallest reply that is compressed, in bytes; 0 or absent: none is. */
  readonly compressFromBytes?: number;
}

/** Answers one POST with a reply or a fault. Never rejects. */
export type Evaluator = (exchange: Exchange, requestId: string) => Promise<Reply>;

/** @throws Error when the `soap` package does not work with this WSDL, or not as this gateway needs it */
export async function createEvaluator(options: SoapOptions): Promise<Evaluator> {
  const { service, call, limits, offload, wsdl, version = "1.1", faultText = "ascii" } = options;
  const { security, bodies: budget = createBodyBudget(limits.maxReceivingBytes) } = options;
  const binding = await createBinding(service, wsdl, version);
  const kinds = understoodHeaders(service, security?.policy);
  const readRequest = createRequestReader({ service, limits, rules: SOAP_RULES[version], kinds });
  const encodeReply = createEncoders(service, limits.maxMessageBytes);
  const { maxMessageBytes: maxBytes, maxInflateRatio, bodyTimeoutMs: timeoutMs } = limits;
  const bounds = { maxBytes, maxInflateRatio, timeoutMs, budget };
  const xml = xmlHeaders(version);
  const protocol = version === "1.1" ? "soap" : "soap12";

  /** What the head decides comes first: a caller may be waiting to be told whether to send its body. */
  const receive = async (exchange: Exchange): Promise<Buffer> => {
    requireMediaType(exchange.header("content-type"), SOAP_RULES[version]);
    return readBody(exchange, bounds);
  };

  return async (exchange, requestId) => {
    const { signal, caller: peer } = exchange;
    const deadlineAt = deadlineFor(undefined, limits);
    // A request whose body is refused is a call all the same: it must be reported, and it fails in its decoder.
    const body = await receive(exchange).catch((error: unknown) => GatewayError.from(error));
    const context = {
      requestId,
      protocol: "soap" as const,
      deadlineAt,
      bytesIn: body instanceof GatewayError ? 0 : body.length,
      signal,
      caller: flowOf(peer),
      urgency: urgencyFrom(exchange.header(PRIORITY_HEADER)),
    };
    const contentType = exchange.header("content-type");
    const action = exchange.header("soapaction") ?? "";
    // The request says what is asked for, and it is read here or elsewhere; the reply has to answer the same.
    let operation = service.operation.name;
    let header: MessageHeader = NO_HEADER;
    let provedCaller = peer.name;
    const heard = (read: MessageHeader): void => void (header = read);
    /** Nobody is told what is wrong with a body before it is known who sent it. */
    const admitted = async <T>(read: () => T | Promise<T>): Promise<T> => {
      const [asked] = await Promise.allSettled([(async () => read())()]);
      await security?.admit(header.security);
      provedCaller = header.security?.caller ?? peer.name;
      if (asked.status === "rejected") throw GatewayError.from(asked.reason);
      return asked.value;
    };
    const read = (): Struct => {
      if (body instanceof GatewayError) throw body;
      const asked = readRequest(body, { contentType, action }, heard);
      operation = asked.operation.name;
      return asked.inputs;
    };
    const decode = (): Struct | Promise<Struct> => (security === undefined ? read() : admitted(read));
    const blocks = (): string => answerHeader(kinds, header, { operation });
    const encode = (result: Value): string => binding.wrap(encodeReply(result, operation), blocks());
    const common = { protocol, service: service.alias, deadlineAt, signal } as const;
    const offloaded = (bytes: Uint8Array): Elsewhere<Uint8Array> => ({
      async prepare() {
        const work = { ...common, body: bytes, contentType, action };
        const prepared = await admitted(() => offload.prepare(work, heard));
        operation = prepared.operation;
        return prepared;
      },
      finish: (result) => offload.finish({ ...common, result, operation, around: binding.around(blocks()) }),
    });
    const elsewhere = body instanceof GatewayError ? undefined : offloaded(body);
    try {
      const body = await call<string | Uint8Array>(context, {
        decode,
        encode,
        operation: () => operation,
        provedCaller: () => provedCaller,
        elsewhere,
      });
      if (header.addressing?.replyTo === "none") return withoutMessage({ status: 202, headers: {} });
      return { status: 200, headers: xml, body };
    } catch (error) {
      const fault = GatewayError.from(error);
      const blocks = answerHeader(kinds, header, { fault });
      const options = { service, requestId, version, text: faultText, headerBlocks: blocks };
      const reply = printFault(fault, options);
      return header.addressing?.faultTo === "none" ? withoutMessage(reply) : reply;
    }
  };
}

/** The reply to a caller that wants no message back (WS-Addressing): HTTP alone says how the call went. */
function withoutMessage({ status, headers }: Omit<Reply, "body">): Reply {
  const kept = Object.entries(headers).filter(([name]) => name !== "Content-Type");
  return { status, headers: Object.fromEntries(kept), body: "" };
}
