/** The envelope of a request, checked (SOAP 1.1 section 4, WS-I Basic Profile 1.1; SOAP 1.2 part 1 section 5). */
import { soapAction, soapOperations, type SoapOperation } from "../contract/soap-names.js";
import type { Service } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { SoapRefusal } from "./fault.js";
import { SOAP_RULES, type SoapRules } from "./rules.js";
import { collapse } from "./scalars.js";
import type { XmlElement } from "./xml-reader.js";

export interface Envelope {
  /** The header blocks, all of them optional to understand. */
  readonly headers: readonly XmlElement[];
  /** What the payload asks for. */
  readonly operation: SoapOperation;
  /** The only child of the body: the operation's wrapper element. */
  readonly payload: XmlElement;
}

/**
 * Checks everything around the payload, in the order in which SOAP wants it answered: version, headers, body.
 * @param action what the request says it asks for, as received; empty when it says nothing
 * @throws GatewayError `unsupported` for another SOAP version or a header that must be understood; `invalid_input`;
 * `not_found` when the body asks for another operation
 */
export function readEnvelope(
  root: XmlElement,
  action: string,
  service: Service,
  rules: SoapRules = SOAP_RULES["1.1"],
): Envelope {
  if (root.local !== "Envelope") throw invalid("The request is not a SOAP envelope.");
  if (root.uri !== rules.namespace) {
    const isOlder = rules.version === "1.2" && root.uri === SOAP_RULES["1.1"].namespace;
    throw new SoapRefusal(
      isOlder ? "older_version" : "version",
      `Only SOAP ${rules.version} is answered here: the envelope must be in ${rules.namespace}.`,
    );
  }
  refuseText(root);
  const { header, body } = splitEnvelope(root, rules);
  const headers = header?.children ?? [];
  for (const block of headers) checkHeader(block, rules);
  const named = namedOperations(action, service);
  const { operation, payload } = readPayload(body, service);
  if (!named.includes(operation)) throw wrongAction(service, operation);
  return { headers, operation, payload };
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
    const encoded = part.attributes.some(({ uri, local }) => uri === namespace && local === "encodingStyle");
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
function checkHeader(block: XmlElement, { namespace, roleAttribute, roles, booleans }: SoapRules): void {
  const attribute = (local: string): string | undefined =>
    block.attributes.find((candidate) => candidate.uri === namespace && candidate.local === local)?.value;
  const mustUnderstand = booleans.get(collapse(attribute("mustUnderstand") ?? "0"));
  if (mustUnderstand === undefined) {
    throw invalid(`mustUnderstand must be ${[...booleans.keys()].sort().join(" or ")}.`);
  }
  if (mustUnderstand && roles.has(attribute(roleAttribute) ?? "")) {
    throw new SoapRefusal(
      "must_understand",
      "A header that must be understood is not supported by this service.",
    );
  }
}

/** The body alone decides the operation; an action that says otherwise could fool whoever filters by it. */
function namedOperations(action: string, service: Service): readonly SoapOperation[] {
  const named = action.trim().replace(/^"(.*)"$/s, "$1");
  const operations = soapOperations(service);
  if (named === "") return operations;
  const found = operations.filter((operation) => soapAction(service, operation) === named);
  if (found.length === 0) throw wrongAction(service, service.operation);
  return found;
}

function wrongAction(service: Service, operation: SoapOperation): GatewayError {
  return invalid(
    `The SOAP action is not that of the operation: send "${soapAction(service, operation)}" for ${operation.name}.`,
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
