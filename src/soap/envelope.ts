/** The SOAP 1.1 envelope of a request, checked (SOAP 1.1 section 4; WS-I Basic Profile 1.1). */
import { soapAction } from "../contract/soap-names.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { SoapRefusal } from "./fault.js";
import type { XmlElement } from "./xml-reader.js";

export const ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";
const NEXT_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next";

export interface Envelope {
  /** The header blocks, all of them optional to understand. */
  readonly headers: readonly XmlElement[];
  /** The only child of the body: the operation's wrapper element. */
  readonly payload: XmlElement;
}

/**
 * Checks everything around the payload, in the order in which SOAP 1.1 wants it answered: version, headers, body.
 * @param action the `SOAPAction` header as received; empty when there is none
 * @throws GatewayError `unsupported` for another SOAP version or a header that must be understood; `invalid_input`;
 * `not_found` when the body asks for another operation
 */
export function readEnvelope(root: XmlElement, action: string, service: Service): Envelope {
  if (root.local !== "Envelope") throw invalid("The request is not a SOAP envelope.");
  if (root.uri !== ENVELOPE_NAMESPACE) {
    throw new SoapRefusal(
      "version",
      `Only SOAP 1.1 is answered here: the envelope must be in ${ENVELOPE_NAMESPACE}.`,
    );
  }
  refuseText(root);
  const { header, body } = splitEnvelope(root);
  const headers = header?.children ?? [];
  for (const block of headers) checkHeader(block);
  checkAction(action, service);
  return { headers, payload: readPayload(body, service) };
}

function splitEnvelope(root: XmlElement): {
  readonly header: XmlElement | undefined;
  readonly body: XmlElement;
} {
  for (const part of [root, ...root.children]) {
    if (part !== root && part.uri !== ENVELOPE_NAMESPACE)
      throw invalid("The envelope holds more than Header and Body.");
    const encoded = part.attributes.some(
      ({ uri, local }) => uri === ENVELOPE_NAMESPACE && local === "encodingStyle",
    );
    if (encoded) throw invalid("The envelope names an encodingStyle: this service takes literal XML only.");
  }
  const order = root.children.map((part) => part.local).join(" ");
  const [first, second] = root.children;
  if (order === "Body" && first !== undefined) return { header: undefined, body: first };
  if (order === "Header Body" && first !== undefined && second !== undefined)
    return { header: first, body: second };
  throw invalid("The envelope must hold one optional Header, one Body and nothing after it.");
}

/** A header block meant for us that must be understood: none is, so it is refused; any other is left alone. */
function checkHeader(block: XmlElement): void {
  const attribute = (local: string): string | undefined =>
    block.attributes.find((candidate) => candidate.uri === ENVELOPE_NAMESPACE && candidate.local === local)
      ?.value;
  const mustUnderstand = attribute("mustUnderstand") ?? "0";
  const actor = attribute("actor") ?? "";
  if (mustUnderstand !== "0" && mustUnderstand !== "1") throw invalid("mustUnderstand must be 0 or 1.");
  if (mustUnderstand === "1" && (actor === "" || actor === NEXT_ACTOR)) {
    throw new SoapRefusal(
      "must_understand",
      "A header that must be understood is not supported by this service.",
    );
  }
}

/** The body alone decides the operation; a SOAPAction that says otherwise could fool whoever filters by it. */
function checkAction(action: string, service: Service): void {
  const named = action.trim().replace(/^"(.*)"$/s, "$1");
  if (named !== "" && named !== soapAction(service)) {
    throw invalid(`The SOAPAction header is not this service's: send "${soapAction(service)}".`);
  }
}

function readPayload(body: XmlElement, service: Service): XmlElement {
  refuseText(body);
  const [payload, ...more] = body.children;
  if (payload === undefined || more.length > 0) throw invalid("The Body must hold exactly one element.");
  const { name } = service.operation;
  if (payload.local !== name || payload.uri !== service.namespace) {
    throw new GatewayError(
      "not_found",
      `The Body asks for an operation that this service does not have: send the element ${name} of the namespace ${service.namespace}.`,
    );
  }
  return payload;
}

function refuseText(element: XmlElement): void {
  if (/[^ \t\r\n]/.test(element.text)) throw invalid("The envelope holds text between its elements.");
}

function invalid(message: string): GatewayError {
  return new GatewayError("invalid_input", message);
}
