import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFacetCheck } from "../../src/contract/facets.js";
import type { Field, FieldNotes, FieldType } from "../../src/contract/model.js";
import { sampleRecord } from "../../src/samples/sample-values.js";
import { Decimal, type Value } from "../../src/values.js";

/** The sample of one field. */
function sampleOf(type: FieldType, notes: FieldNotes = {}, fallback?: Value): Value | undefined {
  const field: Field = {
    source: "value",
    xmlName: "value",
    protoName: "value",
    number: 1,
    type,
    required: false,
    ...(fallback === undefined ? {} : { default: fallback }),
    description: "",
    notes,
    position: 0,
    spelledType: "",
  };
  return sampleRecord({ fields: [field] })["value"];
}

const NUMBERS: readonly (readonly [FieldType, Value])[] = [
  [{ kind: "double" }, 1.5],
  [{ kind: "double", minimum: "300", maximum: "850" }, 300],
  [{ kind: "double", maximum: "-0.125" }, -0.125],
  [{ kind: "double", totalDigits: 3, fractionDigits: 3 }, 0.999],
  [{ kind: "double", totalDigits: 5, fractionDigits: 0, maximum: "99999" }, 1],
  [{ kind: "double", totalDigits: 9, fractionDigits: 2, minimum: "1.501" }, 1.51],
  [{ kind: "integer" }, 1n],
  [{ kind: "integer", minimum: "-7", maximum: "-0.5" }, -1n],
  [{ kind: "integer", totalDigits: 18, minimum: "999999999999999999" }, 999999999999999999n],
  [{ kind: "decimal" }, new Decimal("1.5")],
  [{ kind: "decimal", totalDigits: 11, fractionDigits: 2 }, new Decimal("1.50")],
  [{ kind: "decimal", totalDigits: 5, fractionDigits: 5 }, new Decimal("0.99999")],
  [{ kind: "decimal", minimum: "1000000000000000000000.001" }, new Decimal("1000000000000000000000.001")],
];

test("a sample number is 1.5, 1, or the bound that is nearest", () => {
  for (const [type, expected] of NUMBERS) {
    assert.deepEqual(sampleOf(type), expected);
    assert.equal(compileFacetCheck(type)?.(expected), undefined);
  }
});

test("a sample text is the first allowed one, or a word as long as it may be", () => {
  assert.equal(sampleOf({ kind: "string" }), "text");
  assert.equal(sampleOf({ kind: "string", maxLength: 2 }), "te");
  assert.equal(sampleOf({ kind: "string", allowed: ["PL", "CC"] }), "PL");
  assert.equal(sampleOf({ kind: "string", allowed: ["LONG", "CC"], maxLength: 2 }), "CC");
  // XML cannot carry the first.
  assert.equal(sampleOf({ kind: "string", allowed: ["\u0000", "CC"] }), "CC");
});

test("a default, and then a documented value, is taken where it fits", () => {
  assert.equal(sampleOf({ kind: "string" }, {}, "standard"), "standard");
  assert.equal(sampleOf({ kind: "string" }, { allowedValues: ["PL"] }, "standard"), "standard");
  assert.equal(
    sampleOf({ kind: "string", maxLength: 2 }, { allowedValues: ["LONG", "PL"] }, "standard"),
    "PL",
  );
  assert.equal(sampleOf({ kind: "integer", minimum: "5" }, { allowedValues: ["3", "x", "12"] }), 12n);
  assert.deepEqual(sampleOf({ kind: "decimal" }, { allowedValues: ["12.50"] }), new Decimal("12.50"));
});
