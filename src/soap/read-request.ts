/** The body of a POST to the inputs it carries, by the quick reader for what it knows and by the complete one else. */
import { soapAction } from "../contract/soap-names.js";
import type { Service } from "../contract/model.js";
import { parseMediaType } from "../http/media-type.js";
import type { Limits } from "../limits.js";
import type { Struct } from "../values.js";
import { decodeText } from "./charset.js";
import { createDecoder } from "./decode.js";
import { readEnvelope } from "./envelope.js";
import { SoapRefusal } from "./fault.js";
import { createQuickDecoder } from "./quick-decode.js";
import { readXml } from "./xml-reader.js";

/** The headers that decide how a body is read. */
export interface RequestHead {
  readonly contentType: string | undefined;
  /** `SOAPAction`; empty when there is none. */
  readonly action: string;
}

/** @throws GatewayError with every violation found */
export type RequestReader = (body: Uint8Array, head: RequestHead) => Struct;

/** Compiles the reader of a service's requests, once. */
export function createRequestReader(service: Service, limits: Limits): RequestReader {
  const decode = createDecoder(service, limits.maxViolations);
  const decodeQuickly = createQuickDecoder(service, limits);
  const usualActions = new Set([`"${soapAction(service)}"`, soapAction(service), '""', ""]);

  return (body, { contentType, action }) => {
    const mediaType = parseMediaType(contentType);
    if (mediaType?.type !== "text/xml") {
      throw new SoapRefusal("media_type", "A SOAP 1.1 request must have the Content-Type text/xml.");
    }
    const text = decodeText(body, mediaType.charset);
    const inputs = usualActions.has(action) ? decodeQuickly(text) : undefined;
    return inputs ?? decode(readEnvelope(readXml(text, limits), action, service).payload);
  };
}
