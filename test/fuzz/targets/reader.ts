/** The reader of XML against libxml2: the same verdict, and for what both read the same tree. */
import assert from "node:assert/strict";
import { ParseOption, XmlDocument, XmlElement as LibElement, type XmlTreeNode } from "libxml2-wasm";
import { GatewayError } from "../../../src/errors.js";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { readXml, type XmlElement } from "../../../src/soap/xml/xml-reader.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { EXAMPLE_SEEDS, REQUEST_SEEDS, XML_WORDS } from "./requests.js";

/** Where libxml2 and the standards part, and ours goes with the standards or refuses more. */
const SETTLED: readonly RegExp[] = [
  // libxml2 wants the name of a namespace to be a URI; Namespaces 1.0 (section 2.2) leaves that to whoever uses it. So the
  // two are compared where every name of a namespace is plainly one, or none.
  /xmlns(:[^\s=]+)?\s*=\s*(?!(["'])(urn:[\w.:-]+|https?:\/\/[\w.-]+(\/[\w./-]*)?)?\2)/,
  // Declarations: libxml2 forgives other versions and names of encodings.
  /<\?xml\s/i,
  // libxml2-wasm loses a mark at the beginning of a text when it hands the text over.
  /\uFEFF/,
];

export function openReader(): FuzzTarget {
  return {
    seeds: [...REQUEST_SEEDS, ...EXAMPLE_SEEDS],
    words: XML_WORDS,
    run: compare,
    close: () => Promise.resolve(),
  };
}

function compare(input: Uint8Array): void {
  const text = Buffer.from(input).toString("utf8");
  const ours = readOurs(text);
  if (ours === undefined || SETTLED.some((settled) => settled.test(text))) return;
  const theirs = readTheirs(text);
  assert.equal(
    ours !== "refused",
    theirs !== "refused",
    `ours ${ours === "refused" ? "refuses" : "reads"} what libxml2 does not`,
  );
  assert.equal(ours, theirs, "the trees differ");
}

/** The tree in one line; "refused"; `undefined` for what is beyond a limit and so says nothing about XML. */
function readOurs(text: string): string | undefined {
  try {
    return printOurs(readXml(text, DEFAULT_LIMITS));
  } catch (error) {
    assert.ok(error instanceof GatewayError, `the reader throws ${String(error)}`);
    if (error.code === "too_large") return undefined;
    assert.equal(error.code, "invalid_input");
    return "refused";
  }
}

function printOurs({ uri, local, attributes, children, text }: XmlElement): string {
  const named = attributes.map((attribute) =>
    printAttribute(attribute.uri, attribute.local, attribute.value),
  );
  return print(uri, local, named, text, children.map(printOurs));
}

function readTheirs(text: string): string {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text), {
      encoding: "UTF-8",
      option: ParseOption.XML_PARSE_HUGE,
    });
  } catch {
    return "refused";
  }
  try {
    const forbidden = document.dtd !== null || document.find("//processing-instruction()").length > 0;
    return forbidden ? "refused" : printTheirs(document.root);
  } finally {
    document.dispose();
  }
}

function printTheirs(element: LibElement): string {
  const children: string[] = [];
  let text = "";
  for (let node: XmlTreeNode | null = element.firstChild; node !== null; node = node.next) {
    if (node instanceof LibElement) children.push(printTheirs(node));
    else if (node.constructor.name !== "XmlComment") text += node.content;
  }
  const named = element.attrs.map(({ namespaceUri, name, value }) =>
    printAttribute(namespaceUri, name, value),
  );
  return print(element.namespaceUri, element.name, named, text, children);
}

function printAttribute(uri: string, local: string, value: string): string {
  return JSON.stringify([uri, local, value]);
}

function print(
  uri: string,
  local: string,
  attributes: readonly string[],
  text: string,
  children: readonly string[],
): string {
  return JSON.stringify([uri, local, [...attributes].sort(), text, children]);
}
