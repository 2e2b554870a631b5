import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writeJson } from "../src/json-text.js";
import { parseStrictJson } from "../src/strict-json.js";

test("what the strict reader read is written with every digit, and reads as the same", () => {
  const numbers = fc.oneof(
    fc.bigInt().map(String),
    fc
      .tuple(fc.bigInt(), fc.stringMatching(/^[0-9]{1,30}$/))
      .map(([whole, fraction]) => `${whole}.${fraction}`),
  );
  const texts = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc
        .string({ unit: "binary" })
        .filter((text) => !/\p{Surrogate}/u.test(text))
        .map((text) => JSON.stringify(text)),
      numbers,
      fc.constantFrom("null", "true", "false"),
      fc.array(tie("value")).map((items) => `[${items.join(",")}]`),
      fc.dictionary(fc.constantFrom("__proto__", "constructor", "a", "\u001b"), tie("value")).map(
        (object) =>
          `{${Object.entries(object)
            .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
            .join(",")}}`,
      ),
    ),
  })).value;
  fc.assert(
    fc.property(texts, fc.constantFrom("", "  "), (text, indent) => {
      const value = parseStrictJson(Buffer.from(text), "x.json");
      const written = writeJson(value, indent);
      assert.doesNotMatch(written.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.deepEqual(parseStrictJson(Buffer.from(written), "x.json"), value);
    }),
    { seed: 20_261_123, numRuns: 500 },
  );
});

test("undefined members are left out, and what JSON has no form for is refused", () => {
  assert.equal(writeJson({ a: undefined, b: [1n, "\u202e"] }), '{"b":[1,"\\u202e"]}');
  for (const value of [Number.NaN, new Map(), () => 1, [undefined]])
    assert.throws(() => writeJson(value), TypeError);
});
