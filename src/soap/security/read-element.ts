/** Reading the elements of a Security header: what is not known there is refused, because it cannot be honoured. */
import { collapse } from "../scalars.js";
import type { XmlElement } from "../xml/xml-reader.js";
import { SecurityRefusal } from "./refusal.js";

/**
 * The children of an element, each at most once.
 * @param known their local names with the namespace of each
 * @throws SecurityRefusal for any other child, a second one, and text
 */
export function childrenOf<Name extends string>(
  element: XmlElement,
  known: Readonly<Record<Name, string>>,
): Partial<Record<Name, XmlElement>> {
  const isKnown = (name: string): name is Name => Object.hasOwn(known, name);
  const found: Partial<Record<Name, XmlElement>> = {};
  refuseText(element);
  for (const child of element.children) {
    const { local, uri } = child;
    if (!isKnown(local) || known[local] !== uri) {
      const message = `${element.local} may only hold ${Object.keys(known).join(", ")} here.`;
      throw new SecurityRefusal("UnsupportedSecurityToken", message);
    }
    if (found[local] !== undefined) throw invalid(`${element.local} holds ${local} twice.`);
    found[local] = child;
  }
  return found;
}

/** @throws SecurityRefusal when an element of structure holds text */
export function refuseText({ local, text }: XmlElement): void {
  if (collapse(text) !== "") throw invalid(`${local} holds text beside its elements.`);
}

/** The text of an element that holds nothing else. */
export function textOf({ local, children, text }: XmlElement): string {
  if (children.length > 0) throw invalid(`${local} may hold text only.`);
  return text;
}

/** The value of an attribute without a namespace; `undefined` when it is not there. */
export function attributeOf({ attributes }: XmlElement, name: string, uri = ""): string | undefined {
  return attributes.find((attribute) => attribute.local === name && attribute.uri === uri)?.value;
}

const BLANKS = /[ \t\r\n]+/g;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes of an `xs:base64Binary`: blanks may stand between the digits, nothing else may, and only the one
 * spelling of each byte sequence is taken, so that equal bytes have equal texts.
 * @throws SecurityRefusal also for no bytes, and for more than `maxBytes`
 */
export function bytesOf(element: XmlElement, maxBytes: number): Buffer {
  const text = textOf(element);
  const digits = text.length > 2 * maxBytes + 100 ? "" : text.replace(BLANKS, "");
  const bytes = BASE64.test(digits) ? Buffer.from(digits, "base64") : Buffer.alloc(0);
  if (bytes.length > 0 && bytes.length <= maxBytes && bytes.toString("base64") === digits) return bytes;
  throw invalid(`${element.local} must hold 1 to ${maxBytes} bytes in base64.`);
}

function invalid(message: string): SecurityRefusal {
  return new SecurityRefusal("InvalidSecurity", message);
}
