import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NotDataError } from "../../src/pickle/pickle-input.js";
import { readPickle } from "../../src/pickle/pickle-reader.js";
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
  fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
  fc.string({ unit: "grapheme" }),
  fc.string({ minLength: 300, maxLength: 400 }),
  fc.integer().map((digits) => new Decimal(`${digits}.50`)),
  date.map((iso) => new DateTime(iso.slice(0, 19))),
  fc
    .tuple(date, fc.integer({ min: 1, max: 999_999 }))
    .map(([iso, micros]) => new DateTime(`${iso.slice(0, 19)}.${String(micros).padStart(6, "0")}`)),
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

/** Opcodes of data, in an order that makes no sense. */
const opcodes = fc
  .array(fc.constantFrom(...Buffer.from("4e88894b4d5d297d286165737585868774932e52948c0100", "hex")), {
    maxLength: 14,
  })
  .map((codes) => Uint8Array.from([...codes, 0x2e]));

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

test("dates that are none are refused before Python would take their bytes for others", () => {
  for (const text of ["2023-02-29", "2024-1-1", ""]) {
    assert.throws(() => writePickle(new CalendarDate(text)), TypeError, text);
  }
  for (const text of ["2024-02-29T24:00:00", "2024-02-29T23:59:60", "2024-02-29T12:00:00Z"]) {
    assert.throws(() => writePickle(new DateTime(text)), TypeError, text);
  }
});

test("integers have the shortest form that holds them", () => {
  const sizes: [bigint, number][] = [
    [255n, 2],
    [256n, 3],
    [65_535n, 3],
    [65_536n, 5],
    [-1n, 5],
    [-(2n ** 31n), 5],
    [2n ** 31n, 10],
    [2n ** 63n - 1n, 10],
    [2n ** 63n, 11],
    [-(2n ** 63n) - 1n, 11],
  ];
  for (const [value, size] of sizes) {
    const bytes = writePickle(value);
    assert.equal(bytes.length, 3 + size, String(value));
    assert.equal(readPickle(bytes), value);
  }
});

test("head room is left in front of a pickle", () => {
  const plain = writePickle(["value", 1n]);
  assert.deepEqual(writePickle(["value", 1n], { headRoom: 9 }).subarray(9), plain);
});

test("nothing but data is read, and no bytes make the reader do anything else than refuse", () => {
  // What pickle.dumps(os.system) and a call of it look like.
  const call = Buffer.from("80049514000000000000008c05706f736978948c0673797374656d9493942e", "hex");
  assert.throws(() => readPickle(call), NotDataError);
  const truncated = writePickle([1n, "text", 2.5]).subarray(0, 9);
  assert.throws(() => readPickle(truncated), NotDataError);
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), opcodes), (bytes) => {
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
