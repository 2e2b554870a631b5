import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInputs } from "../../src/call/check-inputs.js";
import { GatewayError } from "../../src/errors.js";
import { MOST_VIOLATIONS } from "../../src/limits.js";
import { collectViolations } from "../../src/soap/violations.js";
import { newStruct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";

test("all violations are counted, and as many listed as asked for", () => {
  const violations = collectViolations(2);
  for (let index = 0; index < 5; index += 1) violations.add(`a[${index}]`, "Is wrong.");
  const error = refusal(() => violations.throwIfAny());
  assert.match(error.message, /the first 2 of 5 problems/);
  assert.equal(error.violations.length, 2);
});

test("after a thousand violations a request is read no further", () => {
  const violations = collectViolations(2);
  let added = 0;
  const error = refusal(() => {
    for (; added < 1_000_000; added += 1) violations.add("a", "Is wrong.");
  });
  assert.equal(added, MOST_VIOLATIONS - 1);
  assert.match(error.message, /the first 2 of at least 1000 problems/);
});

test("the check of decoded inputs stops there, too", () => {
  const { request } = sampleService().operation;
  const fields = request.fields.map((field) =>
    field.type.kind === "array" ? { ...field, type: { ...field.type, maxItems: 1_000_000 } } : field,
  );
  const application = Array.from({ length: 600 }, newStruct);
  const inputs = Object.assign(newStruct(), { application });
  const error = refusal(() => checkInputs({ ...request, fields }, inputs, 20));
  // Two values are required in each row.
  assert.match(error.message, /and at least 999 more/);
  assert.equal(error.violations.length, 20);
});

function refusal(work: () => void): GatewayError {
  try {
    work();
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError);
    return thrown;
  }
  return assert.fail("was not refused");
}
