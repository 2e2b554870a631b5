/** Attacks on the reader of XML. */
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { dependants, income, payload, repeat, SECRET, type Attack } from "./attack.js";
import { DOCUMENT_ATTACKS } from "./document-attacks.js";

const TEXT = `<x>${SECRET}</x>`;
const XSI = "http://www.w3.org/2001/XMLSchema-instance";

function withDoctype(subset: string, reference = ""): Attack["request"] {
  return ({ envelope }) => `<!DOCTYPE x ${subset}>${envelope(payload(reference))}`;
}

const doctypes: readonly Attack[] = [
  { name: "empty document type", request: withDoctype(""), becomes: "invalid_input" },
  { name: "internal subset", request: withDoctype("[<!ELEMENT x ANY>]"), becomes: "invalid_input" },
  {
    name: "external subset",
    request: withDoctype('SYSTEM "http://127.0.0.1:1/x.dtd"'),
    becomes: "invalid_input",
  },
  {
    name: "public document type",
    request: withDoctype('PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://127.0.0.1:1/x.dtd"'),
    becomes: "invalid_input",
  },
  {
    name: "parameter entity",
    request: withDoctype('[<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]'),
    becomes: "invalid_input",
  },
  {
    name: "XXE, file",
    request: withDoctype('[<!ENTITY e SYSTEM "file:///etc/passwd">]', "&e;"),
    becomes: "invalid_input",
  },
  {
    name: "XXE, HTTP",
    request: withDoctype('[<!ENTITY e SYSTEM "http://127.0.0.1:1/">]', "&e;"),
    becomes: "invalid_input",
  },
  {
    name: "billion laughs",
    request: withDoctype(
      `[<!ENTITY a0 "ha">${repeat(20, (at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`)}]`,
      "&a20;",
    ),
    becomes: "invalid_input",
  },
  {
    name: "quadratic entity",
    request: withDoctype(`[<!ENTITY a "${"a".repeat(50_000)}">]`, "&a;".repeat(5000)),
    becomes: "invalid_input",
  },
  {
    name: "default attributes",
    request: withDoctype(`[<!ATTLIST x a CDATA "${SECRET}">]`),
    becomes: "invalid_input",
  },
  {
    name: "undeclared entity",
    request: ({ envelope }) => envelope(income("&nbsp;")),
    becomes: "invalid_input",
  },
];

const structure: readonly Attack[] = [
  {
    name: "processing instruction",
    request: ({ envelope }) => envelope(payload("<?php x?>")),
    becomes: "invalid_input",
  },
  {
    name: "style sheet",
    request: ({ envelope }) => `<?xml-stylesheet href="http://127.0.0.1:1/"?>${envelope(payload())}`,
    becomes: "invalid_input",
  },
  {
    name: "XInclude",
    request: ({ envelope }) =>
      envelope(payload('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')),
    becomes: "invalid_input",
  },
  {
    name: "xml:base and schemaLocation",
    request: ({ envelope }) =>
      envelope(payload()).replace(
        "<Evaluate",
        `<Evaluate xmlns:i="${XSI}" i:schemaLocation="urn:x http://127.0.0.1:1/"`,
      ),
    becomes: "answered",
  },
  {
    name: "number split by a comment",
    request: ({ envelope }) => envelope(dependants("12<!-- x -->3")),
    becomes: "answered",
  },
  {
    name: "number split by CDATA",
    request: ({ envelope }) => envelope(dependants("12<![CDATA[3]]>")),
    becomes: "answered",
  },
  {
    name: "CDATA with XML",
    request: ({ envelope }) => envelope(income(`<![CDATA[<?xml version="1.0"?>${TEXT}]]>`)),
    becomes: "invalid_input",
  },
  {
    name: "comment that does not end",
    request: ({ envelope }) => `<!--${"-".repeat(50_000)}${envelope(payload())}`,
    becomes: "invalid_input",
  },
  {
    name: "deep nesting",
    request: ({ envelope }) => envelope(payload("<a>".repeat(20_000) + "</a>".repeat(20_000))),
    becomes: "too_large",
  },
  {
    name: "deep nesting without end",
    request: ({ envelope }) => envelope("<a>".repeat(100_000)),
    becomes: "too_large",
  },
  {
    name: "many elements",
    request: ({ envelope }) => envelope(payload("<x/>".repeat(DEFAULT_LIMITS.maxXmlElements / 10))),
    becomes: "too_large",
  },
  {
    name: "many attributes",
    request: ({ envelope }) => envelope(payload(`<x${repeat(5000, (at) => ` a${at}="1"`)}/>`)),
    becomes: "too_large",
  },
  {
    name: "many namespaces",
    request: ({ envelope }) => envelope(payload(`<x${repeat(5000, (at) => ` xmlns:p${at}="urn:${at}"`)}/>`)),
    becomes: "too_large",
  },
  {
    name: "many namespaces with xsi",
    request: ({ envelope }) => envelope(payload(`<x${repeat(5000, (at) => ` xmlns:x${at}="${XSI}"`)}/>`)),
    becomes: "too_large",
  },
  {
    name: "many namespaces times many elements",
    request: ({ envelope }) =>
      envelope(
        payload(
          `<x${repeat(60, (at) => ` xmlns:p${at}="urn:${at}"`)}>${repeat(9000, (at) => `<p${at % 60}:y/>`)}</x>`,
        ),
      ),
    becomes: "invalid_input",
  },
  {
    name: "names that collide in a hash",
    request: ({ envelope }) =>
      envelope(
        payload(
          repeat(
            5000,
            (at) => `<${at.toString(2).padStart(13, "0").replaceAll("0", "Aa").replaceAll("1", "BB")}/>`,
          ),
        ),
      ),
    becomes: "invalid_input",
  },
  {
    name: "long element name",
    request: ({ envelope }) => envelope(payload(`<${"n".repeat(300_000)}/>`)),
    becomes: "too_large",
  },
  {
    name: "long attribute name",
    request: ({ envelope }) => envelope(payload(`<x ${"n".repeat(300_000)}=""/>`)),
    becomes: "too_large",
  },
  {
    name: "long text",
    request: ({ envelope }) => envelope(income("1".repeat(900_000))),
    becomes: "too_large",
  },
  {
    name: "many character references",
    request: ({ envelope }) => envelope(income("&#49;".repeat(40_000))),
    becomes: "invalid_input",
  },
  {
    name: "duplicate attribute",
    request: ({ changed }) => changed("<row>", `<row a="${SECRET}" a="">`),
    becomes: "invalid_input",
  },
  {
    name: "duplicate attribute by namespace",
    request: ({ changed }) => changed("<row>", '<row xmlns:p="urn:x" xmlns:q="urn:x" p:a="" q:a="">'),
    becomes: "invalid_input",
  },
  {
    name: "undeclared prefix",
    request: ({ changed }) => changed("<row>", "<p:row>"),
    becomes: "invalid_input",
  },
  {
    name: "undeclared attribute prefix",
    request: ({ changed }) => changed("<row>", '<row p:a="">'),
    becomes: "invalid_input",
  },
  {
    name: "prefix without a namespace",
    request: ({ changed }) => changed("<row>", '<row xmlns:p="">'),
    becomes: "invalid_input",
  },
  {
    name: "default namespace taken away",
    request: ({ changed }) => changed("<application>", '<application xmlns="">'),
    becomes: "invalid_input",
  },
  {
    name: "prefix xml for another namespace",
    request: ({ changed }) => changed("<row>", '<row xmlns:xml="urn:x">'),
    becomes: "invalid_input",
  },
  {
    name: "prefix xmlns declared",
    request: ({ changed }) => changed("<row>", '<row xmlns:xmlns="urn:x">'),
    becomes: "invalid_input",
  },
];

export const XML_ATTACKS: readonly Attack[] = [...doctypes, ...structure, ...DOCUMENT_ATTACKS];
