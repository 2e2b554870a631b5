/**
 * XML text to a bounded tree of elements: XML 1.0 (fifth edition) with Namespaces 1.0 (third edition), without what SOAP
 * forbids. One pass; every step searches forward and none looks back, so the time grows with the text and nothing else.
 * docs/decisions/0009-own-xml-reader.md says why it is not a package.
 */
import type { XmlLimits } from "../../limits.js";
import { findNoCharacter, withLineFeeds } from "./characters.js";
import { Namespaces } from "./namespaces.js";
import { readDeclaration } from "./prolog.js";
import { NOTHING_INSIDE, readStartTag, type Draft } from "./start-tag.js";
import type { XmlElement } from "./xml-element.js";
import { XmlScanner } from "./xml-scanner.js";

export { XSI_NAMESPACE } from "./xml-element.js";
export type { XmlAttribute, XmlElement, XmlName } from "./xml-element.js";

const BANG = 0x21;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;

/**
 * The root element of a document.
 * @throws GatewayError `invalid_input` with line and column for text that is not well-formed, or that has a document
 * type declaration or a processing instruction (WS-I R1008, R1009); `too_large` beyond the limits
 */
export function readXml(text: string, limits: XmlLimits): XmlElement {
  const lines = withLineFeeds(text);
  const scanner = new XmlScanner(lines, limits);
  if (text.length > limits.maxXmlCharacters) throw scanner.exceeds("maxXmlCharacters");
  const noCharacter = findNoCharacter(lines);
  if (noCharacter >= 0) throw scanner.malformed("a character is none of XML", noCharacter);
  readDeclaration(scanner);
  return new DocumentReader(scanner).read();
}

class DocumentReader {
  readonly #scanner: XmlScanner;
  readonly #namespaces = new Namespaces();
  /** The elements whose end tags are still to come, the innermost last. */
  readonly #open: Draft[] = [];
  #root: XmlElement | undefined;
  #elements = 0;
  #comments = 0;
  /** Character data since the last tag, joined over comments and CDATA sections. */
  #run = "";

  constructor(scanner: XmlScanner) {
    this.#scanner = scanner;
  }

  read(): XmlElement {
    const scanner = this.#scanner;
    for (;;) {
      const parent = this.#open.at(-1);
      if (parent === undefined) scanner.skipSpace();
      else this.#run += scanner.characterData();
      if (scanner.isAtEnd()) break;
      if (!scanner.takeCode(LESS)) throw scanner.malformed("text stands outside of the root element");
      if (scanner.takeCode(SLASH)) this.#readEndTag();
      else if (scanner.takeCode(BANG)) this.#readDeclared(parent);
      else if (scanner.peek() === QUESTION) throw scanner.forbidden("a processing instruction");
      else this.#readElement(parent);
    }
    if (this.#root === undefined) throw scanner.malformed("there is no element");
    if (this.#open.length > 0) throw scanner.malformed("an element has no end tag");
    return this.#root;
  }

  #readElement(parent: Draft | undefined): void {
    const scanner = this.#scanner;
    if (parent === undefined && this.#root !== undefined)
      throw scanner.malformed("there is a second root element");
    this.#elements += 1;
    if (this.#elements > scanner.limits.maxXmlElements) throw scanner.exceeds("maxXmlElements");
    if (this.#open.length >= scanner.limits.maxXmlDepth) throw scanner.exceeds("maxXmlDepth");
    const { element, isEmpty } = readStartTag(scanner, this.#namespaces);
    if (parent === undefined) this.#root = element;
    else this.#append(parent, element);
    if (isEmpty) this.#namespaces.leave(element.declared);
    else this.#open.push(element);
  }

  #readEndTag(): void {
    const scanner = this.#scanner;
    const element = this.#open.pop();
    const { prefix, local } = scanner.qName();
    if (element?.local !== local || element.prefix !== prefix) {
      throw scanner.malformed("an end tag is not that of the element that is open");
    }
    scanner.skipSpace();
    if (!scanner.takeCode(GREATER)) throw scanner.malformed("an end tag is not closed");
    this.#flush(element);
    this.#namespaces.leave(element.declared);
  }

  /** What begins with `<!`. */
  #readDeclared(parent: Draft | undefined): void {
    const scanner = this.#scanner;
    if (scanner.take("--")) {
      this.#comments += 1;
      if (this.#comments > scanner.limits.maxXmlComments) throw scanner.exceeds("maxXmlComments");
      scanner.until("--", "a comment");
      if (!scanner.takeCode(GREATER)) throw scanner.malformed('"--" must not stand in a comment');
    } else if (parent !== undefined && scanner.take("[CDATA[")) {
      this.#run += scanner.until("]]>", "a CDATA section");
    } else if (scanner.take("DOCTYPE")) {
      throw scanner.forbidden("a document type declaration");
    } else {
      throw scanner.malformed('"<!" begins nothing that may stand here');
    }
  }

  #append(parent: Draft, child: XmlElement): void {
    this.#flush(parent);
    const { limits } = this.#scanner;
    if (parent.children.length === limits.maxXmlChildren) throw this.#scanner.exceeds("maxXmlChildren");
    // As long as there is no text, one list is both: most elements have either elements in them or text.
    const isBoth = parent.content === parent.children;
    parent.children = appended(parent.children, child);
    parent.content = isBoth ? parent.children : appended(parent.content, child);
  }

  /** Ends a run of text: a tag has come. */
  #flush(element: Draft): void {
    if (this.#run === "") return;
    element.text += this.#run;
    const { limits } = this.#scanner;
    if (element.text.length > limits.maxXmlTextLength) throw this.#scanner.exceeds("maxXmlTextLength");
    if (element.content === NOTHING_INSIDE) element.content = [this.#run];
    else if (element.content === element.children) element.content = [...element.children, this.#run];
    else element.content.push(this.#run);
    this.#run = "";
  }
}

function appended<T>(list: T[], piece: T): T[] {
  if (list === NOTHING_INSIDE) return [piece];
  list.push(piece);
  return list;
}
