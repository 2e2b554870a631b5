/** Requests in many spellings of the usual form, and changes of their text that may spoil them. */
import fc from "fast-check";
import type { Service } from "../../src/contract/model.js";
import type { SoapOperation, SoapVersion } from "../../src/contract/soap-names.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { changed, edged, payloadArbitrary, type Node } from "./payload-arbitrary.js";

const XSI = "http://www.w3.org/2001/XMLSchema-instance";

interface Spelling {
  readonly declaration: string;
  /** Prefix of the envelope, and of the payload. */
  readonly outer: string;
  readonly inner: string;
  /** Which of envelope, body and payload declares the namespace of the payload, and that of `xsi`. */
  readonly at: number;
  readonly xsiAt: number;
  readonly quote: '"' | "'";
  readonly header: string;
  /** Between elements. */
  readonly layout: string;
  readonly empty: "/>" | " />" | undefined;
  /** How `&` is written in text. */
  readonly ampersand: string;
  /** How text is written that only a complete reader of XML reads; absent: as a toolkit writes it. */
  readonly writing?: Writing;
}

type Writing = "in CDATA" | "around a comment" | "half in CDATA" | "in references";

const WRITINGS: Record<Writing, (text: string) => string> = {
  "in CDATA": (text) => (text.includes("]]>") ? escape(text, "&amp;") : `<![CDATA[${text}]]>`),
  "around a comment": (text) => {
    const middle = Math.floor(text.length / 2);
    // Not between the halves of a character, nor inside of what may not stand in text.
    if (/[\uD800-\uDFFF]|\]\]>/.test(text)) return `<!-- 1 -->${escape(text, "&amp;")}`;
    return `${escape(text.slice(0, middle), "&amp;")}<!-- 1 -->${escape(text.slice(middle), "&amp;")}`;
  },
  "half in CDATA": (text) => {
    if (/[\uD800-\uDFFF]|\]\]>/.test(text)) return escape(text, "&amp;");
    const middle = Math.floor(text.length / 2);
    return `${escape(text.slice(0, middle), "&amp;")}<![CDATA[${text.slice(middle)}]]>`;
  },
  "in references": (text) => Array.from(text, (character) => `&#${character.codePointAt(0) ?? 0};`).join(""),
};

function escape(text: string, ampersand: string): string {
  return text.replaceAll("&", ampersand).replaceAll("<", "&lt;").replaceAll("]]>", "]]&gt;");
}

const spelling: fc.Arbitrary<Spelling> = fc.record({
  declaration: fc.constantFrom(
    "",
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\r\n",
    "\n",
  ),
  outer: fc.constantFrom("s", "soapenv", "SOAP-ENV", ""),
  inner: fc.constantFrom("", "v1", "ns0", "_a.b-c"),
  at: fc.nat(2),
  xsiAt: fc.nat(2),
  quote: fc.constantFrom('"', "'"),
  header: fc.constantFrom("", "/>", "></>", "> </>"),
  layout: fc.constantFrom("", "", "\n", "\r\n  ", "\t"),
  empty: fc.constantFrom("/>", " />", undefined),
  ampersand: fc.constantFrom("&amp;", "&#38;", "&#x26;", "&#x0026;"),
});

/** Requests as toolkits write them; nearly all of them are valid. */
export function requestArbitrary(service: Service): fc.Arbitrary<string> {
  return fc
    .tuple(payloadOf(service.operation), spelling)
    .map(([payload, spelled]) => printRequest(payload, service.namespace, spelled));
}

/**
 * Requests of any operation in either version of SOAP, in every way of writing that XML has, with a value or an element
 * somewhere at the border of what its type allows.
 */
export function edgedRequestArbitrary(
  { namespace }: Service,
  operation: SoapOperation,
  version: SoapVersion,
): fc.Arbitrary<string> {
  const written = fc
    .tuple(spelling, fc.constantFrom(undefined, undefined, ...(Object.keys(WRITINGS) as Writing[])))
    .map(([spelled, writing]): Spelling => (writing === undefined ? spelled : { ...spelled, writing }));
  return fc
    .tuple(payloadOf(operation).chain(edged), written)
    .map(([payload, spelled]) => printRequest(payload, namespace, spelled, version));
}

/** Requests with an element or attribute changed somewhere, and perhaps their text as well. */
export function spoiledRequestArbitrary(service: Service): fc.Arbitrary<string> {
  const trees = payloadOf(service.operation).chain((payload) =>
    fc.oneof(fc.constant(payload), changed(payload)),
  );
  return fc
    .tuple(trees, spelling)
    .map(([payload, spelled]) => printRequest(payload, service.namespace, spelled))
    .chain((text) => fc.oneof(fc.constant(text), spoiled(text)));
}

function payloadOf({ name, request }: SoapOperation): fc.Arbitrary<Node> {
  return payloadArbitrary(request).map((root) => ({ ...root, name }));
}

/** What somebody could write into a request, or what could be lost from it. */
const PIECES = [
  ...[
    "<!-- x -->",
    "<![CDATA[x]]>",
    "<![CDATA[]]>",
    "<?pi x?>",
    "<!DOCTYPE x>",
    "]]>",
    "]]",
    "<",
    ">",
    "/",
    '"',
    "'",
  ],
  ...[
    "&",
    "&amp;",
    "&lt;",
    "&#13;",
    "&#0;",
    "&#xD800;",
    "&#xFFFE;",
    "&#x110000;",
    "&#99999999;",
    "&nbsp;",
    "&amp",
    "&;",
  ],
  ...[
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u00a0",
    "\u0000",
    "\u0001",
    "\u0085",
    "\u2028",
    "\uFFFE",
    "\uFEFF",
    "\u{1d11e}",
  ],
  ...[
    'xmlns="urn:x"',
    ' xmlns:v1="urn:x"',
    ' xmlns:xsi="urn:x"',
    ' xsi:nil="true"',
    ' xsi:nil="false"',
    ' a="b"',
  ],
  ...[
    ' xmlns:xml="urn:x"',
    ' xmlns:xmlns="urn:x"',
    ' xmlns:p=""',
    ' xmlns=""',
    ` xmlns:xsi="${XSI}" xsi:nil="true"`,
  ],
  ...[
    "<x/>",
    "<row/>",
    "<row></row>",
    "</row>",
    "<entry/>",
    "0",
    "-",
    ".",
    "1e5",
    "x",
    ":",
    "s:",
    "v1:",
    "12-",
  ],
] as const;

/** A text with one to three changes somewhere. */
function spoiled(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(text.length),
    length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(12) }),
    // Most of a request are names: right behind a tag or a value is where a change is most likely to matter.
    behind: fc.constantFrom(undefined, ">", "<", "</", "=", '"', " "),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.constant("")),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce((changed, { at, length, behind, piece }) => {
      const found = behind === undefined ? -1 : changed.indexOf(behind, at);
      const start = found < 0 || behind === undefined ? at : found + behind.length;
      return changed.slice(0, start) + piece + changed.slice(start + length);
    }, text),
  );
}

function printRequest(
  payload: Node,
  namespace: string,
  spelled: Spelling,
  version: SoapVersion = "1.1",
): string {
  const { declaration, outer, header, layout, quote, at, xsiAt, inner } = spelled;
  const declare = (prefix: string, uri: string): string =>
    ` xmlns${prefix === "" ? "" : `:${prefix}`}=${quote}${uri}${quote}`;
  // Two default namespaces cannot be declared in one tag, and the nearer one holds: the payload's comes last then.
  const own = outer === inner ? 2 : at;
  const declared = [0, 1, 2].map(
    (place) =>
      (place === own ? declare(inner, namespace) : "") + (place === xsiAt ? declare("xsi", XSI) : ""),
  );
  const prefix = outer === "" ? "" : `${outer}:`;
  const wrapped = (name: string, attributes: string, content: string): string =>
    `<${prefix}${name}${attributes}>${layout}${content}${layout}</${prefix}${name}>`;
  const emptyHeader =
    header === "" ? "" : `<${prefix}Header${header.replace("</", `</${prefix}Header`)}${layout}`;
  const text = printElement(payload, declared[2] ?? "", spelled);
  const body = wrapped("Body", declared[1] ?? "", text);
  return (
    declaration +
    wrapped(
      "Envelope",
      declare(outer, SOAP_RULES[version].namespace) + (declared[0] ?? ""),
      emptyHeader + body,
    )
  );
}

function printElement(node: Node, declared: string, spelled: Spelling): string {
  const { inner, layout, empty, ampersand, writing } = spelled;
  const name = inner === "" ? node.name : `${inner}:${node.name}`;
  const attributes = declared + node.attributes.map((attribute) => ` ${attribute}`).join("");
  // libxml2 takes white space between elements in CDATA for text; to XML Schema it is white space (part 1, section 3.4.4).
  const isPlain = writing === undefined || !/[^ \t\r\n]/.test(node.text);
  const text = isPlain ? escape(node.text, ampersand) : WRITINGS[writing](node.text);
  const children = node.children.map((child) => printElement(child, "", spelled) + layout).join("");
  if (text === "" && children === "" && empty !== undefined && declared === "")
    return `<${name}${attributes}${empty}`;
  return `<${name}${attributes}>${node.children.length > 0 ? layout : ""}${children}${text}</${name}>`;
}
