/** A place in the text of a document, and the steps over what XML is made of. Knows no tree and no namespace. */
import { GatewayError } from "../../errors.js";
import type { XmlLimits } from "../../limits.js";
import { endOfNcName, isSpace } from "./characters.js";
import { expandReferences } from "./references.js";

/** A name with at most one colon, taken apart. */
export interface QName {
  readonly prefix: string;
  readonly local: string;
}

const LINE_FEED = 0x0a;
const COLON = 0x3a;
const IN_LINE_SPACE = /[\t\n]/g;

/** What each limit bounds, in the words of an error. */
const BOUNDED = {
  maxXmlDepth: "levels of elements",
  maxXmlElements: "elements",
  maxXmlChildren: "elements in one element",
  maxXmlAttributes: "attributes in one element",
  maxXmlAttributeLength: "characters in one attribute",
  maxXmlNameLength: "characters in one name",
  maxXmlNamespaces: "namespace declarations in one element",
  maxXmlNamespacesInScope: "namespace declarations in force",
  maxXmlNamespaceLength: "characters in one namespace name",
  maxXmlTextLength: "characters in the text of one element",
  maxXmlCharacters: "characters",
  maxXmlComments: "comments",
} as const satisfies Record<keyof XmlLimits, string>;

/** The text holds characters of XML only, with line feeds as its ends of line. Each step goes forward or refuses. */
export class XmlScanner {
  readonly #text: string;
  readonly limits: XmlLimits;
  #at = 0;

  constructor(text: string, limits: XmlLimits) {
    this.#text = text;
    this.limits = limits;
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** The code of the next character; NaN at the end. */
  peek(): number {
    return this.#text.charCodeAt(this.#at);
  }

  /** Steps over exactly this text, if it comes next. */
  take(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  /** Steps over one character, if it comes next: the same as `take`, in a fraction of the time. */
  takeCode(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  /** Steps over white space. @returns whether there was any */
  skipSpace(): boolean {
    const start = this.#at;
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#at > start;
  }

  /** @throws GatewayError for what is no name, or has more than one colon */
  qName(): QName {
    const start = this.#at;
    let end = endOfNcName(this.#text, start);
    let colon = -1;
    if (this.#text.charCodeAt(end) === COLON) {
      colon = end;
      end = endOfNcName(this.#text, colon + 1);
    }
    const wrong = end === start || colon === start || end === colon + 1;
    if (wrong || this.#text.charCodeAt(end) === COLON) throw this.malformed("a name is expected");
    if (end - start > this.limits.maxXmlNameLength) throw this.exceeds("maxXmlNameLength");
    this.#at = end;
    const prefix = colon < 0 ? "" : this.#text.slice(start, colon);
    return { prefix, local: this.#text.slice(colon < 0 ? start : colon + 1, end) };
  }

  /** The character data up to the next markup, with its references replaced. */
  characterData(): string {
    const next = this.#text.indexOf("<", this.#at);
    const written = this.#text.slice(this.#at, next < 0 ? this.#text.length : next);
    if (written.includes("]]>")) throw this.malformed('"]]>" must not stand in text');
    const data = this.#expand(written);
    this.#at += written.length;
    return data;
  }

  /** The value of an attribute, from its quote to behind the other one. */
  attributeValue(): string {
    const quote = this.#text.charAt(this.#at);
    if (quote !== '"' && quote !== "'") throw this.malformed("an attribute value must be in quotes");
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end < 0) throw this.malformed("an attribute value has no end");
    const written = this.#text.slice(this.#at + 1, end);
    if (written.includes("<")) throw this.malformed('"<" must not stand in an attribute value');
    // Before the references: a line feed written as one stays a line feed (section 3.3.3).
    const value = this.#expand(written.replace(IN_LINE_SPACE, " "));
    this.#at = end + 1;
    return value;
  }

  /** Everything up to a terminator, which is stepped over. */
  until(terminator: string, what: string): string {
    const end = this.#text.indexOf(terminator, this.#at);
    if (end < 0) throw this.malformed(`${what} has no end`);
    const text = this.#text.slice(this.#at, end);
    this.#at = end + terminator.length;
    return text;
  }

  #expand(written: string): string {
    if (!written.includes("&")) return written;
    const expanded = expandReferences(written);
    if (expanded === undefined) throw this.malformed("a reference is to no entity or character of XML");
    return expanded;
  }

  /** There is more of something than its limit allows. */
  exceeds(limit: keyof XmlLimits): GatewayError {
    const what = `more than ${this.limits[limit]} ${BOUNDED[limit]} (${this.#place()})`;
    return new GatewayError("too_large", `The request has ${what}: the setting ${limit} allows no more.`);
  }

  /** What is not well-formed, in our words: the content of the request is told to nobody. */
  malformed(why: string, at = this.#at): GatewayError {
    return this.refusal(`is not well-formed XML (${this.#place(at)}): ${why}`);
  }

  forbidden(what: string): GatewayError {
    return this.refusal(`has ${what}, which SOAP forbids (${this.#place()})`);
  }

  refusal(what: string): GatewayError {
    return new GatewayError("invalid_input", `The request ${what}.`);
  }

  /** Counted only for an error, of which there is one. */
  #place(end = this.#at): string {
    let line = 1;
    let start = 0;
    for (let at = 0; at < end; at += 1) {
      if (this.#text.charCodeAt(at) !== LINE_FEED) continue;
      line += 1;
      start = at + 1;
    }
    return `line ${line}, column ${end - start + 1}`;
  }
}
