import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError, overloaded } from "../src/errors.js";

test("a refusal for want of a place says when to come back, and takes no stack", () => {
  const limit = Error.stackTraceLimit;
  const error = overloaded("Too many calls are waiting.", 150);
  assert.ok(error instanceof GatewayError);
  assert.deepEqual([error.code, error.retryAfterMs, error.started], ["overloaded", 150, false]);
  assert.doesNotMatch(error.stack ?? "", /\n/);
  assert.equal(Error.stackTraceLimit, limit);
});

test("other errors have their stack", () => {
  assert.match(new GatewayError("internal", "x").stack ?? "", /errors\.test/);
});
