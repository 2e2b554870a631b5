/** The only code that prints XML (1.0, fifth edition): escaping, elements, and indented documents. */

/** One element of a document to print: attributes in the order given, then either text or children. */
export interface XmlNode {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly XmlNode[];
  readonly text?: string;
}

// Section 2.2: the control characters, U+FFFE, U+FFFF and lone surrogates are not characters of XML, not even escaped.
const UNPRINTABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, "gu");

/** What goes into a document as it is and needs no closer look: printable ASCII without markup, as most text is. */
const PLAIN = /^[ -%'-;=?-~]*$/;

// A carriage return written as itself comes back as a line feed (section 2.11), so it is always escaped.
const IN_TEXT = /[&<>\r]/g;
const IN_ATTRIBUTE = /[&<>"\t\n\r]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["\t", "&#9;"],
  ["\n", "&#10;"],
  ["\r", "&#13;"],
]);

/** Whether XML 1.0 can carry every character of a text. */
export function isXmlText(text: string): boolean {
  return PLAIN.test(text) || !UNPRINTABLE.test(text);
}

/** A text for people with every character that XML cannot carry replaced by U+FFFD; never for data. */
export function toXmlText(text: string): string {
  return text.replace(EVERY_UNPRINTABLE, "\uFFFD");
}

/**
 * Character data, escaped so that a parser reads back exactly this text.
 * @throws RangeError when XML cannot carry it; data is checked with `isXmlText` first, where its path is known
 */
export function escapeText(text: string): string {
  return PLAIN.test(text) ? text : escapeWith(IN_TEXT, text);
}

/** An element on one line; `content` is XML already. */
export function element(name: string, content: string, attributes?: XmlNode["attributes"]): string {
  return compileElement(name, attributes)(content);
}

/** `element` for an element that is printed again and again. */
export function compileElement(
  name: string,
  attributes: XmlNode["attributes"] = {},
): (content: string) => string {
  const beginning = `<${name}${printAttributes(attributes)}`;
  const opening = `${beginning}>`;
  const closing = `</${name}>`;
  const empty = `${beginning}/>`;
  return (content) => (content === "" ? empty : opening + content + closing);
}

/** A whole document: XML declaration, two spaces of indentation per level, a line feed at the end. */
export function printDocument(root: XmlNode): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  pushLines(root, "", lines);
  return `${lines.join("\n")}\n`;
}

function pushLines(node: XmlNode, indent: string, lines: string[]): void {
  const { name, attributes, children = [], text = "" } = node;
  if (children.length === 0) {
    lines.push(indent + element(name, escapeText(text), attributes));
    return;
  }
  lines.push(`${indent}<${name}${printAttributes(attributes ?? {})}>`);
  for (const child of children) pushLines(child, `${indent}  `, lines);
  lines.push(`${indent}</${name}>`);
}

function printAttributes(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeWith(IN_ATTRIBUTE, value)}"`)
    .join("");
}

function escapeWith(special: RegExp, text: string): string {
  if (!isXmlText(text)) throw new RangeError("The text holds a character that XML 1.0 cannot carry.");
  return text.replace(special, (character) => ESCAPES.get(character) ?? character);
}
