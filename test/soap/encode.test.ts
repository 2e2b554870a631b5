import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FieldType, Service } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { createDecoder } from "../../src/soap/decode.js";
import { createEncoder } from "../../src/soap/encode.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope } from "./soap-harness.js";

const MAX_BYTES = DEFAULT_LIMITS.maxMessageBytes;

/** The row of the request as a result, because it has every kind of type. */
const everyKind = sampleService().operation.request.fields[0]?.type ?? assert.fail();

/** A service that takes what another one answers: its decoder must read back what the encoder printed. */
function mirrorOf(service: Service): Service {
  const [field] = service.operation.response.fields;
  const request = {
    ...service.operation.response,
    fields: [{ ...field, role: "argument" as const }],
    reserved: [],
  };
  return { ...service, operation: { ...service.operation, request } };
}

function struct(entries: Readonly<Record<string, Value | undefined>>): Struct {
  const made = newStruct();
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) made[name] = value;
  return made;
}

const text = fc
  .string({ unit: "binary" })
  .filter((value) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(value));
const moment = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const dateTime = moment.map((date) => new DateTime(date.toISOString().replace(/\.?0*Z$/, "")));
const date = moment.map((value) => new CalendarDate(value.toISOString().slice(0, 10)));
const decimal = fc.bigInt({ min: 0n, max: 99999999999n }).map((cents) => {
  const digits = String(cents).padStart(3, "0");
  return new Decimal(`${digits.slice(0, -2)}.${digits.slice(-2)}`);
});
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const option = <T>(inner: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(inner, { nil: undefined });

const row = fc
  .record({
    application_id: text,
    annual_income: option(fc.double()),
    dependants: option(int64),
    requested_amount: decimal,
    is_employed: option(fc.boolean()),
    birth_date: option(date),
    submitted_at: option(dateTime),
    late_months: option(fc.array(fc.double(), { maxLength: 12 })),
    tags: option(
      fc
        .uniqueArray(text, { maxLength: 10 })
        .map((keys) => new Map(keys.map((key, index) => [key, BigInt(index)]))),
    ),
    address: option(fc.record({ city: text, moved_in: option(date) }).map(struct)),
    matrix: option(fc.array(fc.array(dateTime, { maxLength: 3 }), { maxLength: 3 })),
    bands: option(
      fc
        .uniqueArray(
          fc.double({ noNaN: true }).map((value) => value + 0),
          { maxLength: 10 },
        )
        .map((keys) => new Map(keys.map((key) => [key, "x"]))),
    ),
  })
  .map(struct);

test("what the encoder prints is valid by the schema and reads back exactly", () => {
  const service = sampleService(everyKind);
  const encode = createEncoder(service, MAX_BYTES);
  const oracle = createSchemaOracle(generateWsdl(service, "http://localhost/"));
  const decode = createDecoder(mirrorOf(service), 20);
  const property = fc.property(fc.array(row, { maxLength: 3 }), (rows) => {
    const printed = encode(rows);
    assert.ok(oracle.isValid(envelope(printed)), printed);
    const read = decode(readXml(printed, DEFAULT_LIMITS));
    assert.deepEqual(read["result"], rows);
  });
  fc.assert(property, { seed: 7, numRuns: 400 });
});

function encodeOnly(type: FieldType, value: Value): string {
  const service = sampleService(type);
  const printed = createEncoder(service, MAX_BYTES)(value);
  return /<result>(.*)<\/result>/s.exec(printed)?.[1] ?? printed;
}

test("doubles are printed as XML Schema writes them", () => {
  const print = (value: number): string => encodeOnly({ kind: "double" }, value);
  assert.deepEqual([1, -0, 0.1, 1e21, 5e-324].map(print), ["1", "-0", "0.1", "1e+21", "5e-324"]);
  assert.deepEqual([Infinity, -Infinity, NaN].map(print), ["INF", "-INF", "NaN"]);
});

test("absent and null fields are left out", () => {
  const encode = createEncoder(sampleService(), MAX_BYTES);
  const result = struct({ decision: "yes", score: null });
  assert.equal(
    encode(result),
    '<EvaluateResponse xmlns="urn:artifact-gateway:sample_decision:v1"><result><decision>yes</decision></result></EvaluateResponse>',
  );
});

test("a dynamic value is JSON text with exact numbers", () => {
  const value = new Map<Value, Value>([
    ["whole", 9007199254740993n],
    ["float", 1],
    ["amount", new Decimal("0.10")],
    ["when", new DateTime("2024-01-01T00:00:00")],
    ["day", new CalendarDate("2024-01-01")],
    [1n, [true, null, "\u0000\uFFFE\uD800<"]],
    ["__proto__", struct({ toString: -0 })],
  ]);
  assert.equal(
    encodeOnly({ kind: "dynamic" }, value),
    '{"whole":9007199254740993,"float":1.0,"amount":0.10,"when":"2024-01-01T00:00:00Z","day":"2024-01-01",' +
      '"1":[true,null,"\\u0000\\ufffe\\ud800&lt;"],"__proto__":{"toString":-0.0}}',
  );
});

test("an undeclared answer that is null has its element: the WSDL requires it", () => {
  assert.equal(encodeOnly({ kind: "dynamic" }, null), "null");
});

test("what a reply cannot carry is output_invalid with its place, and nothing else", () => {
  const refused: [FieldType, Value, string][] = [
    [{ kind: "string" }, "a\u0000", "result"],
    [{ kind: "string" }, "\uD800", "result"],
    [{ kind: "integer" }, 1, "result"],
    [{ kind: "double" }, 1n, "result"],
    [{ kind: "struct", message: { name: "R", description: "", fields: [], reserved: [] } }, [], "result"],
    [
      { kind: "array", name: "L", items: { kind: "date" }, itemName: "item", maxItems: 3 },
      [new CalendarDate("2024-01-01"), "x"],
      "result[1]",
    ],
    [{ kind: "dynamic" }, [1n, NaN], "result[1]"],
    [
      { kind: "dynamic" },
      new Map<Value, Value>([
        ["1", 1n],
        [1n, 2n],
      ]),
      "result",
    ],
  ];
  for (const [type, value, path] of refused) {
    assert.throws(
      () => encodeOnly(type, value),
      (error) =>
        error instanceof GatewayError &&
        error.code === "output_invalid" &&
        error.violations[0]?.path === path,
    );
  }
});

test("a reply over the limit is refused, counted in bytes", () => {
  const encode = createEncoder(sampleService({ kind: "string" }), 200);
  assert.ok(encode("x".repeat(50)).length < 200);
  assert.throws(
    () => encode("\u20ac".repeat(50)),
    (error) => error instanceof GatewayError && error.code === "output_invalid",
  );
});
