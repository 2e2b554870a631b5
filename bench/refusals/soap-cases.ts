/** SOAP requests of a given size that must be refused, each as dear to refuse as somebody could make it. */
import type { Service } from "../../src/contract/model.js";
import { soapAction } from "../../src/contract/soap-names.js";

/** A request by its name; `fill` makes it about as long as asked for. */
export interface RefusalCase {
  readonly name: string;
  readonly request: (bytes: number) => Uint8Array;
}

const SOAPENV = "http://schemas.xmlsoap.org/soap/envelope/";
const GOOD_ROW = "<applicationId>A</applicationId><requestedAmount>1</requestedAmount>";

export const SOAP_CONTENT_TYPE = "text/xml; charset=utf-8";

export function soapHeaders(service: Service): readonly string[] {
  return [`Content-Type: ${SOAP_CONTENT_TYPE}`, `SOAPAction: "${soapAction(service)}"`];
}

/** @param service the sample service of the tests, with lists of any length */
export function soapCases({ namespace }: Service): readonly RefusalCase[] {
  const whole = (body: string, header = ""): string =>
    `<s:Envelope xmlns:s="${SOAPENV}">${header}<s:Body>${body}</s:Body></s:Envelope>`;
  const call = (inputs: string): string => whole(`<Evaluate xmlns="${namespace}">${inputs}</Evaluate>`);
  const table = (rows: string): string => call(`<application>${rows}</application>`);
  const field = (xml: string): string => table(`<row>${xml}</row>`);

  /** The document with as many pieces in it as there is room for; a piece can be told which one it is. */
  const many =
    (around: (inner: string) => string, piece: string | ((index: number) => string)) =>
    (bytes: number): Uint8Array => {
      const pieces: string[] = [];
      for (let left = bytes - around("").length; left > 0;) {
        const next = typeof piece === "string" ? piece : piece(pieces.length);
        left -= next.length;
        pieces.push(next);
      }
      return Buffer.from(around(pieces.join("")));
    };
  const one =
    (name: string, unit: string, before = "", after = "") =>
    (bytes: number): Uint8Array =>
      Buffer.from(field(`<${name}>${before}${unit.repeat(bytes / unit.length)}${after}</${name}>`));
  /** Rows with one wrong value each, behind what a row must have. */
  const rows = (wrong: string) => many(table, `<row>${GOOD_ROW}${wrong}</row>`);
  const nested = (depth: number, open: string, close: string, inner: string): string =>
    open.repeat(depth) + inner + close.repeat(depth);

  return [
    // The document.
    { name: "open tags", request: many((inner) => inner, "<a>") },
    { name: "empty elements in the body", request: many(whole, "<a/>") },
    { name: "elements nested to the limit", request: many(whole, nested(90, "<a>", "</a>", "")) },
    {
      name: "attributes",
      request: many(whole, `<a ${Array.from({ length: 190 }, (_, at) => `a${at}=""`).join(" ")}/>`),
    },
    {
      name: "attributes in one element",
      request: many(
        (inner) => whole(`<a ${inner}/>`),
        (at) => `a${at}="" `,
      ),
    },
    {
      name: "namespaces in each element",
      request: many(whole, `<a ${Array.from({ length: 190 }, (_, at) => `xmlns:a${at}="u"`).join(" ")}/>`),
    },
    {
      name: "prefixes from far above",
      request: many((inner) => whole(nested(80, '<a xmlns:x="u" xmlns:y="v">', "</a>", inner)), "<s:b/>"),
    },
    {
      name: "many prefixes at the top",
      request: many(
        (inner) =>
          whole(
            `<a ${Array.from({ length: 190 }, (_, at) => `xmlns:a${at}="u${at}"`).join(" ")}>${inner}</a>`,
          ),
        '<a189:b a0:c=""/>',
      ),
    },
    { name: "a name", request: many((inner) => whole(`<a${inner}/>`), "a") },
    { name: "an attribute's value", request: many((inner) => whole(`<a b="${inner}"/>`), "&lt;") },
    { name: "comments", request: many(whole, "<!---->") },
    {
      name: "text cut by comments",
      request: many((inner) => field(`<dependants>${inner}</dependants>`), "1<!---->"),
    },
    {
      name: "CDATA sections",
      request: many((inner) => field(`<dependants>${inner}</dependants>`), "<![CDATA[x]]>"),
    },
    { name: "references", request: many((inner) => field(`<dependants>${inner}</dependants>`), "&#65;") },
    { name: "line ends", request: many((inner) => field(`<dependants>${inner}</dependants>`), "\r\n") },
    {
      name: "text in the envelope",
      request: many((inner) => `${whole("").slice(0, -13)}${inner}</s:Envelope>`, "x"),
    },
    { name: "UTF-16", request: (bytes) => Buffer.from(`\ufeff${"<a>".repeat(bytes / 6)}`, "utf16le") },
    {
      name: "bytes that are no UTF-8",
      request: (bytes) => Buffer.concat([Buffer.from(whole("a".repeat(bytes))), Buffer.of(0xff)]),
    },
    // The envelope.
    {
      name: "header blocks",
      request: many(
        (inner) => whole("<x/>", `<s:Header>${inner}</s:Header>`),
        '<h:a xmlns:h="h" s:mustUnderstand="0"/>',
      ),
    },
    {
      name: "bodies",
      request: many((inner) => `<s:Envelope xmlns:s="${SOAPENV}">${inner}</s:Envelope>`, "<s:Body/>"),
    },
    // The contract.
    { name: "unknown elements", request: many(field, "<z/>") },
    { name: "unknown elements beside rows", request: many(table, "<z/>") },
    { name: "empty rows", request: many(table, "<row/>") },
    { name: "elements out of order", request: many(field, "<tags/><dependants/>") },
    { name: "an element again and again", request: many(field, "<applicationId/>") },
    {
      name: "wrong numbers",
      request: many((inner) => field(`<lateMonths>${inner}</lateMonths>`), "<item>x</item>"),
    },
    { name: "rows with a wrong date", request: rows("<birthDate>2024-02-30</birthDate>") },
    {
      name: "rows with too many digits",
      request: rows("<requestedAmount>1</requestedAmount><dependants>99999999999999999999</dependants>"),
    },
    { name: "rows with unknown attributes", request: rows('<dependants a="" b="" c="">1</dependants>') },
    {
      name: "rows with nil and types",
      request: rows(
        '<dependants xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="maybe" i:type="s:x">1</dependants>',
      ),
    },
    {
      name: "keys again and again",
      request: many((inner) => field(`<tags>${inner}</tags>`), "<entry><key>k</key><value>1</value></entry>"),
    },
    {
      name: "keys of doubles",
      request: many(
        (inner) => field(`<bands>${inner}</bands>`),
        (at) => `<entry><key>${at % 2 === 0 ? "0" : "-0"}</key><value>a</value></entry>`,
      ),
    },
    { name: "text between elements", request: many(field, "x<z/>") },
    // Single values.
    { name: "digits of an integer", request: one("dependants", "9") },
    { name: "zeros of an integer", request: one("dependants", "0", "", "x") },
    { name: "digits of a decimal", request: one("requestedAmount", "9", "", ".5") },
    { name: "digits behind the point", request: one("requestedAmount", "9", "0.") },
    { name: "zeros of a decimal", request: one("requestedAmount", "0", "0.", "x") },
    { name: "digits of a double", request: one("annualIncome", "9") },
    { name: "digits of a double, and a letter", request: one("annualIncome", "9", "", "x") },
    { name: "zeros of a double", request: one("annualIncome", "0", "0.", "1e-400") },
    { name: "an exponent", request: one("annualIncome", "9", "1e") },
    { name: "digits of a date", request: one("birthDate", "9", "2024-01-01") },
    { name: "digits of a second", request: one("submittedAt", "0", "2024-01-01T00:00:00.") },
    { name: "white space before a number", request: one("dependants", " ", "", "x") },
    { name: "white space behind a number", request: one("dependants", " ", "x") },
    { name: "white space in a number", request: one("dependants", " ", "1", "1") },
    { name: "white space in pieces", request: one("dependants", " \t1") },
    { name: "a boolean", request: one("isEmployed", "true") },
  ];
}
