/** Calls that are run together answer exactly what they answer by themselves, or are run by themselves. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { suite, test, type TestContext } from "node:test";
import fc from "fast-check";
import { DEFAULT_MAIN_OPTIONS } from "../../src/contract/main-options.js";
import { GatewayError } from "../../src/errors.js";
import type { MainInterface } from "../../src/pool/host-messages.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import { newStruct, type PythonValue, type Struct, type Value } from "../../src/values.js";
import { fixture, PYTHON, startPool, type Harness } from "../support/pool-harness.js";

const ROWS = fixture("rows");
const INTERFACE: MainInterface = {
  tables: [{ alias: "application", columns: ["a", "b", "c"].map((alias) => ({ alias, type: "Numerical" })) }],
  arguments: [],
  parameters: ["how", "factor"],
  options: DEFAULT_MAIN_OPTIONS,
};
const TOGETHER: Partial<PoolOptions> = { batchRows: 1000, batchDelayUs: 1000 };
/** So long that calls made at once are one batch, however slow the machine is. */
const SURELY_TOGETHER: Partial<PoolOptions> = { batchRows: 1000, batchDelayUs: 100_000 };

interface RowsCall {
  readonly rows: readonly (readonly Value[])[];
  readonly how: string;
  readonly factor?: Value;
}

async function startRows(context: TestContext, options: Partial<PoolOptions> = {}): Promise<Harness> {
  const harness = startPool(context, ROWS, { interface: INTERFACE, ...options });
  await harness.pool.started;
  return harness;
}

/** The answer to a call, or the code of its failure. */
async function outcome(harness: Harness, { rows, how, factor = null }: RowsCall): Promise<PythonValue> {
  const parameters: Struct = Object.assign(newStruct(), { how, factor });
  const inputs: Value = [[rows.map((row) => [...row])], newStruct(), parameters];
  try {
    return (await harness.dispatch(inputs, { rows: rows.length })).value;
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.code;
  }
}

function outcomes(harness: Harness, calls: readonly RowsCall[]): Promise<PythonValue[]> {
  return Promise.all(calls.map((call) => outcome(harness, call)));
}

/** Calls of one row each, with these values in the first column. */
function singles(how: string, ...values: bigint[]): RowsCall[] {
  return values.map((value) => ({ how, rows: [[value, 0.5, "x"]] }));
}

/** How often `main()` has been run. */
async function runsOf(harness: Harness): Promise<bigint> {
  const [runs] = (await outcome(harness, { how: "runs", rows: [[0n, 0, "x"]] })) as bigint[];
  return runs ?? 0n;
}

test("calls are run together once a call by itself has shown that there is an item for every row", async (context) => {
  const harness = await startRows(context, SURELY_TOGETHER);
  await outcomes(harness, singles("items", 1n, 2n));
  assert.equal(await runsOf(harness), 3n);
  await outcomes(harness, singles("items", 1n, 2n, 3n, 4n, 5n));
  assert.equal(await runsOf(harness), 5n);
});

test("a dataset that names its values is shared out whether they are columns or rows", async (context) => {
  for (const how of ["types then columns", "types then rows"]) {
    const harness = await startRows(context, SURELY_TOGETHER);
    await outcomes(harness, singles(how, 1n, 2n));
    const before = await runsOf(harness);
    await outcomes(harness, singles(how, 1n, 2n, 3n, 4n, 5n));
    assert.equal(await runsOf(harness), before + 2n, how);
  }
});

test("calls with other parameters, or with values of other types, are not run together", async (context) => {
  const harness = await startRows(context, SURELY_TOGETHER);
  await outcomes(harness, singles("items", 1n, 2n));
  const before = await runsOf(harness);
  const rows = [[1n, 0.5, "x"]];
  const calls: RowsCall[] = [
    { how: "items", rows, factor: 1n },
    { how: "items", rows, factor: true },
    { how: "items", rows, factor: 1 },
    { how: "items", rows, factor: 1n },
    { how: "items", rows: [[null, 0.5, "x"]], factor: 1n },
    { how: "dataset", rows, factor: 1n },
  ];
  const answers = await outcomes(harness, calls);
  assert.equal(await runsOf(harness), before + 6n);
  assert.deepEqual(answers, await alone(context, calls));
});

suite("what cannot be shared out is run by itself", () => {
  const calls = singles("", 1n, -2n, 3n, 4n);
  for (const how of [
    "sum",
    "extremes",
    "text",
    "one short",
    "last column short",
    "with mean",
    "refuse negatives",
    "object for negatives",
  ]) {
    test(how, async (context) => {
      const harness = await startRows(context, TOGETHER);
      const these = calls.map((call) => ({ ...call, how }));
      const expected = await alone(context, these);
      // The process may know nothing of results, have seen good ones before, or have seen these.
      assert.deepEqual(await outcomes(harness, these), expected);
      assert.deepEqual(await outcomes(harness, these), expected);
      const another = await startRows(context, TOGETHER);
      await outcomes(another, singles("items", 1n, 2n));
      assert.deepEqual(await outcomes(another, these), expected);
      // As many rows as the result always has.
      assert.deepEqual(await outcomes(harness, these.slice(2)), expected.slice(2));
    });
  }

  test("lists by name, which as well are those of one record", async (context) => {
    const harness = await startRows(context, SURELY_TOGETHER);
    await outcomes(harness, singles("codes", 1n, 1n));
    const calls = singles("codes", 3n, 2n, 1n);
    assert.deepEqual(await outcomes(harness, calls), await alone(context, calls));
  });

  test("one call that ends the process takes its batch along, and no other", async (context) => {
    const harness = await startRows(context, SURELY_TOGETHER);
    await outcomes(harness, singles("items", 1n, 2n));
    const answers = await outcomes(harness, singles("end on negatives", 1n, -2n, 3n));
    assert.deepEqual(answers, ["worker_lost", "worker_lost", "worker_lost"]);
    const good = singles("items", 1n, 2n);
    assert.deepEqual(await outcomes(harness, good), await alone(context, good));
  });
});

suite("a batch of calls answers what each of them answers alone", () => {
  const hasPandas = spawnSync(PYTHON, ["-c", "import numpy, pandas"]).status === 0;
  const skip = hasPandas ? false : `${PYTHON} has no pandas`;
  const cell = fc.oneof(
    fc.integer().map(BigInt),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true }),
    fc.constant(null),
    fc.boolean(),
  );
  const row = fc.tuple(cell, cell, fc.string());
  const shapes = [
    { how: "items", skip: false },
    { how: "tuple", skip: false },
    { how: "dataset", skip: false },
    { how: "types then columns", skip: false },
    { how: "types then rows", skip: false },
    { how: "refuse negatives", skip: false },
    { how: "array", skip },
    { how: "arrays", skip },
    { how: "frame", skip },
    { how: "series", skip },
  ] as const;
  for (const { how, skip: reason } of shapes) {
    for (const concurrency of [undefined, 4]) {
      const where = concurrency === undefined ? "" : ", on threads";
      test(`${how}${where}`, { skip: reason }, async (context) => {
        const together = await startRows(context, { ...TOGETHER, concurrency });
        const apart = await startRows(context);
        const call = fc.record({
          how: fc.constant(how),
          rows: fc.array(row, { maxLength: 3 }),
          factor: fc.constantFrom<Value>(1n, 1, true, null),
        });
        await fc.assert(
          fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 8 }), async (calls) => {
            assert.deepEqual(await outcomes(together, calls), await outcomes(apart, calls));
          }),
          { seed: 11, numRuns: 60 },
        );
      });
    }
  }
});

/** What calls answer in a pool without batches. */
async function alone(context: TestContext, calls: readonly RowsCall[]): Promise<PythonValue[]> {
  const harness = await startRows(context);
  const answers: PythonValue[] = [];
  for (const call of calls) answers.push(await outcome(harness, call));
  return answers;
}
