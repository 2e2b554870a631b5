/** Every form in which `main()` may answer becomes the declared type, or is refused with its place; nothing is guessed or cut. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { parseDataType } from "../../src/artifact/data-type.js";
import { compileResultCheck } from "../../src/call/check-result.js";
import { buildContract } from "../../src/contract/build-contract.js";
import { GatewayError } from "../../src/errors.js";
import { DateTime, Decimal, newStruct, type PythonValue, type Struct, type Value } from "../../src/values.js";

/** The check of results of a type in the platform's spelling. */
function checkOf(spelled: string): (returned: PythonValue) => Value {
  const output = { type: parseDataType(spelled), spelled, origin: "declared" } as const;
  const inputs = { tables: [], arguments: [], parameters: [] };
  const { operation } = buildContract({ alias: "a", description: "", inputs, output });
  return compileResultCheck(operation.response.fields[0].type);
}

/** Objects as dicts. */
function py(value: unknown): PythonValue {
  if (Array.isArray(value)) return value.map(py);
  if (typeof value !== "object" || value === null || !isPlain(value)) return value as PythonValue;
  return new Map(Object.entries(value).map(([key, item]) => [key, py(item)]));
}

function isPlain(value: object): boolean {
  return [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

function struct(members: Record<string, Value>): Struct {
  return Object.assign(newStruct(), members);
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, "output_invalid");
    return error.cause instanceof Error ? error.cause.message : "";
  }
  return assert.fail("was accepted");
}

const TABLE = "Array[Struct[decision: String, score: Numerical]]";
const ROWS = [struct({ decision: "A", score: 1 }), struct({ score: 2 })];

suite("a table, in every form", () => {
  const types = { decision: "String", score: "Numerical" };
  const columns = { decision: ["A", null], score: [1, 2] };
  const rows = [{ decision: "A", score: 1 }, { score: 2 }];
  const forms: Readonly<Record<string, unknown>> = {
    D1: { decision: { type: "String", values: ["A", null] }, score: { type: "Numerical", values: [1, 2] } },
    "D1 with other words": { decision: { dtypes: "String", data: ["A", null] }, score: { value: [1, 2] } },
    "D1 with more words": {
      decision: { unit: "", values: ["A", null] },
      score: { values: [1, 2], mean: 1.5 },
    },
    D2: { type: types, values: columns },
    "D2 with other words": { dtypes: types, data: columns },
    "D2 without types": { values: columns },
    D3: { types, values: rows },
    "D3 without types": { value: rows },
    D4: columns,
    D5: rows,
  };
  for (const [name, form] of Object.entries(forms)) {
    test(name, () => assert.deepEqual(checkOf(TABLE)(py(form)), ROWS));
  }

  test("a column that is not there is absent in every row", () => {
    assert.deepEqual(checkOf(TABLE)(py({ score: [1] })), [struct({ score: 1 })]);
    assert.deepEqual(checkOf(TABLE)(py({ type: {}, values: [] })), []);
  });

  test("any table in any form is the same table", () => {
    const check = checkOf("Array[Struct[type: String, values: Numerical, data: String]]");
    const text = fc.option(fc.string());
    const row = fc.record({ type: text, values: fc.option(fc.double({ noNaN: true })), data: text });
    fc.assert(
      fc.property(fc.array(row), (all) => {
        const names = ["type", "values", "data"] as const;
        const each = <T>(make: (name: (typeof names)[number]) => T): Record<string, T> =>
          Object.fromEntries(names.map((name) => [name, make(name)]));
        const lists = each((name) => all.map((one) => one[name]));
        const spelled = each((name) => `the type of ${name}`);
        const typed = each((name) => ({ type: name, values: lists[name] }));
        const expected = check(py(all));
        for (const form of [typed, { type: spelled, values: lists }, { type: spelled, values: all }, lists]) {
          assert.deepEqual(check(py(form)), expected);
        }
      }),
      { seed: 62, numRuns: 300 },
    );
  });
});

suite("a column called like a word of the formats is a column", () => {
  const cases: readonly (readonly [string, unknown, Value])[] = [
    [
      "Array[Struct[type: String, values: Numerical]]",
      { type: ["A"], values: [1] },
      [struct({ type: "A", values: 1 })],
    ],
    [
      "Array[Struct[type: String, values: Numerical]]",
      { type: { type: "String", values: ["A"] }, values: { type: "Numerical", values: [1] } },
      [struct({ type: "A", values: 1 })],
    ],
    [
      "Array[Struct[values: Numerical]]",
      { values: { values: [1, 2] } },
      [struct({ values: 1 }), struct({ values: 2 })],
    ],
    ["Array[Struct[data: Numerical]]", { data: { values: [1] } }, [struct({ data: 1 })]],
    [
      "Array[Struct[values: Numerical, score: Numerical]]",
      { data: { values: [1], score: [2] } },
      [struct({ values: 1, score: 2 })],
    ],
    [
      "Array[Struct[values: Array[Numerical]]]",
      { type: "x", values: [[1], [2]] },
      [struct({ values: [1] }), struct({ values: [2] })],
    ],
    // As rows, it would have a row without the one column there is.
    ["Array[Struct[values: Map[String, Numerical]]]", { values: [{}] }, [struct({ values: new Map() })]],
    [
      "Struct[type: String, values: Array[Numerical]]",
      { type: "A", values: [1, 2] },
      struct({ type: "A", values: [1, 2] }),
    ],
    ["Struct[type: String, values: Numerical]", { type: "A", values: 1 }, struct({ type: "A", values: 1 })],
    [
      "Struct[decision: Struct[type: String, values: Array[Numerical]]]",
      { decision: { type: "A", values: [1] } },
      struct({ decision: struct({ type: "A", values: [1] }) }),
    ],
  ];
  for (const [spelled, returned, expected] of cases) {
    test(`${spelled} of ${JSON.stringify(returned)}`, () => {
      assert.deepEqual(checkOf(spelled)(py(returned)), expected);
    });
  }
});

suite("where one record or value is declared, a table of one row is it", () => {
  const record = "Struct[decision: String, reasons: Array[String]]";
  const one = struct({ decision: "A", reasons: ["R1", "R2"] });
  const value = 712.5;
  const cases: readonly (readonly [string, unknown, Value])[] = [
    [record, { decision: "A", reasons: ["R1", "R2"] }, one],
    [record, [{ decision: "A", reasons: ["R1", "R2"] }], one],
    [record, { decision: { values: ["A"] }, reasons: { values: [["R1", "R2"]] } }, one],
    [record, { type: {}, values: { decision: ["A"], reasons: [["R1", "R2"]] } }, one],
    [record, { type: {}, values: [{ decision: "A", reasons: ["R1", "R2"] }] }, one],
    [record, { decision: ["A"], reasons: [["R1", "R2"]] }, one],
    // Lists that are declared as such are no columns.
    [record, { reasons: ["R1"] }, struct({ reasons: ["R1"] })],
    [record, {}, struct({})],
    ["Numerical", 712.5, value],
    ["Numerical", [712.5], value],
    ["Numerical", { type: "Numerical", values: [712.5] }, value],
    ["Numerical", { score: { type: "Numerical", values: [712.5] } }, value],
    ["Numerical", { score: [712.5] }, value],
    ["Map[String, Numerical]", [{ a: 1 }], new Map([["a", 1]])],
    ["Array[Numerical]", [1, 2], [1, 2]],
    ["Array[Numerical]", { type: "Numerical", values: [1, 2] }, [1, 2]],
    ["Array[Numerical]", { score: { type: "Numerical", values: [1, 2] } }, [1, 2]],
    ["Array[Numerical]", { type: { score: "Numerical" }, values: { score: [1, 2] } }, [1, 2]],
    [
      "Array[Struct[score: Numerical]]",
      [1, null, 2],
      [struct({ score: 1 }), struct({}), struct({ score: 2 })],
    ],
    ["Array[Struct[score: Numerical]]", { type: "Numerical", values: [1] }, [struct({ score: 1 })]],
  ];
  for (const [spelled, returned, expected] of cases) {
    test(`${spelled} of ${JSON.stringify(returned)}`, () => {
      assert.deepEqual(checkOf(spelled)(py(returned)), expected);
    });
  }
});

suite("what does not fit is refused with its place", () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    [
      TABLE,
      { decision: ["A"], score: [1, 2] },
      "result.score: expected 1 values, like the columns before it, found list of 2",
    ],
    [
      TABLE,
      { type: {}, values: { decision: ["A"], score: [] } },
      "result.score: expected 1 values, like the columns before it, found list of 0",
    ],
    [
      TABLE,
      { values: [{ decision: "A", extra: 1 }] },
      "result: expected only declared columns, found dict of 1",
    ],
    [TABLE, { decision: ["A"], extra: [1] }, "result: expected only declared columns, found dict of 2"],
    [TABLE, { type: "String", values: ["A"] }, "result: expected only declared columns, found dict of 2"],
    [TABLE, { decision: { values: ["A"], data: ["B"] } }, "result: expected list, found dict of 1"],
    [TABLE, { decision: "A", score: 1 }, "result: expected list, found dict of 2"],
    [TABLE, [["A", 1]], "result[0]: expected dict, found list of 2"],
    [TABLE, { decision: ["A", 5n] }, "result[1].decision: expected str, found int"],
    [
      "Struct[decision: String]",
      [{ decision: "A" }, { decision: "B" }],
      "result: expected one row, found list of 2",
    ],
    [
      "Struct[decision: String]",
      { decision: { values: ["A", "B"] } },
      "result: expected one row, found dict of 1",
    ],
    ["Struct[decision: String]", [], "result: expected one row, found list of 0"],
    [
      "Struct[decision: String]",
      { decision: { type: "A" } },
      "result.decision: expected str, found dict of 1",
    ],
    [
      "Struct[decision: String]",
      { decision: ["A"], extra: 1 },
      "result: expected only declared keys, found str",
    ],
    [
      "Struct[a: Struct[b: String]]",
      { a: { values: [{ b: "A" }] } },
      "result.a: expected only declared keys, found str",
    ],
    ["Numerical", [1, 2], "result: expected one row, found list of 2"],
    ["Numerical", { a: [1], b: [1] }, "result: expected one value or one column, found dict of 2"],
    ["Numerical", [[1]], "result: expected float, found list of 1"],
    ["Array[Struct[a: Numerical]]", ["1"], "result[0].a: expected float, found str"],
    ["Struct[a: Array[Struct[b: String]]]", { a: ["x"] }, "result.a[0]: expected dict, found str"],
  ];
  for (const [spelled, returned, expected] of cases) {
    test(`${spelled} of ${JSON.stringify(returned, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item))}`, () => {
      assert.equal(
        refusal(() => checkOf(spelled)(py(returned))),
        expected,
      );
    });
  }
});

test("NaN is a number where numbers are declared, and a missing value everywhere else", () => {
  const check = checkOf(
    "Array[Struct[a: Numerical, b: String, c: int, d: DateTime, e: Array[String], f: Boolean]]",
  );
  const [row] = check(py([{ a: NaN, b: NaN, c: NaN, d: NaN, e: NaN, f: NaN }])) as Struct[];
  assert.deepEqual(row, struct({ a: NaN }));
  assert.match(
    refusal(() => checkOf("String")(NaN)),
    /expected str, found float/,
  );
});

test("what nothing declares is passed on only if every protocol can write it", () => {
  const check = compileResultCheck({ kind: "dynamic" });
  assert.deepEqual(check(py([new DateTime("2026-01-31T10:00:00+01:00"), new Decimal("1.50")])), [
    new DateTime("2026-01-31T09:00:00"),
    new Decimal("1.50"),
  ]);
  for (const [value, expected] of [
    [new Decimal("NaN"), "result[0]: expected Decimal, found Decimal"],
    [new Decimal("Infinity"), "result[0]: expected Decimal, found Decimal"],
    [
      new DateTime("2026-01-31T10:00:00.000000001"),
      "result[0]: expected datetime with at most microseconds, found datetime",
    ],
  ] as const) {
    assert.equal(
      refusal(() => check([value])),
      expected,
    );
  }
});
