import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { XmlC14NMode, XmlDocument } from "libxml2-wasm";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { canonicalize } from "../../../src/soap/security/canonicalize.js";
import { readXml, type XmlElement } from "../../../src/soap/xml/xml-reader.js";

/** One element of a random document: what it declares, how it is named, and what it holds. */
interface Draft {
  readonly prefix: string;
  readonly declares: Readonly<Record<string, string>>;
  readonly attributes: readonly (readonly [prefix: string, local: string, value: string])[];
  readonly content: readonly (string | Draft)[];
}

const PREFIXES = ["", "a", "b", "é", "𐐀", "\uF900"] as const;
/** Plain ones: libxml2 refuses characters beyond ASCII here, and does not escape a `&`. */
const NAMESPACES = ["urn:1", "urn:2", "http://h/?a=b"] as const;
const LOCALS = ["x", "y", "X", "\u{10400}", "\uF900"] as const;
/** As written in a document: markup, references, line ends, and what has to be escaped again. */
const TEXTS = [
  "t",
  " \r\n\t",
  "&lt;&amp;&gt;&quot;'",
  "&#13;&#10;&#9;",
  "&#x1F600;é",
  "<!-- c -->",
  "<![CDATA[<&>\r\n]]>",
  "]]&gt;",
] as const;
const VALUES = ["v", " a\n b\t", "&lt;&amp;>&quot;'", "&#13;&#10;&#9;", "\u{10400}"] as const;

const draft: fc.Arbitrary<Draft> = fc.letrec<{ element: Draft }>((tie) => ({
  element: fc.record({
    prefix: fc.constantFrom(...PREFIXES),
    declares: fc.dictionary(fc.constantFrom(...PREFIXES), fc.constantFrom(...NAMESPACES, ""), { maxKeys: 3 }),
    attributes: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...PREFIXES, "xml"), fc.constantFrom(...LOCALS), fc.constantFrom(...VALUES)),
      { maxLength: 3, selector: ([, local]) => local },
    ),
    content: fc.array(fc.oneof({ depthSize: "small" }, fc.constantFrom(...TEXTS), tie("element")), {
      maxLength: 4,
    }),
  }),
})).element;

/** The text of a draft. Prefixes that nobody has declared are declared on the spot, so that it is well-formed. */
function print({ prefix, declares, attributes, content }: Draft, scope: ReadonlyMap<string, string>): string {
  const declared = new Map(Object.entries(declares).filter(([name, uri]) => name === "" || uri !== ""));
  const inside = new Map([...scope, ...declared]);
  for (const name of [prefix, ...attributes.map(([of]) => of)]) {
    if (name === "" || name === "xml" || inside.has(name)) continue;
    declared.set(name, "urn:1");
    inside.set(name, "urn:1");
  }
  const parts = [
    ...[...declared].map(([name, uri]) => ` xmlns${name === "" ? "" : `:${name}`}="${uri}"`),
    ...attributes.map(([of, local, value]) => ` ${of === "" ? "" : `${of}:`}${local}="${value}"`),
  ];
  const name = `${prefix === "" ? "" : `${prefix}:`}e`;
  const inner = content.map((part) => (typeof part === "string" ? part : print(part, inside))).join("");
  return `<${name}${parts.join("")}>${inner}</${name}>`;
}

interface Place {
  readonly element: XmlElement;
  readonly ancestors: readonly XmlElement[];
  /** The same element for libxml2. */
  readonly xpath: string;
}

function places(element: XmlElement, ancestors: readonly XmlElement[], xpath: string): readonly Place[] {
  return [
    { element, ancestors, xpath },
    ...element.children.flatMap((child, index) =>
      places(child, [...ancestors, element], `${xpath}/*[${index + 1}]`),
    ),
  ];
}

function byLibxml2(document: XmlDocument, xpath: string, inclusive: readonly string[]): string {
  const node = document.get(xpath);
  assert.ok(node !== null, xpath);
  return node.canonicalizeToString({
    mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
    withComments: false,
    inclusiveNamespacePrefixes: inclusive.map((prefix) => (prefix === "" ? "#default" : prefix)),
  });
}

test("every element of any document has the canonical form that libxml2 gives it", () => {
  const lists = fc.subarray([...PREFIXES]);
  let compared = 0;
  let withDefault = 0;
  fc.assert(
    fc.property(draft, lists, (root, inclusive) => {
      const text = print(root, new Map());
      const document = XmlDocument.fromString(text);
      try {
        for (const { xpath, ...place } of places(readXml(text, DEFAULT_LIMITS), [], "/*")) {
          const ours = canonicalize(place, new Set(inclusive));
          assert.equal(ours, byLibxml2(document, xpath, inclusive), text);
          compared += 1;
          if (ours.includes(' xmlns=""')) withDefault += 1;
        }
      } finally {
        document.dispose();
      }
    }),
    { seed: 5, numRuns: 3000, includeErrorInReport: true },
  );
  assert.ok(compared > 5000 && withDefault > 50, `${compared} compared, ${withDefault} without default`);
});

test("the example of the recommendation", () => {
  const text =
    '<n0:pdu xmlns:n0="http://a.example"><n1:elem2 xmlns:n0="http://b.example" xmlns:n1="http://b.example">' +
    '<n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n0:pdu>';
  const root = readXml(text, DEFAULT_LIMITS);
  const [element] = root.children;
  assert.ok(element !== undefined);
  assert.equal(
    canonicalize({ element, ancestors: [root] }, new Set()),
    '<n1:elem2 xmlns:n1="http://b.example"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>',
  );
  assert.equal(
    canonicalize({ element, ancestors: [root] }, new Set(["n0"])),
    '<n1:elem2 xmlns:n0="http://b.example" xmlns:n1="http://b.example">' +
      '<n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>',
  );
});

test("a namespace is escaped like an attribute", () => {
  const element = readXml('<e xmlns="urn:&amp;&quot;&lt;&gt;"/>', DEFAULT_LIMITS);
  const canonical = '<e xmlns="urn:&amp;&quot;&lt;>"></e>';
  assert.equal(canonicalize({ element, ancestors: [] }, new Set()), canonical);
});

test("namespaces and attributes are in the order of code points, not of UTF-16", () => {
  const text = '<e xmlns:a="urn:\u{10400}" xmlns:b="urn:\uF900" a:x="1" b:x="2" \u{10400}="3" \uF900="4"/>';
  const element = readXml(text, DEFAULT_LIMITS);
  const canonical =
    '<e xmlns:a="urn:\u{10400}" xmlns:b="urn:\uF900" \uF900="4" \u{10400}="3" b:x="2" a:x="1"></e>';
  assert.equal(canonicalize({ element, ancestors: [] }, new Set()), canonical);
});
