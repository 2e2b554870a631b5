/** What `main()` returns, as the data that it is. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CalendarDate, DateTime, Decimal, type PythonValue } from "../../src/values.js";
import { failure, fixture, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");

test("values that only look like data come as the data they are", async (context) => {
  const { pool, answer } = startPool(context, FAULTS);
  await pool.started;
  assert.deepEqual(
    await answer("values"),
    new Map<PythonValue, PythonValue>([
      ["decimal", new Decimal("1.50")],
      ["exponent", new Decimal("1000")],
      ["date", new CalendarDate("2026-01-31")],
      ["moment", new DateTime("2026-01-31T10:00:00.000005")],
      ["aware", new DateTime("2026-01-31T10:00:00+00:00")],
      ["enum", "red"],
      ["array", [1.5, 2n, new Decimal("3")]],
      [
        "named tuple",
        new Map<PythonValue, PythonValue>([
          ["x", 1n],
          ["y", "two"],
        ]),
      ],
      ["ordered", new Map([["a", 1n]])],
      ["default", new Map([["b", [2n]]])],
      ["subclass", 7n],
      ["nan", Number.NaN],
      ["bytes", new Uint8Array([0, 255])],
    ]),
  );
});

suite("what is not data is named with its place, for the log", () => {
  const cases = [
    ["object", /result\['rows'\]\[0\]\['score'\] is builtins\.object, which is not data/],
    ["set", /a set/],
    ["generator", /result is builtins\.generator, which is not data/],
    ["cycle", /result is nested too deeply or refers to itself/],
    ["deep", /result is nested too deeply or refers to itself/],
    ["liar", /result\[0\] is .*Liar, which is not data/],
    ["huge", /larger than 1000000 bytes/],
    ["surrogate", /a str that is not Unicode text/],
  ] as const;
  for (const [what, place] of cases) {
    test(what, async (context) => {
      const { pool, call } = startPool(context, FAULTS);
      await pool.started;
      const { code, cause } = await failure(call({ what }));
      assert.equal(code, "output_invalid");
      assert.match(String(cause), place);
    });
  }
});
