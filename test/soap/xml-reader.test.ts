import assert from "node:assert/strict";
import { test } from "node:test";
import { XmlDocument } from "libxml2-wasm";
import { GatewayError, type Code } from "../../src/errors.js";
import { readXml } from "../../src/soap/xml-reader.js";

const LIMITS = { maxXmlDepth: 10, maxXmlElements: 100 };

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

test("depth, elements and attributes are limited", () => {
  const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
  const many = (count: number): string => `<a>${"<b/>".repeat(count - 1)}</a>`;
  const attributes = (count: number): string =>
    `<a ${Array.from({ length: count }, (_, at) => `a${at}=""`).join(" ")}/>`;
  assert.deepEqual([codeOf(nested(10)), codeOf(nested(11))], ["ok", "too_large"]);
  assert.deepEqual([codeOf(many(100)), codeOf(many(101))], ["ok", "too_large"]);
  assert.deepEqual([codeOf(attributes(200)), codeOf(attributes(201))], ["ok", "too_large"]);
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

test("a namespace with a space around it is not the same namespace", () => {
  assert.equal(codeOf("<a xmlns=' urn:d'/>"), "invalid_input");
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
