/** The body of a POST to the inputs it carries, by the quick reader for what it knows and by the complete one else. */
import type { HeaderListener } from "../call/message-header.js";
import { soapAction, soapOperations, type SoapOperation } from "../contract/soap-names.js";
import type { Service } from "../contract/model.js";
import { parseMediaType, type MediaType } from "../http/media-type.js";
import type { Limits } from "../limits.js";
import type { Struct } from "../values.js";
import { decodeText } from "./charset/charset.js";
import { contractXmlLimits } from "./xml/contract-xml-limits.js";
import { createDecoder, type Decoder } from "./decode.js";
import { readEnvelope } from "./envelope.js";
import type { HeaderKind } from "./header-kinds.js";
import { createQuickDecoder, type QuickDecoder } from "./quick/quick-decode.js";
import { SoapRefusal } from "./fault/refusals.js";
import { SOAP_RULES, type SoapRules } from "./rules.js";
import { readXml, type XmlElement } from "./xml/xml-reader.js";

/** The headers that decide how a body is read. */
export interface RequestHead {
  readonly contentType: string | undefined;
  /** `SOAPAction`; empty when there is none. */
  readonly action: string;
}

export interface SoapRequest {
  readonly operation: SoapOperation;
  /** The inputs of `main()`, whatever the operation. */
  readonly inputs: Struct;
}

/**
 * @param heard gets the header of the message, when it has one that is understood, before the request can be refused for it
 * @throws GatewayError with every violation found
 */
export type RequestReader = (body: Uint8Array, head: RequestHead, heard?: HeaderListener) => SoapRequest;

export interface RequestReaderOptions {
  readonly service: Service;
  readonly limits: Limits;
  /** Absent: those of SOAP 1.1. */
  readonly rules?: SoapRules;
  /** The header blocks that are understood. */
  readonly kinds: readonly HeaderKind[];
}

interface OperationReader {
  readonly operation: SoapOperation;
  readonly usualActions: ReadonlySet<string>;
  readonly decode: Decoder;
  readonly decodeQuickly: QuickDecoder;
}

/** Compiles the reader of a service's requests in one version of SOAP, once. */
export function createRequestReader(options: RequestReaderOptions): RequestReader {
  const { service, rules = SOAP_RULES["1.1"], kinds } = options;
  const limits = contractXmlLimits(options.limits, service);
  // The quick reader knows no header, so it may not be asked where one is required.
  const isHeaderRequired = kinds.some(({ required }) => required);
  const readers = soapOperations(service).map((operation): OperationReader => {
    const action = soapAction(service, operation);
    return {
      operation,
      usualActions: new Set([`"${action}"`, action, '""', ""]),
      decode: createDecoder(service, limits.maxViolations, operation),
      decodeQuickly: createQuickDecoder(service, limits, operation, rules),
    };
  });
  const decodeAs = (asked: SoapOperation, payload: XmlElement): Struct => {
    for (const { operation, decode } of readers) if (operation === asked) return decode(payload);
    throw new Error("The envelope was read for another service.");
  };

  return (body, head, heard) => {
    const mediaType = requireMediaType(head.contentType, rules);
    const action = actionOf(head, mediaType, rules);
    const text = decodeText(body, mediaType.charset, limits.charsets);
    for (const { operation, usualActions, decodeQuickly } of readers) {
      const inputs = usualActions.has(action) && !isHeaderRequired ? decodeQuickly(text) : undefined;
      if (inputs !== undefined) return { operation, inputs };
    }
    const { operation, payload } = readEnvelope(
      readXml(text, limits),
      action,
      { service, rules, kinds },
      heard,
    );
    return { operation, inputs: decodeAs(operation, payload) };
  };
}

/** @throws SoapRefusal `media_type` when a request of this version cannot have this `Content-Type`, or has none */
export function requireMediaType(contentType: string | undefined, rules: SoapRules): MediaType {
  const mediaType = parseMediaType(contentType);
  if (mediaType?.type === rules.mediaType) return mediaType;
  throw wrongMediaType(mediaType, rules);
}

/** Both MTOM and SOAP with Attachments put the envelope into a multipart body. */
function wrongMediaType(sent: MediaType | undefined, { version, mediaType }: SoapRules): SoapRefusal {
  const other = Object.values(SOAP_RULES).find((rules) => rules.mediaType === sent?.type);
  const hint = other === undefined ? "" : ` SOAP ${other.version} has an address of its own: see its WSDL.`;
  const what =
    sent?.type.startsWith("multipart/") === true
      ? "Attachments (MTOM, SOAP with Attachments) are not supported: send the envelope alone, with every value in it, as"
      : `A SOAP ${version} request must have the Content-Type`;
  return new SoapRefusal("media_type", `${what} ${mediaType}.${hint}`);
}

/** SOAP 1.2 has put the action into the media type (part 2, section 6.5.3); a `SOAPAction` says nothing there. */
function actionOf({ action }: RequestHead, mediaType: MediaType, { version }: SoapRules): string {
  return version === "1.1" ? action : (mediaType.action ?? "");
}
