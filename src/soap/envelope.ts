/** The envelope of a request, checked (SOAP 1.1 section 4, WS-I Basic Profile 1.1; SOAP 1.2 part 1 section 5). */
import { soapOperations, type SoapOperation } from "../contract/soap-names.js";
import type { Service } from "../contract/model.js";
import type { HeaderListener } from "../call/message-header.js";
import { GatewayError } from "../errors.js";
import { quoteName } from "./fault/fault-text.js";
import { readHeader, type HeaderKind } from "./header-kinds.js";
import { SoapRefusal } from "./fault/refusals.js";
import { SOAP_RULES, type SoapRules } from "./rules.js";
import { collapse } from "./scalars.js";
import { operationsNamed, wrongAction } from "./soap-action.js";
import type { XmlElement, XmlName } from "./xml/xml-reader.js";

export interface Envelope {
  /** What the payload asks for. */
  readonly operation: SoapOperation;
  /** The only child of the body: the operation's wrapper element. */
  readonly payload: XmlElement;
}

export interface EnvelopeOptions {
  readonly service: Service;
  readonly rules: SoapRules;
  /** The header blocks that are understood. */
  readonly kinds: readonly HeaderKind[];
}

/**
 * Checks everything around the payload, in the order in which SOAP wants it answered: version, headers, body.
 * @param action what the request says it asks for, as received; empty when it says nothing
 * @param heard gets the header before anything that it says can be a reason for refusing the request
 * @throws GatewayError `unsupported` for another SOAP version or a header that must be understood; `invalid_input`;
 * `not_found` when the body asks for another operation
 */
export function readEnvelope(
  root: XmlElement,
  action: string,
  { service, rules, kinds }: EnvelopeOptions,
  heard?: HeaderListener,
): Envelope {
  if (root.local !== "Envelope")
    throw invalid("The request is not a SOAP envelope: its root element must be Envelope.");
  if (root.uri !== rules.namespace) {
    const isOlder = rules.version === "1.2" && root.uri === SOAP_RULES["1.1"].namespace;
    throw new SoapRefusal(
      isOlder ? "older_version" : "version",
      `Only SOAP ${rules.version} is answered here: the envelope must be in ${rules.namespace}.`,
    );
  }
  refuseText(root);
  const { header, body } = splitEnvelope(root, rules);
  const isOurs = (block: XmlElement): boolean => isForUs(block, rules);
  const blocks = header?.children ?? [];
  if (blocks.length > MOST_BLOCKS) throw tooManyBlocks();
  const unknown = blocks.filter((block) => {
    const understood = kinds.some((kind) => kind.understands(block));
    return mustUnderstand(block, rules) && isOurs(block) && !understood;
  });
  const reading = readHeader(kinds, { envelope: root, blocks: blocks.filter(isOurs), body, action });
  heard?.(reading.header);
  // Before any problem of a block that is understood: SOAP wants this answered first.
  if (unknown.length > 0) throw notUnderstood(unknown);
  if (reading.problem !== undefined) throw reading.problem;
  const named = operationsNamed(action, service);
  const { operation, payload } = readPayload(body, service);
  if (!named.includes(operation)) throw wrongAction(service, operation);
  return { operation, payload };
}

/** Every block is asked for by every kind of header that is understood; toolkits send a handful. */
const MOST_BLOCKS = 100;

function tooManyBlocks(): GatewayError {
  return new GatewayError("too_large", `The Header has more than ${MOST_BLOCKS} blocks: leave some out.`);
}

function splitEnvelope(
  root: XmlElement,
  { namespace }: SoapRules,
): {
  readonly header: XmlElement | undefined;
  readonly body: XmlElement;
} {
  for (const part of [root, ...root.children]) {
    if (part !== root && part.uri !== namespace)
      throw invalid("The envelope holds more than Header and Body.");
    const own = part.attributes.find(({ uri }) => uri === namespace)?.local;
    if (own === "encodingStyle")
      throw invalid("The envelope names an encodingStyle: this service takes literal XML only.");
    if (own !== undefined)
      throw invalid("Envelope, Header and Body must not have attributes of the envelope's namespace.");
  }
  const order = root.children.map((part) => part.local).join(" ");
  const [first, second] = root.children;
  if (order === "Body" && first !== undefined) return { header: undefined, body: first };
  if (order === "Header Body" && first !== undefined && second !== undefined)
    return { header: first, body: second };
  throw invalid("The envelope must hold one optional Header, one Body and nothing after it.");
}

/** Whether a header block must be understood by whom it is for. */
function mustUnderstand(block: XmlElement, { namespace, booleans }: SoapRules): boolean {
  const said = booleans.get(collapse(attributeOf(block, namespace, "mustUnderstand") ?? "0"));
  if (said !== undefined) return said;
  throw invalid(`mustUnderstand must be ${[...booleans.keys()].sort().join(" or ")}.`);
}

function isForUs(block: XmlElement, { namespace, roleAttribute, roles }: SoapRules): boolean {
  return roles.has(attributeOf(block, namespace, roleAttribute) ?? "");
}

function attributeOf({ attributes }: XmlElement, uri: string, local: string): string | undefined {
  return attributes.find((attribute) => attribute.uri === uri && attribute.local === local)?.value;
}

/** SOAP 1.1 has no other place to say which header is meant. */
const MOST_NAMED = 3;

function notUnderstood(blocks: readonly XmlName[]): GatewayError {
  const names = [...new Set(blocks.map(({ local }) => local))];
  const named = names.slice(0, MOST_NAMED).map(quoteName).join(", ");
  const more = names.length > MOST_NAMED ? " and others" : "";
  return new SoapRefusal(
    "must_understand",
    `This service does not understand the header ${named}${more}, which must be understood: leave it out.`,
    blocks.map(({ uri, local }) => ({ uri, local })),
  );
}

function readPayload(
  body: XmlElement,
  service: Service,
): { readonly operation: SoapOperation; readonly payload: XmlElement } {
  refuseText(body);
  const [payload, ...more] = body.children;
  if (payload === undefined || more.length > 0) throw invalid("The Body must hold exactly one element.");
  const operations = soapOperations(service);
  const operation = operations.find(
    ({ name }) => payload.local === name && payload.uri === service.namespace,
  );
  if (operation === undefined) {
    const names = operations.map(({ name }) => name).join(" or ");
    throw new GatewayError(
      "not_found",
      `The Body asks for an operation that this service does not have: send the element ${names} of the namespace ${service.namespace}.`,
    );
  }
  return { operation, payload };
}

function refuseText(element: XmlElement): void {
  if (/[^ \t\r\n]/.test(element.text)) throw invalid("The envelope holds text between its elements.");
}

function invalid(message: string): GatewayError {
  return new GatewayError("invalid_input", message);
}
