import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareDecimals, fitsDecimal, largestDecimal, plainDecimal } from "../src/decimals.js";
import { parseDecimal } from "../src/lexical.js";
import { Decimal } from "../src/values.js";
import { fits } from "./lexical-oracle.js";

const digits = (most: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom("0", "1", "2", "9"), { minLength: 1, maxLength: most })
    .map((list) => list.join(""));
const numeral = fc
  .tuple(fc.constantFrom("", "-"), digits(5), fc.option(digits(4), { nil: undefined }))
  .map(([sign, whole, fraction]) => sign + whole + (fraction === undefined ? "" : `.${fraction}`));

/** The numeral times 10 000, as a whole number: an independent way to compare. */
function scaled(text: string): bigint {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole + fraction.padEnd(4, "0"));
  return text.startsWith("-") ? -value : value;
}

test("decimal(11,2) has nine digits before the point, as the data lake and a PIC have it", () => {
  assert.ok(fitsDecimal(new Decimal("999999999.99"), 11, 2));
  assert.ok(!fitsDecimal(new Decimal("1000000000"), 11, 2));
  assert.ok(fitsDecimal(new Decimal("0.10"), 1, 1));
  assert.ok(!fitsDecimal(new Decimal("1.005"), 11, 2));
});

test("what fits is what is no larger than the largest and has no more digits behind the point", () => {
  fc.assert(
    fc.property(numeral, fc.nat({ max: 5 }), fc.nat({ max: 4 }), (text, whole, fraction) => {
      const total = whole + fraction;
      const decimal = parseDecimal(text);
      assert.ok(decimal !== undefined);
      assert.equal(fitsDecimal(decimal, total, fraction), fits(decimal.text, total, fraction), text);
      if (total === 0 || !fitsDecimal(decimal, total, fraction)) return;
      const largest = largestDecimal(total, fraction);
      assert.ok(
        compareDecimals(decimal.text, largest) <= 0 && compareDecimals(`-${largest}`, decimal.text) <= 0,
      );
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("numerals are compared as the numbers that they are", () => {
  fc.assert(
    fc.property(numeral, numeral, (one, other) => {
      const [a, b] = [scaled(one), scaled(other)];
      assert.equal(Math.sign(compareDecimals(one, other)), a < b ? -1 : a > b ? 1 : 0, `${one} ${other}`);
    }),
    { seed: 2, numRuns: 5000 },
  );
});

test("a double without an exponent is the same double", () => {
  for (const value of [0, -0, 1e21, -1.5e300, 5e-324, 1.2345e-7, 123456789.125, 1e-6]) {
    const text = plainDecimal(value);
    assert.match(text ?? "", /^-?\d+(\.\d+)?$/);
    assert.equal(Number(text) + 0, value + 0);
  }
  assert.equal(plainDecimal(Number.NaN), undefined);
  assert.equal(plainDecimal(Number.POSITIVE_INFINITY), undefined);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = plainDecimal(value);
      assert.match(text ?? "", /^-?\d+(\.\d+)?$/);
      assert.equal(Number(text) + 0, value + 0);
    }),
    { seed: 3, numRuns: 5000 },
  );
});
