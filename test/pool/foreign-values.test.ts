/** Values of numpy, pandas and polars as data: told by their shape, exact, or refused. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { DateTime, CalendarDate, Decimal, type PythonValue } from "../../src/values.js";
import { failure, fixture, PYTHON, startPool } from "../support/pool-harness.js";

const FOREIGN = fixture("foreign-values");

function unless(libraries: string): string | false {
  return spawnSync(PYTHON, ["-c", `import ${libraries}`]).status === 0
    ? false
    : `${PYTHON} has no ${libraries}`;
}

function dict(members: Record<string, PythonValue>): Map<PythonValue, PythonValue> {
  return new Map(Object.entries(members));
}

const MIDNIGHT = new DateTime("2020-01-01T00:00:00");

const NUMPY_AND_PANDAS: readonly (readonly [string, PythonValue])[] = [
  ["np.float64(0.1)", 0.1],
  ["np.float32(0.5)", 0.5],
  ["np.int64(2**62)", 2n ** 62n],
  ["np.uint64(2**64 - 1)", 2n ** 64n - 1n],
  ["np.bool_(True)", true],
  ["np.str_('x')", "x"],
  ["np.array(5)", 5n],
  [
    "np.array([[1, 2], [3, 4]])",
    [
      [1n, 2n],
      [3n, 4n],
    ],
  ],
  ["np.array([1.5, np.nan])", [1.5, Number.NaN]],
  ["np.array(['a', None, decimal.Decimal('1.50')], dtype=object)", ["a", null, new Decimal("1.50")]],
  ["np.ma.masked_array([1, 2], mask=[0, 1])", [1n, null]],
  ["np.ma.masked", null],
  ["np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')])", [dict({ a: 1n, b: 2 })]],
  ["np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')])[0]", dict({ a: 1n, b: 2 })],
  ["np.datetime64('2020-01-01T00:00:00')", MIDNIGHT],
  ["np.datetime64('2020-01-01T00:00:00.000001', 'ns')", new DateTime("2020-01-01T00:00:00.000001")],
  ["np.datetime64('2020-01-01')", new CalendarDate("2020-01-01")],
  ["np.datetime64('NaT')", null],
  ["np.array(['2020-01-01', 'NaT'], dtype='datetime64[ns]')", [MIDNIGHT, null]],
  ["np.array([], dtype='datetime64[ns]')", []],
  ["[pd.NA, pd.NaT]", [null, null]],
  ["pd.Timestamp('2020-01-01')", MIDNIGHT],
  ["pd.Series([1, 2])", [1n, 2n]],
  ["pd.Series([1, 2], index=[7, 8])", [1n, 2n]],
  ["pd.Series(pd.to_datetime(['2020-01-01', None]))", [MIDNIGHT, null]],
  ["pd.Series(pd.to_datetime(['2020-01-01'])).values", [MIDNIGHT]],
  ["pd.Series(['u'], dtype='category')", ["u"]],
  ["pd.array([1, None], dtype='Int64')", [1n, null]],
  ["pd.Series([1, 'x'], index=['a', 'b'])", dict({ a: 1n, b: "x" })],
  ["pd.DataFrame({'a': [1], 'b': ['x']}).iloc[0]", dict({ a: 1n, b: "x" })],
  ["{'a': {'values': pd.Series([1], index=['row'])}}", dict({ a: dict({ values: [1n] }) })],
  [
    "pd.DataFrame({'a': pd.array([2**62, None], dtype='Int64')})",
    [dict({ a: 2n ** 62n }), dict({ a: null })],
  ],
  [
    "pd.DataFrame({'a': [1], 't': pd.to_datetime(['2020-01-01']), 'd': [decimal.Decimal('1.50')]}, index=['x'])",
    [dict({ a: 1n, t: MIDNIGHT, d: new Decimal("1.50") })],
  ],
  ["pd.DataFrame({'a': [1, 2]}).to_dict('list')", dict({ a: [1n, 2n] })],
  // More digits than a datetime has, for the check of the result to refuse.
  ["pd.Timestamp('2020-01-01T00:00:00.000000001')", new DateTime("2020-01-01T00:00:00.000000001")],
];

const NO_DATA: readonly (readonly [string, RegExp])[] = [
  ["{'a': [np.longdouble(1)]}", /result\['a'\]\[0\] is numpy\.longdouble, which is not data/],
  ["np.ones(2, dtype='longdouble')", /result\[0\] is numpy\.longdouble, which is not data/],
  ["np.complex128(1)", /result is builtins\.complex, which is not data/],
  ["np.timedelta64(1, 'ns')", /result is a duration, which is not data/],
  ["np.array([1], dtype='timedelta64[ns]')", /result is a duration, which is not data/],
  ["pd.Timedelta(1)", /Timedelta, which is not data/],
  ["np.datetime64('2020-01-01T00:00:00.000000001')", /result has a time that no datetime holds exactly/],
  ["[np.datetime64('20200-01-01T00', 's')]", /result\[0\] has a time that no datetime holds exactly/],
  ["pd.DataFrame([[1, 2]], columns=['a', 'a'])", /result is a table with two columns of the same name/],
];

test(
  "values of numpy and pandas come as what they are",
  { skip: unless("numpy, pandas") },
  async (context) => {
    const { pool, answer } = startPool(context, FOREIGN);
    await pool.started;
    for (const [what, expected] of NUMPY_AND_PANDAS) assert.deepEqual(await answer(what), expected, what);
  },
);

test(
  "what a built-in value cannot hold exactly is refused",
  { skip: unless("numpy, pandas") },
  async (context) => {
    const { pool, answer } = startPool(context, FOREIGN);
    await pool.started;
    for (const [what, place] of NO_DATA) {
      const { code, cause } = await failure(answer(what));
      assert.equal(code, "output_invalid", what);
      assert.match(String(cause), place, what);
    }
  },
);

test("so do those of polars", { skip: unless("polars") }, async (context) => {
  const { pool, answer } = startPool(context, FOREIGN);
  await pool.started;
  assert.deepEqual(await answer("pl.DataFrame({'a': [1, None]})"), [dict({ a: 1n }), dict({ a: null })]);
  assert.deepEqual(await answer("pl.Series([1, 2])"), [1n, 2n]);
});

test("a decimal that would fill the memory is refused before it is written out", async (context) => {
  const { pool, answer } = startPool(context, FOREIGN);
  await pool.started;
  assert.deepEqual(await answer("decimal.Decimal('1E+400')"), new Decimal(`1${"0".repeat(400)}`));
  const { cause } = await failure(answer("[decimal.Decimal('1E+999999')]"));
  assert.match(String(cause), /result\[0\] is a decimal of more than 400 digits/);
});
