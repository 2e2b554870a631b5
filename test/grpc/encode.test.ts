import assert from "node:assert/strict";
import { test } from "node:test";
import { createFileRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import type { FieldType } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { compileEncode } from "../../src/grpc/encode.js";
import { buildDescriptorSet } from "../../src/proto/descriptor.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Value } from "../../src/values.js";
import { RESULT_SHAPES } from "../proto/result-shapes.js";
import { sampleService } from "../support/sample-service.js";

/** What a caller's protobuf library makes of the reply, in protobuf's own JSON. */
function replyJson(type: FieldType | undefined, value: Value): unknown {
  const service = sampleService(type);
  const registry = createFileRegistry(buildDescriptorSet(service));
  const desc = registry.getMessage("sample_decision.v1.EvaluateResponse");
  assert.ok(desc !== undefined);
  return toJson(desc, fromBinary(desc, compileEncode(service)(value)), { registry });
}

function refusal(type: FieldType | undefined, value: Value): string {
  try {
    compileEncode(sampleService(type))(value);
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError);
    assert.equal(thrown.code, "output_invalid");
    return thrown.violations[0]?.path ?? "";
  }
  return assert.fail("was written");
}

function struct(members: Record<string, Value>): Value {
  return Object.assign(newStruct(), members);
}

test("a result is written with every digit; null and absent fields are left out", () => {
  const result = struct({
    decision: "東京 \u{1f600}",
    credit_limit: new Decimal("12500.00"),
    score: 0.1,
    reason_codes: ["A", ""],
    valid_until: new CalendarDate("0999-12-31"),
    decided_at: new DateTime("1969-12-31T23:59:59.000001"),
    sequence: -(2n ** 63n),
    approved: null,
  });
  assert.deepEqual(replyJson(undefined, result), {
    result: {
      decision: "東京 \u{1f600}",
      creditLimit: { value: "12500.00" },
      score: 0.1,
      reasonCodes: ["A", ""],
      validUntil: { year: 999, month: 12, day: 31 },
      decidedAt: "1969-12-31T23:59:59.000001Z",
      sequence: "-9223372036854775808",
    },
  });
});

test("what the type cannot hold is an error with its path, never another value", () => {
  for (const [field, value] of [
    ["sequence", 2n ** 63n],
    ["sequence", -(2n ** 63n) - 1n],
    ["sequence", 1],
    ["score", 1n],
    ["score", "1"],
    ["decision", 1],
    ["decision", "\ud800"],
    ["approved", "true"],
    ["credit_limit", 1],
    ["credit_limit", new Decimal("1e5")],
    ["valid_until", new CalendarDate("2023-02-29")],
    ["valid_until", new DateTime("2023-02-28T00:00:00")],
    ["decided_at", new DateTime("2023-02-28T25:00:00")],
    ["decided_at", new DateTime("10000-01-01T00:00:00")],
    ["reason_codes", "A"],
  ] as const) {
    assert.equal(refusal(undefined, struct({ [field]: value })), `result.${field}`);
  }
  assert.equal(refusal(undefined, struct({ reason_codes: ["A", null] })), "result.reason_codes[1]");
  assert.equal(refusal(undefined, "text"), "result");
  assert.equal(refusal(RESULT_SHAPES.get("map to list"), new Map([["a", [1, "2"]]])), "result[0].value[1]");
});

test("a result of no declared type is a google.protobuf.Value", () => {
  const value = struct({
    "": null,
    list: [true, 1.5, 7n, 2n ** 60n, "x", [], struct({})],
    exact: [new Decimal("1.50"), new CalendarDate("2024-02-29"), new DateTime("2024-02-29T12:00:00")],
    map: new Map<Value, Value>([["k", new Map()]]),
  });
  assert.deepEqual(replyJson({ kind: "dynamic" }, value), {
    result: {
      "": null,
      list: [true, 1.5, 7, 2 ** 60, "x", [], {}],
      exact: ["1.50", "2024-02-29", "2024-02-29T12:00:00"],
      map: { k: {} },
    },
  });
  assert.equal(refusal({ kind: "dynamic" }, [1, 2n ** 53n + 1n]), "result[1]");
  assert.equal(refusal({ kind: "dynamic" }, NaN), "result");
  assert.equal(refusal({ kind: "dynamic" }, new Map([[1, 2]])), "result[0]");
  let deep: Value = 1;
  for (let i = 0; i < 10_000; i++) deep = [deep];
  assert.match(refusal({ kind: "dynamic" }, deep), /^result(\[0\]){31}$/);
});

test("the deepest dynamic value that is written can also be read", () => {
  let deep: Value = 1;
  for (let i = 0; i < 30; i++) deep = new Map([["k", deep]]);
  assert.ok(replyJson({ kind: "dynamic" }, deep));
});
