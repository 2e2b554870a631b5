import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { XmlDocument } from "libxml2-wasm";
import { element, escapeText, isXmlText, printDocument, toXmlText } from "../../src/xml-printer.js";

const anyText = fc.string({ unit: "binary", maxLength: 30 });
const RUNS = { seed: 11, numRuns: 1000 };

test("text and attributes come back from a parser as they went in", () => {
  const property = fc.property(anyText.map(toXmlText), anyText.map(toXmlText), (content, value) => {
    const document = XmlDocument.fromString(element("a", escapeText(content), { b: value }));
    try {
      assert.equal(document.root.content, content);
      assert.equal(document.root.attr("b")?.value, value);
    } finally {
      document.dispose();
    }
  });
  fc.assert(property, RUNS);
});

test("characters that XML 1.0 cannot carry are refused in text and attributes", () => {
  for (const character of ["\u0000", "\u0008", "\u001f", "\ufffe", "\uffff", "\ud800", "\udc00"]) {
    assert.equal(isXmlText(`a${character}`), false);
    assert.throws(() => escapeText(`a${character}`), RangeError);
    assert.throws(() => element("a", "", { b: character }), RangeError);
    assert.equal(toXmlText(`a${character}b${character}`), "a\uFFFDb\uFFFD");
  }
  assert.ok(isXmlText("\t\n\r\u0085\u{10ffff}"));
});

test("a document is indented, and an element without content is short", () => {
  const root = { name: "a", attributes: { b: '"<' }, children: [{ name: "c" }, { name: "d", text: "e&" }] };
  assert.equal(
    printDocument(root),
    '<?xml version="1.0" encoding="UTF-8"?>\n<a b="&quot;&lt;">\n  <c/>\n  <d>e&amp;</d>\n</a>\n',
  );
});
