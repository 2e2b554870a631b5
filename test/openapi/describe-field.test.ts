import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field } from "../../src/contract/model.js";
import { describeField } from "../../src/openapi/describe-field.js";

const FIELD: Field = {
  source: "limit",
  xmlName: "limit",
  protoName: "limit",
  number: 1,
  type: { kind: "string" },
  required: true,
  description: "",
  notes: {},
  position: 0,
  spelledType: "",
};

test("everything that is known of a field is said, and nothing else", () => {
  assert.equal(describeField(FIELD), "");
  const notes = { unit: "EUR", origin: "crm.limits", nullMeaning: "no limit", allowedValues: ["1", "2"] };
  const described: Field = {
    ...FIELD,
    type: { kind: "decimal", minimum: "0", maximum: "99.5" },
    description: "The limit.",
    notes,
    spelledType: "decimal",
  };
  assert.equal(
    describeField(described),
    "The limit. Type: decimal. Unit: EUR. From crm.limits. Values: 1, 2. Absent means: no limit. At least 0. At most 99.5. " +
      "An exact decimal number as text, without an exponent; it may also be sent as a number.",
  );
});

test("the words for tables and parameters are no types", () => {
  assert.equal(describeField({ ...FIELD, spelledType: "table" }), "");
  assert.equal(describeField({ ...FIELD, spelledType: "str" }), "Type: String.");
});
