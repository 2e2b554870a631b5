import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileFacetCheck } from "../../src/contract/facets.js";
import { plainDecimal } from "../../src/decimals.js";
import type { FieldType } from "../../src/contract/model.js";
import { Decimal, type Value } from "../../src/values.js";

/** What is wrong with a value of the type; empty when nothing is. */
function wrong(type: FieldType, value: Value): string {
  const check = compileFacetCheck(type);
  assert.ok(check !== undefined);
  return check(value) ?? "";
}

test("a type without facets has nothing to check", () => {
  for (const kind of [
    "string",
    "boolean",
    "double",
    "integer",
    "decimal",
    "datetime",
    "date",
    "dynamic",
  ] as const) {
    assert.equal(compileFacetCheck({ kind }), undefined, kind);
  }
});

test("characters are counted, not halves of them", () => {
  const type: FieldType = { kind: "string", maxLength: 2 };
  assert.equal(wrong(type, "\u{1d11e}\u{1d11e}"), "");
  assert.equal(wrong(type, "abc"), "Must have at most 2 characters.");
  assert.equal(wrong(type, "\u{1d11e}\u{1d11e}\u{1d11e}"), "Must have at most 2 characters.");
});

test("allowed texts are compared exactly, and never told back", () => {
  const type: FieldType = { kind: "string", allowed: ["Y", "N"] };
  assert.equal(wrong(type, "Y"), "");
  for (const value of ["y", " Y", "", "secret"]) {
    assert.equal(wrong(type, value), "Must be one of the values that the contract lists.");
  }
});

test("bounds belong to the values, and are compared exactly", () => {
  const integer: FieldType = { kind: "integer", minimum: "-5", maximum: "9007199254740993" };
  assert.deepEqual(
    [-5n, -6n, 9007199254740993n, 9007199254740994n].map((value) => wrong(integer, value) === ""),
    [true, false, true, false],
  );
  const decimal: FieldType = { kind: "decimal", minimum: "0.10", maximum: "100000000000000000000.1" };
  const fits = (text: string): boolean => wrong(decimal, new Decimal(text)) === "";
  assert.deepEqual(["0.1", "0.09", "100000000000000000000.10", "100000000000000000000.11"].map(fits), [
    true,
    false,
    true,
    false,
  ]);
  const double: FieldType = { kind: "double", minimum: "0" };
  assert.deepEqual(
    [0, -0, Infinity, -1, NaN].map((value) => wrong(double, value) === ""),
    [true, true, true, false, false],
  );
});

test("a double with digits is one that has so few, and no more than the shortest text shows", () => {
  const type: FieldType = { kind: "double", totalDigits: 5, fractionDigits: 2 };
  assert.deepEqual(
    [0.1, -0, 999.99, 1e2, 1e-2].map((value) => wrong(type, value)),
    ["", "", "", "", ""],
  );
  for (const value of [0.1 + 0.2, 1e-3, 1e3, Infinity, NaN]) {
    assert.equal(wrong(type, value), "Must be a number of at most 3 digits before the point and 2 after it.");
  }
});

test("a double's plain numeral has no exponent and is the same number", () => {
  assert.deepEqual(
    [1e21, 1.5e-7, -2.25e22, 5e-324, 123.5, -0].map(plainDecimal).map((text) => text?.slice(0, 12)),
    ["100000000000", "0.00000015", "-22500000000", "0.0000000000", "123.5", "0"],
  );
  assert.equal(plainDecimal(NaN), undefined);
  const property = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = plainDecimal(value) ?? "";
    assert.match(text, /^-?\d+(\.\d+)?$/);
    assert.equal(Number(text), value + 0);
  });
  fc.assert(property, { seed: 5, numRuns: 2000 });
});
