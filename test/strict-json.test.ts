import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseStrictJson, type JsonValue } from "../src/strict-json.js";
import { describeProblem } from "../src/errors.js";
import { Decimal } from "../src/values.js";
import { problemsOf } from "./artifact/bundles.js";

const read = (text: string): JsonValue => parseStrictJson(Buffer.from(text), "input_info.json");

async function messages(bytes: Buffer | string): Promise<string[]> {
  const problems = await problemsOf(() => parseStrictJson(Buffer.from(bytes), "input_info.json"));
  return problems.map(describeProblem);
}

test("what JSON.stringify writes reads as the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const rounded = (_: string, item: unknown): unknown => (typeof item === "bigint" ? Number(item) : item);
      assert.equal(JSON.stringify(read(text), rounded), JSON.stringify(JSON.parse(text)));
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("numbers keep every digit", () => {
  const numbers = [
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["-9223372036854775808", -9223372036854775808n],
    ["0.1", 0.1],
    ["0.30000000000000004", 0.30000000000000004],
    ["100.00", 100],
    ["1.5e3", 1500],
    ["0.12345678901234567890", new Decimal("0.12345678901234567890")],
    ["1.2345678901234567890e2", new Decimal("123.45678901234567890")],
    ["-1.0000000000000001e-05", new Decimal("-0.000010000000000000001")],
    ["12345678901234567890E+1", new Decimal("123456789012345678900")],
  ] as const;
  for (const [text, value] of numbers) assert.deepEqual(read(text), value, text);
});

test("a number that no type here can hold is refused", async () => {
  for (const text of ["1e400", "1e-400", "1.23e331", "1".repeat(1001)]) {
    assert.match((await messages(text)).join(), /expected a number/);
  }
});

test("__proto__ is a key like any other", () => {
  const value = read('{"__proto__": {"polluted": true}, "constructor": 1}');
  assert.deepEqual(Object.keys(value as object), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(value), null);
});

test("every key that an object has twice is named", async () => {
  const text = '{"a": [{"b": 1, "b": 2}], "c d": {"__proto__": 1, "__proto__": 1}, "a": 3}';
  assert.deepEqual(await messages(text), [
    "input_info.json: a[0].b: The object has this key twice. Keep the one that is meant.",
    'input_info.json: ["c d"].__proto__: The object has this key twice. Keep the one that is meant.',
    "input_info.json: a: The object has this key twice. Keep the one that is meant.",
  ]);
});

test("a hostile file cannot make an endless report", async () => {
  const twice = Array.from({ length: 5000 }, (_, index) => `"k${index % 2}": 1`).join(",");
  const found = await messages(`{${twice}}`);
  assert.equal(found.length, 101);
  assert.match(found.at(-1) ?? "", /4898 more problems are not listed/);
});

test("wrong syntax is refused with line and column", async () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["", /line 1, column 1: expected a value, found the end/],
    ["{", /expected a key in double quotes, found the end/],
    ['{"a": 1,}', /column 9: expected a key in double quotes, found `}`/],
    ['{\n  "a" 1}', /line 2, column 7: expected `:`, found `1`/],
    ['{"a": 1 "b": 2}', /expected `,` or `}`/],
    ["[1 2]", /expected `,` or `\]`/],
    ["[1,]", /expected a value, found `]`/],
    ["01", /expected the end of the text/],
    ["+1", /expected a value/],
    [".5", /expected a value/],
    ["NaN", /expected a value/],
    ["nullx", /expected a value/],
    ["'a'", /expected a value/],
    ['"a', /expected a string in double quotes/],
    ['"\\x"', /expected a string in double quotes/],
    ['"a\nb"', /expected a string in double quotes/],
    ['"\\ud800"', /half surrogate/],
    ["1 // comment", /expected the end of the text/],
    ["\u00a01", /expected a value, found `\\u\{a0\}`|found `/],
  ];
  for (const [text, message] of wrong) assert.match((await messages(text)).join(), message, text);
});

test("a byte order mark and invalid UTF-8 are refused", async () => {
  assert.match((await messages(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).join(), /byte order mark/);
  assert.match((await messages(Buffer.from([0x22, 0xff, 0x22]))).join(), /not valid UTF-8/);
  assert.match((await messages(Buffer.from('{"a": 1}', "utf16le"))).join(), /Not valid JSON/);
});

test("nesting is bounded", async () => {
  assert.equal(JSON.stringify(read("[".repeat(64) + "]".repeat(64))).length, 128);
  assert.match((await messages("[".repeat(1_000_000))).join(), /nested deeper than 64/);
  assert.match((await messages('{"a":'.repeat(1_000_000))).join(), /nested deeper than 64/);
});

test("what is shown of the file cannot steer a terminal", async () => {
  const found = (await messages('{"\\u001b[31m\\u202e": 1, "\\u001b[31m\\u202e": 2}')).join();
  assert.match(found, /\["\\u\{1b\}\[31m\\u\{202e\}"\]/);
});
