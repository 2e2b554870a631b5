import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { readPythonLiteral } from "../../src/artifact/python-literal.js";
import { isJsonObject } from "../../src/strict-json.js";
import { Decimal } from "../../src/values.js";

test("literals read as the values they are", () => {
  const literals: readonly (readonly [string, unknown])[] = [
    ["None", null],
    ["True", true],
    [" [ ] ", []],
    ["()", []],
    ["(1)", 1],
    ["(1,)", [1]],
    ["(1, 'a', [None])", [1, "a", [null]]],
    ["-0.5", -0.5],
    ["12345678901234567890", 12345678901234567890n],
    ["0.12345678901234567890", new Decimal("0.12345678901234567890")],
    ["'it\\'s\\n\\x41\\u00fc\\U0001f600'", "it's\nAü😀"],
  ];
  for (const [text, value] of literals) assert.deepEqual(readPythonLiteral(text), value, text);
  const dict = readPythonLiteral("{'__proto__': 1,}");
  assert.deepEqual(isJsonObject(dict) && Object.keys(dict), ["__proto__"]);
});

test("whatever is not a literal is undefined", () => {
  for (const text of [
    "",
    "inf",
    "nan",
    "true",
    "None None",
    "1_000",
    "01",
    "1j",
    "[1",
    "[1 2]",
    "{1: 2}",
    "{'a': 1, 'a': 2}",
    "{'a'}",
    "'a",
    "'\\N{DASH}'",
    "'\\ud800'",
    "'\\U00110000'",
    "b'a'",
    "f'{1}'",
    "__import__('os').system('true')",
    "[".repeat(40),
    "[".repeat(1_000_000),
  ]) {
    assert.equal(readPythonLiteral(text), undefined, text.slice(0, 40));
  }
});

test("what Python's repr() writes reads as the same value", () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 4 }), tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  const values = fc.sample(value, { seed: 11, numRuns: 300 });
  const program = "import json, sys\nprint(json.dumps([repr(v) for v in json.load(sys.stdin)]))";
  const printed = JSON.parse(
    execFileSync("python3", ["-c", program], { input: JSON.stringify(values), encoding: "utf8" }),
  ) as string[];
  for (const [index, text] of printed.entries()) {
    const read = readPythonLiteral(text);
    assert.ok(read !== undefined, text);
    // A double without a fraction is an integer in JSON, and can be too long for a double afterwards.
    const json = JSON.stringify(read, (_, each: unknown) => (typeof each === "bigint" ? Number(each) : each));
    assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify(values[index])), text);
  }
});
