import assert from "node:assert/strict";
import { test } from "node:test";
import { XmlDocument } from "libxml2-wasm";
import { GatewayError, type Code } from "../../src/errors.js";
import { DEFAULT_LIMITS, type XmlLimits } from "../../src/limits.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";

const LIMITS: XmlLimits = { ...DEFAULT_LIMITS, maxXmlDepth: 10, maxXmlElements: 100 };

function codeOf(text: string): Code | "ok" {
  try {
    readXml(text, LIMITS);
    return "ok";
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error.code;
  }
}

function isWellFormed(text: string): boolean {
  try {
    XmlDocument.fromString(text).dispose();
    return true;
  } catch {
    return false;
  }
}

test("well-formedness is what libxml2 says it is", () => {
  const documents = [
    "<a/>",
    "<a></a >",
    "<a>\r\n</a>\n",
    "<a b='1' c=\"2\"/>",
    "<a>&amp;&#65;&#x10FFFF;</a>",
    "<a><![CDATA[<b>]]></a>",
    "<a><!-- x --></a><!-- y -->",
    '<?xml version="1.0"?><a/>',
    "<a xmlns:p='urn:p' p:b='1'/>",
    "<\u00e9\u00e8/>",
    "",
    " ",
    "a",
    "<a>",
    "<a/><b/>",
    "<a></b>",
    "<a/>x",
    "x<a/>",
    "<a b=1/>",
    "<a b='1' b='2'/>",
    "<a b='<'/>",
    "<a>&b;</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#xFFFE;</a>",
    "<a>\u0001</a>",
    "<a>\uFFFF</a>",
    "<a>]]></a>",
    "<a><!-- -- --></a>",
    "<1/>",
    "<p:a/>",
    "<a p:b='1'/>",
    "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>",
    "<a>&amp</a>",
    "< a/>",
    "<a\u00a0b='1'/>",
    "<a xmlns:p=''/>",
    "<a:b:c xmlns:a='urn:a'/>",
    " <?xml version='1.0'?><a/>",
    "<a><![CDATA[</a>",
    "<a>&#x110000;</a>",
    "<a>&__proto__;</a>",
    "<a>&toString;</a>",
    "<a xmlns:xmlns='urn:x'/>",
    "<a b='&#10;'/>",
    "<a b='x'c='y'/>",
  ];
  for (const text of documents) {
    assert.equal(codeOf(text) === "ok", isWellFormed(text), JSON.stringify(text));
  }
});

test("document type declarations and processing instructions are refused", () => {
  const bomb = `<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><a>&m;</a>`;
  const external = `<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>`;
  const parameter = `<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>`;
  for (const text of [
    bomb,
    external,
    parameter,
    "<!DOCTYPE a><a/>",
    "<?pi x?><a/>",
    "<a><?pi?></a>",
    "<a/><?pi?>",
  ]) {
    assert.equal(codeOf(text), "invalid_input", text);
  }
});

test("only XML 1.0 is read", () => {
  assert.equal(codeOf('<?xml version="1.1"?><a/>'), "invalid_input");
});

/** A document for each limit that has so much of what it bounds, and nothing else in such numbers. */
const SO_MUCH: Record<keyof XmlLimits, (count: number) => string> = {
  maxXmlDepth: (count) => "<a>".repeat(count) + "</a>".repeat(count),
  maxXmlElements: (count) => `<a>${"<b><c/></b>".repeat((count - 1) / 2)}</a>`,
  maxXmlChildren: (count) => `<a>x${"<b/>".repeat(count)}</a>`,
  maxXmlAttributes: (count) => `<a xmlns:p="urn:p"${each(count, (at) => ` p:a${at}=""`)}/>`,
  maxXmlAttributeLength: (count) => `<a b="${"&lt;".repeat(count)}"/>`,
  maxXmlNameLength: (count) => `<a xmlns:pp="urn:p"><pp:${"b".repeat(count - 3)}/></a>`,
  maxXmlNamespaces: (count) => `<a${each(count, (at) => ` xmlns:p${at}="urn:p"`)} b="1"/>`,
  maxXmlNamespacesInScope: (count) => `${each(count, () => '<a xmlns="urn:a">')}${"</a>".repeat(count)}`,
  maxXmlNamespaceLength: (count) => `<a xmlns="${"&#120;".repeat(count)}"/>`,
  maxXmlTextLength: (count) => `<a> <b>1</b>${"x".repeat(count - 3)}<!-- x --><![CDATA[>]]>&#52;</a>`,
  maxXmlCharacters: (count) => `<a>${" ".repeat(count - 7)}</a>`,
  maxXmlComments: (count) => `<a>${"<!---->".repeat(count - 1)}</a><!-- x -->`,
};

function each(count: number, piece: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => piece(at)).join("");
}

test("every limit holds to the last one, and the error says which it is and where", () => {
  const most = 21;
  for (const [limit, soMuch] of Object.entries(SO_MUCH)) {
    const limits = { ...DEFAULT_LIMITS, [limit]: most };
    assert.doesNotThrow(() => readXml(soMuch(most), limits), limit);
    const more = limit === "maxXmlElements" ? most + 2 : most + 1;
    assert.doesNotThrow(() => readXml(soMuch(more), DEFAULT_LIMITS), limit);
    assert.throws(
      () => readXml(soMuch(more), limits),
      (error) =>
        error instanceof GatewayError &&
        error.code === "too_large" &&
        new RegExp(`more than 21 .* \\(line 1, column \\d+\\): the setting ${limit} allows`).test(
          error.message,
        ),
      limit,
    );
  }
});

test("a byte order mark is one only at the beginning, where it has been taken away; elsewhere it is a character", () => {
  assert.equal(readXml("<a>\ufeff1</a>", LIMITS).text, "\ufeff1");
  assert.equal(codeOf("\ufeff<a/>"), "invalid_input");
});

test("half a surrogate pair is no character", () => {
  for (const half of ["\ud834", "\udd1e", "\udd1e\ud834"]) {
    for (const text of [
      `<a>${half}</a>`,
      `<a b="${half}"/>`,
      `<a${half}/>`,
      `<a><!--${half}--></a>`,
      `<a/>${half}`,
    ]) {
      assert.equal(codeOf(text), "invalid_input");
    }
  }
});

test("white space alone is text, and what an element inside holds is not", () => {
  const limits = { ...DEFAULT_LIMITS, maxXmlTextLength: 4 };
  assert.doesNotThrow(() => readXml("<a> <b>1234</b> <b>1234</b>\r\n </a>", limits));
  assert.throws(() => readXml("<a> <b/> <b/>\r\n  </a>", limits));
});

test("text is joined over comments, CDATA and references, and line ends are those of XML", () => {
  const root = readXml("<a>1<!-- x -->2<![CDATA[<3>]]>&#52;\r\n5<b>no</b>6</a>", LIMITS);
  assert.equal(root.text, "12<3>4\n56");
  assert.equal(root.children[0]?.text, "no");
});

test("names are resolved to namespaces, with and without prefixes", () => {
  const root = readXml("<a xmlns='urn:d' xmlns:p='urn:p' b='1' p:c='2'><p:x/><y xmlns=''/></a>", LIMITS);
  assert.deepEqual([root.uri, root.local], ["urn:d", "a"]);
  assert.deepEqual(
    root.attributes.map(({ uri, local, value }) => [uri, local, value]),
    [
      ["", "b", "1"],
      ["urn:p", "c", "2"],
    ],
  );
  assert.deepEqual(
    root.children.map(({ uri, local }) => [uri, local]),
    [
      ["urn:p", "x"],
      ["", "y"],
    ],
  );
});

test("prefixes, declarations and the order of text and elements are kept as they are written", () => {
  const root = readXml('<a xmlns="urn:a" xmlns:p="urn:p">1<p:b p:c="2"/>\n<d/><![CDATA[3]]></a>', LIMITS);
  assert.deepEqual(
    [...root.declared],
    [
      ["", "urn:a"],
      ["p", "urn:p"],
    ],
  );
  const [b, d] = root.children;
  assert.equal(b?.prefix, "p");
  assert.deepEqual([...b.declared], []);
  assert.deepEqual(b.attributes, [
    { uri: "urn:p", local: "c", prefix: "p", value: "2", refersTo: undefined },
  ]);
  assert.deepEqual(root.content, ["1", b, "\n", d, "3"]);
  assert.equal(root.text, "1\n3");
});

test("a namespace with a space around it is another namespace", () => {
  assert.equal(readXml("<a xmlns=' urn:d'/>", LIMITS).uri, " urn:d");
});

test("the place of an error is told, its content is not", () => {
  assert.throws(
    () => readXml("<a>\n  <secret-4111></other-4111>", LIMITS),
    (error) =>
      error instanceof GatewayError &&
      /\(line 2, column \d+\)/.test(error.message) &&
      !error.message.includes("4111"),
  );
});
