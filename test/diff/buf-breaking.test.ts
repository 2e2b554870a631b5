import assert from "node:assert/strict";
import { test } from "node:test";
import { DESCRIPTOR_RULES } from "../../src/diff/descriptor-findings.js";
import { assertAgreement } from "./buf-agreement.js";
import { contractPair } from "./corpus.js";

test("what we say of the descriptor is what buf breaking says, rule for rule and field for field", () => {
  const { rules, unbroken } = assertAgreement(Array.from({ length: 400 }, (_, seed) => contractPair(seed)));
  assert.deepEqual([...rules].sort(), [...DESCRIPTOR_RULES].sort(), "not every rule was tried");
  assert.ok(unbroken > 50, `only ${unbroken} pairs break nothing`);
});
