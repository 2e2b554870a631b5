/** Tables as `main()` gets them: each format as it is documented, with every value as it left the caller. */
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import fc from "fast-check";
import {
  DATASET_FORMATS,
  DEFAULT_MAIN_OPTIONS,
  type DatasetFormat,
  type MainOptions,
} from "../../src/contract/main-options.js";
import type { MainInterface } from "../../src/pool/host-messages.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import {
  CalendarDate,
  DateTime,
  Decimal,
  newStruct,
  type PythonValue,
  type Value,
} from "../../src/values.js";
import { failure, fixture, startPool, type Harness } from "../support/pool-harness.js";

const ECHO = fixture("echo-data");
const NAMES = ["type", "values", "__proto__"];

function interfaceOf(options: Partial<MainOptions>, parameters: readonly string[] = []): MainInterface {
  const columns = NAMES.map((alias) => ({ alias, type: `the type of ${alias}` }));
  return {
    tables: [{ alias: "application", columns }],
    arguments: [],
    parameters,
    options: { ...DEFAULT_MAIN_OPTIONS, ...options },
  };
}

async function startEcho(
  context: TestContext,
  options: Partial<MainOptions>,
  more: Partial<PoolOptions> = {},
): Promise<Harness> {
  const harness = startPool(context, ECHO, { interface: interfaceOf(options), ...more });
  await harness.pool.started;
  return harness;
}

type Cell = null | boolean | number | bigint | string | Decimal | DateTime | CalendarDate;
type Row = readonly Cell[];

async function sent(
  harness: Harness,
  rows: readonly Row[],
  parameters: Value = null,
): Promise<PythonValue[]> {
  const inputs: Value = [[rows.map((row) => [...row])], newStruct(), parameters];
  const { value } = await harness.dispatch(inputs, { rows: rows.length });
  assert.ok(Array.isArray(value));
  return value;
}

function dict(entries: Iterable<readonly [string, PythonValue]>): Map<PythonValue, PythonValue> {
  return new Map<PythonValue, PythonValue>(entries);
}

const TYPES = dict(NAMES.map((name) => [name, `the type of ${name}`]));

function columnsOf(rows: readonly Row[]): [string, PythonValue[]][] {
  return NAMES.map((name, index) => [name, rows.map((row) => row[index] ?? null)]);
}

function rowsOf(rows: readonly Row[]): Map<PythonValue, PythonValue>[] {
  return rows.map((row) => dict(NAMES.map((name, index) => [name, row[index] ?? null])));
}

/** What the documentation of each format says. */
const EXPECTED = {
  column_type_values: (rows) =>
    dict(
      columnsOf(rows).map(([name, values]) => [
        name,
        dict([
          ["type", `the type of ${name}`],
          ["values", values],
        ]),
      ]),
    ),
  dataset_type_values_columns: (rows) =>
    dict([
      ["type", TYPES],
      ["values", dict(columnsOf(rows))],
    ]),
  dataset_type_values_rows: (rows) =>
    dict([
      ["type", TYPES],
      ["values", rowsOf(rows)],
    ]),
  columns: (rows) => dict(columnsOf(rows)),
  rows: rowsOf,
  row: (rows) => rowsOf(rows)[0] ?? null,
} as const satisfies Record<DatasetFormat, (rows: readonly Row[]) => PythonValue>;

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: "grapheme" }),
  fc.constant(new Decimal("1.50")),
  fc.constant(new DateTime("2024-02-29T23:59:58.05")),
  fc.constant(new CalendarDate("0999-12-31")),
);
const row = fc.tuple(cell, cell, cell);

suite("every value comes to main() as it left the caller, in the form of the format", () => {
  for (const datasetFormat of DATASET_FORMATS) {
    const lengths = datasetFormat === "row" ? { minLength: 1, maxLength: 1 } : { maxLength: 4 };
    test(datasetFormat, async (context) => {
      const harness = await startEcho(context, { datasetFormat });
      await fc.assert(
        fc.asyncProperty(fc.array(row, lengths), async (rows) => {
          const [data] = await sent(harness, rows);
          assert.deepEqual(data, dict([["application", EXPECTED[datasetFormat](rows.map(sentBack))]]));
        }),
        { seed: 61, numRuns: 60 },
      );
    });
  }
});

test("the format of one row refuses any other number, also when the contract has let it through", async (context) => {
  const harness = await startEcho(context, { datasetFormat: "row" });
  for (const rows of [[], [["a"], ["b"]]]) {
    const { code, cause } = await failure(sent(harness, rows));
    assert.equal(code, "artifact_error");
    assert.match(String(cause), /RowCountError: main\(\) takes one row at a time, not [02]/);
  }
});

suite("calls that are joined answer what they answer alone, in every format", () => {
  for (const datasetFormat of DATASET_FORMATS) {
    test(datasetFormat, async (context) => {
      const rows: Row[] = Array.from({ length: 8 }, (_, index) => [BigInt(index), "x", null]);
      const alone = await startEcho(context, { datasetFormat });
      const together = await startEcho(context, { datasetFormat }, { batchRows: 100, batchDelayUs: 50_000 });
      const calls = (harness: Harness): Promise<PythonValue[][]> =>
        Promise.all(rows.map((one) => sent(harness, [one])));
      const expected = await calls(alone);
      assert.deepEqual(await calls(together), expected);
      assert.deepEqual(await calls(together), expected);
    });
  }
});

test("moments and dates can be texts, and lose nothing by it", async (context) => {
  const harness = await startEcho(context, { datasetFormat: "rows", datetimeAs: "text" });
  const moment = new DateTime("2024-01-31T10:00:00");
  const precise = new DateTime("0001-01-31T10:00:00.000005");
  const nested: Value = [
    Object.assign(newStruct(), { at: new Map([[new CalendarDate("2024-01-31"), [moment]]]) }),
  ];
  const inputs: Value = [[[[moment, precise, nested]]], newStruct(), null];
  const { value } = await harness.dispatch(inputs);
  const inside = dict([["at", dict([["2024-01-31", ["2024-01-31 10:00:00"]]])]]);
  const expected = dict([
    ["type", "2024-01-31 10:00:00"],
    ["values", "0001-01-31 10:00:00.000005"],
    ["__proto__", [inside]],
  ]);
  assert.deepEqual(value, [dict([["application", [expected]]]), dict([])]);
});

test("runtime parameters are a dict, or pairs", async (context) => {
  const given = Object.assign(newStruct(), { per_num: 3, since: new DateTime("2024-01-31T10:00:00") });
  const start = async (options: Partial<MainOptions>): Promise<PythonValue | undefined> => {
    const harness = startPool(context, ECHO, { interface: interfaceOf(options, ["per_num", "since"]) });
    await harness.pool.started;
    const [, parameters] = await sent(harness, [["a", null, null]], given);
    return parameters;
  };
  const pairs: [string, PythonValue][] = [
    ["per_num", 3],
    ["since", new DateTime("2024-01-31T10:00:00")],
  ];
  assert.deepEqual(await start({}), dict(pairs));
  assert.deepEqual(await start({ parametersAs: "pairs" }), pairs);
  assert.deepEqual(
    await start({ datetimeAs: "text" }),
    dict([
      ["per_num", 3],
      ["since", "2024-01-31 10:00:00"],
    ]),
  );
});

/** A row as Python's own writer gives it back: a moment with all six digits of its microseconds. */
function sentBack(values: Row): Row {
  return values.map((value) =>
    value instanceof DateTime ? new DateTime(value.text.replace(/\.05$/, ".050000")) : value,
  );
}
