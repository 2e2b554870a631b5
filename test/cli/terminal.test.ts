import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { alignedRows, indented, PLAIN, wrapped } from "../../src/cli/terminal.js";
import { textWidth, visibleText } from "../../src/visible-text.js";

const texts = fc.string({ unit: "grapheme", maxLength: 200 }).map((text) => visibleText(text));

test("wrapped text has every word, and no line that is too wide", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 80 }), (text, width) => {
      const lines = wrapped(text, width);
      for (const line of lines) assert.ok(textWidth(line) <= width, line);
      assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    }),
    { seed: 20_261_123, numRuns: 500 },
  );
});

test("rows of any text fit into the width, in columns that begin at one place", () => {
  const rows = fc.array(fc.array(texts, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(rows, (cells) => {
      for (const line of alignedRows(cells, PLAIN, "  ").split("\n")) assert.ok(textWidth(line) <= 80, line);
    }),
    { seed: 20_261_123, numRuns: 300 },
  );
  const printed = alignedRows(
    [
      ["漢字", "x"],
      ["name", "y"],
      ["é", ""],
    ],
    PLAIN,
  );
  assert.equal(printed, "漢字  x\nname  y\né");
});

test("what steers a terminal is spelled out", () => {
  assert.equal(
    visibleText("\u001b[31m\u202e\u2028\u009b\ue000"),
    "\\u{1b}[31m\\u{202e}\\u{2028}\\u{9b}\\u{e000}",
  );
  assert.equal(visibleText("abcdef", 3), "abc… (6 characters)");
  assert.equal(indented("one two", "  ", 6), "  one\n  two");
});
