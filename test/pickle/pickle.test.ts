import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NotDataError, readPickle } from "../../src/pickle/pickle-reader.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import {
  CalendarDate,
  DateTime,
  Decimal,
  newStruct,
  type PythonValue,
  type Value,
} from "../../src/values.js";
import { argumentsOf, fixture, startPool } from "../support/pool-harness.js";

const ECHO = { interface: argumentsOf("value", "describe") };

const date = fc
  .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .map((moment) => moment.toISOString());

const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer().map(BigInt),
  fc.string({ unit: "grapheme" }),
  fc.string({ minLength: 300, maxLength: 400 }),
  fc.integer().map((digits) => new Decimal(`${digits}.50`)),
  date.map((iso) => new DateTime(iso.slice(0, 19))),
  date.map((iso) => new CalendarDate(iso.slice(0, 10))),
);

const tree: fc.Arbitrary<Value> = fc.letrec<{ tree: Value; list: Value[]; dict: Value }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, leaf, tie("list"), tie("dict")),
  list: fc.array(tie("tree"), { maxLength: 5 }),
  dict: fc
    .dictionary(
      fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString", "type", "values")),
      tie("tree"),
      {
        maxKeys: 5,
      },
    )
    .map((members) => new Map<Value, Value>(Object.entries(members))),
})).tree;

test("values come back from Python exactly as they went there", async (context) => {
  const { pool, call } = startPool(context, fixture("echo"), ECHO);
  await pool.started;
  await fc.assert(
    fc.asyncProperty(tree, async (value) => {
      const { value: returned } = await call({ value });
      assert.deepEqual(returned, withoutStructs(value));
    }),
    { seed: 20_261_123, numRuns: 300 },
  );
});

test("each value has in Python the type it is documented to have", async (context) => {
  const { pool, call } = startPool(context, fixture("echo"), ECHO);
  await pool.started;
  const struct = newStruct();
  struct["__proto__"] = 1n;
  const value: Value = [
    712,
    712n,
    -(2n ** 63n),
    true,
    null,
    "zł\u0000",
    new Decimal("1.50"),
    new DateTime("2026-01-31T10:00:00.5"),
    new CalendarDate("0001-01-01"),
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    -0,
    struct,
  ];
  assert.deepEqual((await call({ value, describe: true })).value, [
    "float 712.0",
    "int 712",
    "int -9223372036854775808",
    "bool True",
    "NoneType None",
    "str 'zł\\x00'",
    "Decimal Decimal('1.50')",
    "datetime datetime.datetime(2026, 1, 31, 10, 0, 0, 500000)",
    "date datetime.date(1, 1, 1)",
    "float nan",
    "float -inf",
    "float -0.0",
    new Map([["__proto__", "int 1"]]),
  ]);
});

test("text with a lone surrogate is refused instead of changed", () => {
  assert.throws(() => writePickle("\ud800"), TypeError);
});

test("nothing but data is read, and no bytes make the reader do anything else than refuse", () => {
  // What pickle.dumps(os.system) and a call of it look like.
  const call = Buffer.from("80049514000000000000008c05706f736978948c0673797374656d9493942e", "hex");
  assert.throws(() => readPickle(call), NotDataError);
  const truncated = writePickle([1n, "text", 2.5]).subarray(0, 9);
  assert.throws(() => readPickle(truncated), NotDataError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        readPickle(bytes);
      } catch (error) {
        assert.ok(error instanceof NotDataError, String(error));
      }
    }),
    { seed: 7, numRuns: 5000 },
  );
});

function withoutStructs(value: Value): PythonValue {
  return value as PythonValue;
}
