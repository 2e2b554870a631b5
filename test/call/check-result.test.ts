import assert from "node:assert/strict";
import { test } from "node:test";
import { compileResultCheck } from "../../src/call/check-result.js";
import { readResult } from "../../src/call/read-result.js";
import type { ArrayType } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { printJson } from "../../src/dynamic-json.js";
import { DateTime, Decimal, newStruct, type PythonValue, type Struct, type Value } from "../../src/values.js";
import { RESULT_SHAPES } from "../proto/result-shapes.js";
import { sampleResult } from "../support/sample-service.js";

const rows: ArrayType = { kind: "array", name: "Rows", itemName: "row", maxItems: 3, items: sampleResult };
const checkRows = compileResultCheck(rows);

/** What the log would say about a refused result. */
function causeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, "output_invalid");
    assert.equal(error.started, true);
    return String(error.cause);
  }
  return assert.fail("was accepted");
}

function dict(members: Record<string, PythonValue>): Map<PythonValue, PythonValue> {
  return new Map(Object.entries(members));
}

function struct(members: Record<string, Value>): Struct {
  return Object.assign(newStruct(), members);
}

function column(...values: PythonValue[]): Map<PythonValue, PythonValue> {
  return dict({ type: "String", values });
}

test("a table that was returned column by column is read into rows", () => {
  const dataset = dict({
    decision: column("A", null),
    score: column(1n, 2.5),
    credit_limit: column(7n, null),
  });
  assert.deepEqual(checkRows(dataset), [
    struct({ decision: "A", credit_limit: new Decimal("7"), score: 1 }),
    struct({ score: 2.5 }),
  ]);
  assert.deepEqual(checkRows(dict({ decision: column() })), []);
});

test("what is no such table is read as it is, and refused with its place", () => {
  for (const [value, cause] of [
    [dict({ decison: column("A") }), "result: expected only declared columns, found dict of 1"],
    [
      dict({ decision: column("A"), score: column() }),
      "result.score: expected 1 values, like the columns before it, found list of 0",
    ],
    [dict({}), "result: expected list, found dict of 0"],
    [dict({ decision: column("A"), score: "x" }), "result: expected list, found dict of 2"],
    [dict({ decision: column("A", 1n) }), "result[1].decision: expected str, found int"],
    [dict({ decision: column("A", "B", "C", "D") }), "result: expected at most 3 elements, found dict of 1"],
    [[dict({}), dict({ score: "secret" })], "result[1].score: expected float, found str"],
    [[dict({}), dict({ extra: 1n })], "result[1]: expected only declared keys, found str"],
    [[1n, 2n, 3n, 4n], "result: expected at most 3 elements, found list of 4"],
  ] as const) {
    assert.equal(
      causeOf(() => checkRows(value as PythonValue)),
      `Mismatch: ${cause}`,
    );
  }
});

test("the path is that of the value at fault, also after others that were right", () => {
  const shape = RESULT_SHAPES.get("map to list");
  assert.ok(shape?.kind === "map");
  const check = compileResultCheck(shape);
  const right: [PythonValue, PythonValue] = ["a", []];
  assert.equal(
    causeOf(() => check(new Map([right, ["b", 5n]]))),
    "Mismatch: result.value[1]: expected list, found int",
  );
  assert.equal(
    causeOf(() => check(new Map<PythonValue, PythonValue>([right, [5n, []]]))),
    "Mismatch: result.key[1]: expected str, found int",
  );
  const dynamic = compileResultCheck({ kind: "dynamic" });
  const bytes = dict({ a: [1n, new Uint8Array(2)] });
  assert.equal(
    causeOf(() => dynamic(bytes)),
    "Mismatch: result.a[1]: expected data that every protocol can carry, found bytes",
  );
});

test("a check may be used again after a refusal", () => {
  causeOf(() => checkRows([dict({ score: "x" })]));
  assert.equal(
    causeOf(() => checkRows(5n)),
    "Mismatch: result: expected list, found int",
  );
  assert.deepEqual(checkRows([dict({ decided_at: "2024-02-29 12:00:00+01:00" })]), [
    struct({ decided_at: new DateTime("2024-02-29T11:00:00") }),
  ]);
});

test("half a surrogate pair in a text of Python is refused, not replaced", () => {
  // pickle.dumps("a\ud800", 4): the three bytes ed a0 80 are how Python writes what UTF-8 cannot.
  const bytes = Buffer.from("80048c0461eda0802e", "hex");
  assert.match(
    causeOf(() => readResult(bytes)),
    /^NotDataError: a str that is not Unicode text$/,
  );
});

test("data that nothing declares may be nested as deep as Python nests it, and no deeper", () => {
  const dynamic = compileResultCheck({ kind: "dynamic" });
  const nested = (levels: number, wrap: (inner: PythonValue) => PythonValue): PythonValue =>
    Array.from({ length: levels - 1 }).reduce<PythonValue>(wrap, null);
  for (const wrap of [(inner: PythonValue) => [inner], (inner: PythonValue) => dict({ k: inner })]) {
    assert.match(printJson(dynamic(nested(1000, wrap)), "result"), /^([[{]("k":)?)+null[\]}]+$/);
    for (const levels of [1001, 100_000]) {
      const cause = causeOf(() => dynamic(nested(levels, wrap)));
      assert.match(cause, /^Mismatch: result: expected data of at most 1000 levels, found (list|dict|None)/);
    }
  }
});
