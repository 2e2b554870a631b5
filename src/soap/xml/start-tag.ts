/** The tag that begins an element: its name and attributes, their namespaces, and the bounds on all of them. */
import { mayBind, type Namespaces } from "./namespaces.js";
import { XSI_NAMESPACE, type XmlAttribute, type XmlElement, type XmlName } from "./xml-element.js";
import type { QName, XmlScanner } from "./xml-scanner.js";

/** An element that is being read: what it holds is still added to. */
export interface Draft extends XmlElement {
  children: XmlElement[];
  /** The very list that `children` is, as long as there is no text. */
  content: (string | XmlElement)[];
  text: string;
}

export interface StartTag {
  readonly element: Draft;
  /** Whether the element ends with its tag, as `<a/>` does. */
  readonly isEmpty: boolean;
}

interface Written extends QName {
  readonly value: string;
}

const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;

/** Up to so many attributes are compared with one another; a set costs more than that. */
const FEW = 8;

const NOTHING_DECLARED: ReadonlyMap<string, string> = new Map();
const NO_ATTRIBUTES: readonly never[] = [];

/** Shared by all elements that stay empty, as most of a hostile document may be; replaced when something is added. */
export const NOTHING_INSIDE: never[] = [];

const QUALIFIED = /^[ \t\r\n]*(?:([^\s:]+):)?([^\s:]+)[ \t\r\n]*$/;

/**
 * Reads a start tag behind its `<`. Its namespaces are entered; whoever ends the element leaves them.
 * @throws GatewayError `invalid_input` for a tag that is not well-formed (XML 1.0, section 3.1; Namespaces in XML 1.0,
 * sections 3 to 6); `too_large` beyond a limit
 */
export function readStartTag(scanner: XmlScanner, namespaces: Namespaces): StartTag {
  const { limits } = scanner;
  const name = scanner.qName();
  // Made when the first one comes: most elements have neither.
  let declared: Map<string, string> | undefined;
  let written: Written[] | undefined;
  for (;;) {
    const spaced = scanner.skipSpace();
    const isEmpty = scanner.takeCode(SLASH);
    if (scanner.takeCode(GREATER)) {
      const own = declared ?? NOTHING_DECLARED;
      namespaces.enter(own);
      if (namespaces.size > limits.maxXmlNamespacesInScope) throw scanner.exceeds("maxXmlNamespacesInScope");
      return { element: resolve(scanner, namespaces, name, own, written), isEmpty };
    }
    if (isEmpty || !spaced) throw scanner.malformed("a start tag is not closed, or a space is missing in it");
    const attribute = readAttribute(scanner);
    const prefix = declaredPrefix(attribute);
    if (prefix !== undefined) {
      declared ??= new Map<string, string>();
      declare(scanner, declared, prefix, attribute.value);
    } else {
      (written ??= []).push(attribute);
      if (written.length > limits.maxXmlAttributes) throw scanner.exceeds("maxXmlAttributes");
      const { length } = attribute.value;
      if (length > limits.maxXmlAttributeLength) throw scanner.exceeds("maxXmlAttributeLength");
    }
  }
}

function readAttribute(scanner: XmlScanner): Written {
  const { prefix, local } = scanner.qName();
  scanner.skipSpace();
  if (!scanner.takeCode(EQUALS)) throw scanner.malformed('an attribute must have a "=" and a value');
  scanner.skipSpace();
  return { prefix, local, value: scanner.attributeValue() };
}

/** The prefix that a namespace declaration binds, empty for the default namespace; `undefined` for other attributes. */
function declaredPrefix({ prefix, local }: QName): string | undefined {
  if (prefix === "xmlns") return local;
  return prefix === "" && local === "xmlns" ? "" : undefined;
}

function declare(scanner: XmlScanner, declared: Map<string, string>, prefix: string, uri: string): void {
  if (declared.has(prefix)) throw scanner.malformed("an attribute is repeated");
  if (!mayBind(prefix, uri)) throw scanner.malformed("a prefix must not be bound to this namespace");
  declared.set(prefix, uri);
  const { maxXmlNamespaces, maxXmlNamespaceLength } = scanner.limits;
  if (declared.size > maxXmlNamespaces) throw scanner.exceeds("maxXmlNamespaces");
  if (uri.length > maxXmlNamespaceLength) throw scanner.exceeds("maxXmlNamespaceLength");
}

function resolve(
  scanner: XmlScanner,
  namespaces: Namespaces,
  { prefix, local }: QName,
  declared: ReadonlyMap<string, string>,
  written: readonly Written[] = NO_ATTRIBUTES,
): Draft {
  const uri = namespaces.resolve(prefix);
  if (uri === undefined) throw undeclared(scanner);
  const attributes = written.length === 0 ? NO_ATTRIBUTES : resolveAll(scanner, namespaces, written);
  // Every property is named here: a spread makes objects that take ten times as long, and there are many of these.
  return {
    uri,
    local,
    prefix,
    declared,
    attributes,
    children: NOTHING_INSIDE,
    content: NOTHING_INSIDE,
    text: "",
  };
}

function resolveAll(
  scanner: XmlScanner,
  namespaces: Namespaces,
  written: readonly Written[],
): readonly XmlAttribute[] {
  const attributes = written.map(({ prefix, local, value }): XmlAttribute => {
    // The default namespace does not hold for attributes (Namespaces in XML 1.0, section 6.2).
    const uri = prefix === "" ? "" : namespaces.resolve(prefix);
    if (uri === undefined) throw undeclared(scanner);
    const isType = uri === XSI_NAMESPACE && local === "type";
    return { uri, local, prefix, value, refersTo: isType ? referredTo(value, namespaces) : undefined };
  });
  // By namespace and name: two prefixes of one namespace give the same attribute twice (section 6.3).
  if (hasRepeated(attributes)) throw scanner.malformed("an attribute is repeated");
  return attributes;
}

function hasRepeated(attributes: readonly XmlAttribute[]): boolean {
  if (attributes.length > FEW) {
    return new Set(attributes.map(({ uri, local }) => `{${uri}}${local}`)).size < attributes.length;
  }
  return attributes.some(({ uri, local }, index) => {
    for (let other = 0; other < index; other += 1) {
      const before = attributes[other];
      if (before?.local === local && before.uri === uri) return true;
    }
    return false;
  });
}

function referredTo(value: string, namespaces: Namespaces): XmlName | undefined {
  const [, prefix = "", local] = QUALIFIED.exec(value) ?? [];
  const uri = namespaces.resolve(prefix);
  return uri === undefined || local === undefined ? undefined : { uri, local };
}

function undeclared(scanner: XmlScanner): Error {
  return scanner.malformed("a prefix is not declared");
}
