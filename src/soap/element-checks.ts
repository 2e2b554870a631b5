/** What XML Schema says about every element whatever its type: attributes, `xsi:nil`, `xsi:type`, stray text. */
import { quoteName } from "./fault/fault-text.js";
import { collapse } from "./scalars.js";
import type { Violations } from "./violations.js";
import { XSI_NAMESPACE, type XmlElement, type XmlName } from "./xml/xml-reader.js";

export interface ElementRule {
  /** The declared type; `undefined` for an anonymous one, which no `xsi:type` can name. */
  readonly type: XmlName | undefined;
  readonly nillable: boolean;
}

/** Whether character data other than white space stands directly in the element. */
export function hasText(element: XmlElement): boolean {
  return /[^ \t\r\n]/.test(element.text);
}

/**
 * Checks the attributes of an element: those of XML Schema itself and no others. `xsi:type` may only repeat the
 * declared type: substitution would let a caller choose how its data is read.
 * @returns true when the element is nil and, as it must be, empty
 */
export function checkAttributes(
  element: XmlElement,
  rule: ElementRule,
  path: string,
  violations: Violations,
): boolean {
  let nil = false;
  for (const { uri, local, value, refersTo } of element.attributes) {
    const name = uri === XSI_NAMESPACE ? local : "";
    if (name === "schemaLocation" || name === "noNamespaceSchemaLocation") continue;
    if (name === "type") {
      const declared = refersTo?.uri === rule.type?.uri && refersTo?.local === rule.type?.local;
      if (rule.type === undefined || !declared)
        violations.add(path, "The xsi:type is not the declared type.");
    } else if (name === "nil") {
      nil = checkNil(collapse(value), rule, path, violations);
    } else {
      violations.add(path, `The attribute ${quoteName(local)} is not expected here.`);
    }
  }
  if (nil && (element.children.length > 0 || element.text !== "")) {
    violations.add(path, "Must be empty, because it is nil.");
  }
  return nil;
}

/** XML-binary Optimized Packaging: an element that stands for an attachment, as MTOM has it. */
const XOP_NAMESPACE = "http://www.w3.org/2004/08/xop/include";

const NO_ATTACHMENTS = "Attachments (MTOM) are not supported: send the value itself instead of xop:Include.";

/** What is wrong with a child where none of its name may stand. */
export function unexpectedChild({ uri, local }: XmlName): string {
  return uri === XOP_NAMESPACE
    ? NO_ATTACHMENTS
    : `The element ${quoteName(local)} is not expected here: see the WSDL for names and namespace.`;
}

/** What is wrong with an element whose text is not a value of its type. */
export function unexpectedContent({ children }: XmlElement, expected: string): string {
  return children.some(({ uri }) => uri === XOP_NAMESPACE) ? NO_ATTACHMENTS : `Must be ${expected}.`;
}

function checkNil(value: string, rule: ElementRule, path: string, violations: Violations): boolean {
  const nil = value === "true" || value === "1";
  if (!rule.nillable)
    violations.add(path, nil ? "Is required and must not be nil." : "Must not have xsi:nil.");
  else if (!nil && value !== "false" && value !== "0")
    violations.add(path, "The xsi:nil must be true or false.");
  return nil;
}
