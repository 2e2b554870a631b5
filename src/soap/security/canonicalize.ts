/**
 * Exclusive XML Canonicalization 1.0 without comments (W3C Recommendation of 18 July 2002), over the very tree from
 * which a request is read: what is verified is what is used, and nothing is parsed twice.
 */
import type { XmlAttribute, XmlElement } from "../xml/xml-reader.js";

/** An element with those around it, the outermost first: its namespaces may be declared there. */
export interface Placed {
  readonly element: XmlElement;
  readonly ancestors: readonly XmlElement[];
}

/** Namespaces by prefix; the empty prefix is the default namespace. */
type Scope = ReadonlyMap<string, string>;

/**
 * The canonical form of an element and all that it holds, to be written in UTF-8.
 * @param inclusive prefixes whose namespaces are rendered where they are declared, used or not; the default namespace
 * is the empty text (`#default` in an InclusiveNamespaces list)
 */
export function canonicalize({ element, ancestors }: Placed, inclusive: ReadonlySet<string>): string {
  const pieces: string[] = [];
  const inScope = new Map<string, string>();
  for (const ancestor of ancestors) {
    for (const prefix of inclusive) {
      const uri = ancestor.declared.get(prefix);
      if (uri !== undefined) inScope.set(prefix, uri);
    }
  }
  pushElement(element, inclusive, inScope, EMPTY, pieces);
  return pieces.join("");
}

const EMPTY: Scope = new Map();

/**
 * @param pending inclusive namespaces that are declared further out
 * @param rendered namespaces that the canonical form has declared so far, around this element
 */
function pushElement(
  element: XmlElement,
  inclusive: ReadonlySet<string>,
  pending: Scope,
  rendered: Scope,
  pieces: string[],
): void {
  const needed = neededNamespaces(element, inclusive, pending, rendered);
  const name = qualified(element.prefix, element.local);
  pieces.push("<", name);
  let scope = rendered;
  if (needed.length > 0) {
    const wider = new Map(rendered);
    for (const [prefix, uri] of needed) {
      pieces.push(prefix === "" ? " xmlns" : ` xmlns:${prefix}`, '="', escapeAttribute(uri), '"');
      wider.set(prefix, uri);
    }
    scope = wider;
  }
  for (const attribute of sorted(element.attributes)) {
    pieces.push(
      " ",
      qualified(attribute.prefix, attribute.local),
      '="',
      escapeAttribute(attribute.value),
      '"',
    );
  }
  pieces.push(">");
  for (const part of element.content) {
    if (typeof part === "string") pieces.push(escapeText(part));
    else pushElement(part, inclusive, EMPTY, scope, pieces);
  }
  pieces.push("</", name, ">");
}

/** Section 3: the namespaces that this element uses visibly or declares inclusively, where they are not rendered yet. */
function neededNamespaces(
  { prefix, uri, attributes, declared }: XmlElement,
  inclusive: ReadonlySet<string>,
  pending: Scope,
  rendered: Scope,
): readonly (readonly [prefix: string, uri: string])[] {
  const isUsual = attributes.length === 0 && inclusive.size === 0;
  if (isUsual && (rendered.get(prefix) ?? "") === uri) return [];
  const wanted = new Map<string, string>([[prefix, uri]]);
  for (const attribute of attributes) {
    if (attribute.prefix !== "") wanted.set(attribute.prefix, attribute.uri);
  }
  for (const scope of inclusive.size === 0 ? [] : [pending, declared]) {
    for (const [name, value] of scope) if (inclusive.has(name)) wanted.set(name, value);
  }
  // Section 3.3: the namespace of `xml` is never declared, and no default namespace is the same as none.
  return [...wanted]
    .filter(([name, value]) => name !== "xml" && (rendered.get(name) ?? "") !== value)
    .sort(([one], [other]) => compareCodePoints(one, other));
}

/** By namespace, then by local name; what has no namespace comes first (Canonical XML 1.0, section 2.2). */
function sorted(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  if (attributes.length < 2) return attributes;
  return [...attributes].sort(
    (one, other) => compareCodePoints(one.uri, other.uri) || compareCodePoints(one.local, other.local),
  );
}

/** The order of code points, which is that of UTF-8; the order of UTF-16 differs beyond the first plane. */
function compareCodePoints(one: string, other: string): number {
  const isPlain = !SURROGATE.test(one) && !SURROGATE.test(other);
  if (!isPlain) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

const SURROGATE = /[\uD800-\uDFFF]/;

function qualified(prefix: string, local: string): string {
  return prefix === "" ? local : `${prefix}:${local}`;
}

/** Canonical XML 1.0, section 2.3: a `>` is escaped in text, and not in an attribute. */
function escapeText(text: string): string {
  return IN_TEXT.test(text) ? text.replace(EVERY_IN_TEXT, escapeCharacter) : text;
}

function escapeAttribute(value: string): string {
  return IN_ATTRIBUTE.test(value) ? value.replace(EVERY_IN_ATTRIBUTE, escapeCharacter) : value;
}

const IN_TEXT = /[&<>\r]/;
const EVERY_IN_TEXT = /[&<>\r]/g;
const IN_ATTRIBUTE = /[&<"\t\n\r]/;
const EVERY_IN_ATTRIBUTE = /[&<"\t\n\r]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? character;
}
