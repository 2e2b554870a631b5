/** One POST to the endpoint, from its bytes to its reply. Reads from top to bottom. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallHandler } from "../call/call.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { parseMediaType } from "../http/media-type.js";
import { readBody } from "../http/read-body.js";
import type { Reply } from "../http/reply.js";
import { deadlineFor, type Limits } from "../limits.js";
import { createBinding } from "./binding.js";
import { decodeText } from "./charset.js";
import { createDecoder } from "./decode.js";
import { createEncoder } from "./encode.js";
import { readEnvelope } from "./envelope.js";
import { printFault, SoapRefusal } from "./fault.js";
import { readXml, type XmlElement } from "./xml-reader.js";

export interface SoapOptions {
  readonly service: Service;
  readonly call: CallHandler;
  readonly limits: Limits;
  /** The text that `?wsdl` answers and that requests are bound to. */
  readonly wsdl: string;
}

/** Answers one POST with a reply or a fault. Never rejects. */
export type Evaluator = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<Reply>;

export const XML_MEDIA_TYPE = "text/xml; charset=utf-8";

/** @throws Error when the `soap` package does not work with this WSDL, or not as this gateway needs it */
export async function createEvaluator({ service, call, limits, wsdl }: SoapOptions): Promise<Evaluator> {
  const binding = await createBinding(service, wsdl);
  const decode = createDecoder(service, limits.maxViolations);
  const encode = createEncoder(service, limits.maxMessageBytes);

  return async (request, response, requestId) => {
    const deadlineAt = deadlineFor(undefined, limits);
    const body = await readBody(request, {
      maxBytes: limits.maxMessageBytes,
      timeoutMs: limits.defaultTimeoutMs,
    }).catch((error: unknown) => GatewayError.from(error));
    const payload = body instanceof GatewayError ? body : readPayload(request, body, { service, limits });
    const { signal, release } = watchCaller(response);
    const context = {
      requestId,
      protocol: "soap" as const,
      deadlineAt,
      bytesIn: body instanceof GatewayError ? 0 : body.length,
      signal,
    };
    try {
      const codec = { decode: () => decode(unwrap(payload)), encode };
      const work = (): Promise<string> => call(context, codec);
      // A request without a payload is a call all the same: it must be reported, and it fails in its decoder.
      const name = payload instanceof GatewayError ? service.operation.name : payload.local;
      const envelope = await binding.dispatch(name, work);
      return { status: 200, headers: { "Content-Type": XML_MEDIA_TYPE }, body: envelope };
    } catch (error) {
      const { status, headers, body: fault } = printFault(GatewayError.from(error), requestId, service);
      return { status, headers: { ...headers, "Content-Type": XML_MEDIA_TYPE }, body: fault };
    } finally {
      release();
    }
  };
}

/** The payload element, or why there is none. */
function readPayload(
  request: IncomingMessage,
  body: Uint8Array,
  { service, limits }: Pick<SoapOptions, "service" | "limits">,
): XmlElement | GatewayError {
  try {
    const mediaType = parseMediaType(request.headers["content-type"]);
    if (mediaType?.type !== "text/xml") {
      throw new SoapRefusal("media_type", "A SOAP 1.1 request must have the Content-Type text/xml.");
    }
    const root = readXml(decodeText(body, mediaType.charset), limits);
    const action = [request.headers["soapaction"] ?? []].flat().join(", ");
    return readEnvelope(root, action, service).payload;
  } catch (error) {
    return GatewayError.from(error);
  }
}

function unwrap(payload: XmlElement | GatewayError): XmlElement {
  if (payload instanceof GatewayError) throw payload;
  return payload;
}

/** A signal that is aborted when the caller goes away before its reply; `release` ends the watch. */
function watchCaller(response: ServerResponse): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  if (response.destroyed) abort();
  response.once("close", abort);
  return { signal: gone.signal, release: () => void response.off("close", abort) };
}
