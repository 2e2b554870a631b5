/** libxml2 and saxes as second and third opinion on what a document says, in one form that can be compared. */
import {
  ParseOption,
  XmlComment,
  XmlDocument,
  XmlElement as Libxml2Element,
  XmlParseError,
} from "libxml2-wasm";
import { SaxesParser } from "saxes";
import type { XmlElement } from "../../src/soap/xml/xml-reader.js";

/** Everything that a document says but its comments, with declarations and attributes sorted. */
export interface Tree {
  readonly name: string;
  readonly declared: readonly string[];
  readonly attributes: readonly string[];
  readonly content: readonly (string | Tree)[];
}

/**
 * `undefined` for a document that is not well-formed, or has what SOAP forbids. "no opinion" where the other reader is
 * known to go beyond the specification, or to stay behind it; each place says how.
 */
export type Oracle = (text: string) => Tree | "no opinion" | undefined;

const XMLNS = "http://www.w3.org/2000/xmlns/";

export function treeOf(element: XmlElement): Tree {
  return {
    name: named(element.prefix, element.uri, element.local),
    declared: printDeclared([...element.declared]),
    attributes: element.attributes
      .map(({ prefix, uri, local, value }) => `${named(prefix, uri, local)}=${value}`)
      .sort(),
    content: element.content.map((piece) => (typeof piece === "string" ? piece : treeOf(piece))),
  };
}

/**
 * libxml2 checks that a namespace name is a URI, which Namespaces in XML 1.0 leaves to others (section 3), and that an
 * `xml:id` is a name and the only one, which is a recommendation of its own.
 */
const WARNING = 1;
const BEYOND_XML = /is not a valid URI|xml:id : attribute value|^ID .* already defined/s;

export const readWithLibxml2: Oracle = (text) => {
  let document: XmlDocument;
  try {
    // Without its own bounds, because ours are tested by themselves; and whatever encoding is declared, text is text.
    document = XmlDocument.fromString(text, { encoding: "utf-8", option: ParseOption.XML_PARSE_HUGE });
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const errors = error.details.filter(({ level }) => level > WARNING);
    return errors.every(({ message }) => BEYOND_XML.test(message)) ? "no opinion" : undefined;
  }
  try {
    const { root } = document;
    // A processing instruction or type declaration is a neighbour of the root, or a node of a kind that is not known.
    return /<\?(?!xml[ \t\r\n])|<!DOCTYPE/.test(withoutCdataAndComments(text))
      ? undefined
      : libxml2Tree(root);
  } finally {
    document.dispose();
  }
};

function withoutCdataAndComments(text: string): string {
  return text.replace(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>/g, "");
}

function libxml2Tree(element: Libxml2Element): Tree {
  const content: (string | Tree)[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof Libxml2Element) content.push(libxml2Tree(node));
    else if (!(node instanceof XmlComment)) addText(content, node.content);
  }
  return {
    name: named(element.prefix, element.namespaceUri, element.name),
    declared: printDeclared(Object.entries(element.nsDeclarations)),
    attributes: element.attrs
      .map(({ prefix, namespaceUri, name, value }) => `${named(prefix, namespaceUri, name)}=${value}`)
      .sort(),
    content,
  };
}

/** saxes does not ask what stands behind a colon to begin as a name does (Namespaces in XML 1.0, section 4). */
const NO_NAME = /^[-.0-9\u00b7\u0300]/;

export const readWithSaxes: Oracle = (text) => {
  const refusal = new Error("refused");
  const seen = { known: false };
  const refuse = (): never => {
    throw refusal;
  };
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: "1.0" });
  const open: { tree: Tree; content: (string | Tree)[] }[] = [];
  const roots: Tree[] = [];
  const take = (piece: string): void => {
    const parent = open.at(-1);
    if (parent !== undefined) addText(parent.content, piece);
  };
  parser.on("error", refuse);
  parser.on("doctype", refuse);
  parser.on("processinginstruction", refuse);
  parser.on("xmldecl", ({ version }) => {
    if (version !== "1.0") refuse();
  });
  parser.on("attribute", ({ prefix, local, value }) => {
    // It trims namespace names. The standard compares them character by character (Namespaces in XML 1.0, section 2.3).
    const isDeclaration = prefix === "xmlns" || (prefix === "" && local === "xmlns");
    if (isDeclaration && value !== value.trim()) seen.known = true;
    if (NO_NAME.test(local)) seen.known = true;
  });
  parser.on("opentagstart", ({ name }) => {
    if (NO_NAME.test(name.split(":")[1] ?? "")) seen.known = true;
  });
  parser.on("opentag", ({ prefix, uri, local, ns, attributes }) => {
    const content: (string | Tree)[] = [];
    const tree = {
      name: named(prefix, uri, local),
      declared: printDeclared(Object.entries(ns)),
      attributes: Object.values(attributes)
        .filter((attribute) => attribute.uri !== XMLNS)
        .map((attribute) => `${named(attribute.prefix, attribute.uri, attribute.local)}=${attribute.value}`)
        .sort(),
      content,
    };
    (open.at(-1)?.content ?? roots).push(tree);
    open.push({ tree, content });
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", take);
  parser.on("cdata", take);
  try {
    parser.write(text).close();
  } catch (error) {
    if (error !== refusal) throw error;
    return seen.known ? "no opinion" : undefined;
  }
  return seen.known ? "no opinion" : roots[0];
};

/** Without that of `xml`, which says nothing and which libxml2 does not keep. */
function printDeclared(declared: readonly (readonly [string, string])[]): string[] {
  return declared
    .filter(([prefix]) => prefix !== "xml")
    .map(([prefix, uri]) => `${prefix}=${uri}`)
    .sort();
}

function named(prefix: string, uri: string, local: string): string {
  return `${prefix}:{${uri}}${local}`;
}

function addText(content: (string | Tree)[], text: string): void {
  const last = content.at(-1);
  if (text === "") return;
  if (typeof last === "string") content[content.length - 1] = last + text;
  else content.push(text);
}
