import assert from "node:assert/strict";
import { test } from "node:test";
import { urgencyFrom } from "../../src/call/flow.js";

test("the urgency of a Priority field is read as RFC 9218 writes it", () => {
  assert.equal(urgencyFrom("u=5"), 5);
  assert.equal(urgencyFrom("u=0, i"), 0);
  assert.equal(urgencyFrom("i, u=7"), 7);
  assert.equal(urgencyFrom("u=2;x=1, i"), 2);
});

test("what is no urgency says nothing", () => {
  for (const field of [
    undefined,
    "",
    "u",
    "u=",
    "u=8",
    "u=-1",
    "u=12",
    "u=5.0",
    "U=5",
    "uu=5",
    "i",
    "x;u=5",
  ]) {
    assert.equal(urgencyFrom(field), undefined, String(field));
  }
});
