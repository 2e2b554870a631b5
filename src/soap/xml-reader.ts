/** XML text to a bounded, namespace-aware tree of elements. The one file that knows the parser. */
import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from "saxes";
import { GatewayError } from "../errors.js";
import type { Limits } from "../limits.js";

export const XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

export interface XmlName {
  /** Namespace; empty when there is none. */
  readonly uri: string;
  readonly local: string;
}

export interface XmlAttribute extends XmlName {
  /** As written; empty when there is none. */
  readonly prefix: string;
  readonly value: string;
  /** The name that an `xsi:type` refers to. Resolved here, because only the parser knows the prefixes in scope. */
  readonly refersTo: XmlName | undefined;
}

export interface XmlElement extends XmlName {
  /** As written; empty when there is none. */
  readonly prefix: string;
  /** The namespaces that its own tag declares, by prefix; the empty prefix is the default namespace. */
  readonly declared: ReadonlyMap<string, string>;
  /** In document order, without the namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All character data directly inside, joined over comments and CDATA sections. */
  readonly text: string;
  /** Character data and elements in document order. */
  readonly content: readonly (string | XmlElement)[];
}

type Parser = SaxesParser<{ xmlns: true; forceXMLVersion: true; defaultXMLVersion: "1.0" }>;
type Draft = Omit<XmlElement, "children" | "text" | "content"> & {
  children: XmlElement[];
  text: string;
  content: (string | XmlElement)[];
};

const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

const QNAME = /^[ \t\r\n]*(?:([^\s:]+):)?([^\s:]+)[ \t\r\n]*$/;

/** Most attributes of one element; no toolkit needs a tenth of it. */
const MAX_ATTRIBUTES = 200;

/**
 * The root element of a document.
 * @throws GatewayError `invalid_input` with line and column for text that is not well-formed, or that has a document
 * type declaration or a processing instruction (WS-I R1008, R1009); `too_large` beyond the limits
 */
export function readXml(text: string, limits: Pick<Limits, "maxXmlDepth" | "maxXmlElements">): XmlElement {
  const parser: Parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: "1.0" });
  const open: Draft[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;

  parser.on("error", () => {
    throw refuse(parser, "is not well-formed XML");
  });
  parser.on("doctype", () => {
    throw refuse(parser, "has a document type declaration, which SOAP forbids");
  });
  parser.on("processinginstruction", () => {
    throw refuse(parser, "has a processing instruction, which SOAP forbids");
  });
  parser.on("xmldecl", ({ version }) => {
    if (version !== "1.0") throw refuse(parser, "is not XML 1.0");
  });
  parser.on("opentagstart", () => {
    attributes = 0;
    elements += 1;
    if (elements > limits.maxXmlElements) throw tooLarge("elements", limits.maxXmlElements);
    if (open.length >= limits.maxXmlDepth) throw tooLarge("levels of elements", limits.maxXmlDepth);
  });
  parser.on("attribute", () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES) throw tooLarge("attributes in one element", MAX_ATTRIBUTES);
  });
  parser.on("opentag", (tag) => {
    const { uri, local, prefix } = tag;
    const attributes = readAttributes(tag, parser);
    const declared = new Map(Object.entries(tag.ns));
    const draft = { uri, local, prefix, declared, attributes, children: [], text: "", content: [] };
    const parent = open.at(-1);
    if (parent === undefined) root = draft;
    parent?.children.push(draft);
    parent?.content.push(draft);
    open.push(draft);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  const addText = (piece: string): void => {
    const parent = open.at(-1);
    if (parent === undefined) return;
    parent.text += piece;
    parent.content.push(piece);
  };
  parser.on("text", addText);
  parser.on("cdata", addText);

  parser.write(text).close();
  if (root === undefined) throw refuse(parser, "has no element");
  return root;
}

function readAttributes(tag: SaxesTagNS, parser: Parser): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  for (const attribute of Object.values(tag.attributes)) {
    const { uri, local, prefix, value } = attribute;
    // The parser trims namespace names; the standard does not, and takes ` urn:x` for another namespace.
    if (uri !== XMLNS_NAMESPACE) {
      const refersTo = resolve(attribute, parser);
      attributes.push({ uri, local, prefix, value, refersTo });
    }
    if (uri === XMLNS_NAMESPACE && value !== value.trim())
      throw refuse(parser, "declares a namespace with a space around it");
  }
  return attributes;
}

function resolve(attribute: SaxesAttributeNS, parser: Parser): XmlName | undefined {
  if (attribute.uri !== XSI_NAMESPACE || attribute.local !== "type") return undefined;
  const [, prefix = "", local] = QNAME.exec(attribute.value) ?? [];
  const uri = parser.resolve(prefix) ?? (prefix === "" ? "" : undefined);
  return uri === undefined || local === undefined ? undefined : { uri, local };
}

/** The place is told, the content never: the parser's own messages quote what the caller sent. */
function refuse(parser: Parser, what: string): GatewayError {
  return new GatewayError(
    "invalid_input",
    `The request ${what} (line ${parser.line}, column ${parser.column}).`,
  );
}

function tooLarge(what: string, limit: number): GatewayError {
  return new GatewayError("too_large", `The request has more than ${limit} ${what}.`);
}
