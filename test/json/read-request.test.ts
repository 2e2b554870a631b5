/** Hostile and merely wrong bodies: each refused with its place, in our words and never in the caller's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldType, RequestMessage } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { createRequestReader } from "../../src/json/read-request.js";
import { Decimal, newStruct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";

const TYPES: Readonly<Record<string, FieldType>> = {
  text: { kind: "string", maxLength: 3 },
  flag: { kind: "boolean" },
  number: { kind: "double" },
  bounded: { kind: "double", totalDigits: 5, fractionDigits: 2 },
  whole: { kind: "integer" },
  exact: { kind: "decimal", totalDigits: 20, fractionDigits: 2 },
  moment: { kind: "datetime" },
  day: { kind: "date" },
  list: { kind: "array", name: "L", items: { kind: "integer" }, itemName: "item", maxItems: 9 },
  map: {
    kind: "map",
    name: "M",
    entryName: "E",
    key: { kind: "decimal" },
    value: { kind: "integer" },
    maxItems: 9,
  },
  ["__proto__"]: { kind: "integer" },
};

const { request } = sampleService().operation;
const [field] = request.fields;
assert.ok(field !== undefined);
const message: RequestMessage = {
  ...request,
  fields: Object.entries(TYPES).map(([source, type]) => ({
    ...field,
    source,
    required: false,
    role: "argument",
    type,
  })),
};
const read = createRequestReader(message, 5);

function refusedBy(body: string | Uint8Array): GatewayError {
  try {
    read(Buffer.from(body));
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError, String(thrown));
    assert.equal(thrown.code, "invalid_input");
    return thrown;
  }
  return assert.fail(`taken: ${String(body).slice(0, 80)}`);
}

test("what is no JSON of RFC 8259 and RFC 7493 is refused as a whole", () => {
  const bodies: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ["", /character 1: expected a value/],
    ["nul", /character 1: expected a value/],
    ["{'text':1}", /character 2: expected a key in double quotes/],
    ['{"text":"4111",}', /character 16/],
    ['{"list":[1,]}', /character 12: expected a value/],
    ['{"whole":01}', /character 11/],
    ['{"whole":+1}', /expected a value/],
    ['{"whole":0x10}', /character 11/],
    ['{"number":NaN}', /expected a value/],
    ['{"number":1e401}', /smaller exponent/],
    [`{"number":${"9".repeat(1001)}}`, /at most 1000 characters/],
    ['{"text":"\\x41"}', /valid escapes/],
    ['{"text":"a\nb"}', /valid escapes/],
    ['{"text":"\\ud800"}', /half surrogate/],
    ['{"text":"4111', /double quotes/],
    ["{} {}", /expected the end of the text/],
    ["// c\n{}", /expected a value/],
    ["[".repeat(100_000), /deeper than 64/],
    ['{"list":'.repeat(100_000), /deeper than 64/],
    [Uint8Array.of(0x22, 0xc3, 0x22), /not UTF-8/],
    [Uint8Array.of(0xed, 0xa0, 0x80), /not UTF-8/],
    [Buffer.from("{}", "utf16le"), /expected a key/],
    ["\ufeff{}", /byte order mark/],
  ];
  for (const [body, says] of bodies) {
    const { message: told, violations } = refusedBy(body);
    assert.match(told, says, String(body).slice(0, 40));
    assert.equal(violations[0]?.path, "");
    assert.doesNotMatch(told, /4111/);
  }
});

test("what does not fit is refused with its place", () => {
  const cases: readonly (readonly [json: string, path: string])[] = [
    ["null", ""],
    ["[]", ""],
    ['{"Text":"a"}', "Text"],
    ['{"text":"a","text":"a"}', "text"],
    ['{"text":"a","te\\u0078t":"a"}', "text"],
    ['{"toString":1}', "toString"],
    ['{"__proto__":"x"}', "__proto__"],
    [`{"${"k".repeat(100_000)}":1}`, `["${"k".repeat(80)}…"]`],
    ['{"\\u001b[2J":1}', '["\\u{1b}[2J"]'],
    ['{"text":"4111"}', "text"],
    ['{"text":4}', "text"],
    ['{"flag":"true"}', "flag"],
    ['{"flag":1}', "flag"],
    ['{"number":true}', "number"],
    ['{"number":"1e309"}', "number"],
    ['{"number":1e309}', "number"],
    ['{"number":1e-329}', "number"],
    ['{"number":"Infinity"}', "number"],
    ['{"number":" 1"}', "number"],
    ['{"bounded":999.999}', "bounded"],
    ['{"bounded":1.000000000000000000001}', "bounded"],
    ['{"bounded":"NaN"}', "bounded"],
    ['{"whole":9223372036854775808}', "whole"],
    ['{"whole":"-9223372036854775809"}', "whole"],
    ['{"whole":1.5}', "whole"],
    ['{"exact":1.001}', "exact"],
    ['{"exact":"1e2"}', "exact"],
    ['{"moment":"2026-02-30T00:00:00"}', "moment"],
    ['{"day":"2026-01-31T00:00:00"}', "day"],
    ['{"list":{}}', "list"],
    ['{"list":[1,"a"]}', "list[1]"],
    ['{"map":[]}', "map"],
    ['{"map":{"1":1,"a":2}}', "map[1].key"],
    ['{"map":{"1.5":1,"1.50":2}}', "map[1].key"],
    ['{"map":{"0":1,"-0.0":2}}', "map[1].key"],
    ['{"map":{"1.5":"a"}}', "map[0].value"],
  ];
  for (const [json, path] of cases) {
    const { message: told, violations } = refusedBy(json);
    assert.equal(violations[0]?.path, path, json.slice(0, 80));
    assert.ok(told.length < 400 && !told.includes("4111"), told);
  }
});

test("numbers and texts of numbers are taken with every digit", () => {
  const cases: readonly (readonly [json: string, name: string, value: Value])[] = [
    ["9223372036854775807", "whole", 9223372036854775807n],
    ['"-9223372036854775808"', "whole", -9223372036854775808n],
    ["1e3", "whole", 1000n],
    ["1.0", "whole", 1n],
    ["123456789012345678.91", "exact", new Decimal("123456789012345678.91")],
    ['"1.50"', "exact", new Decimal("1.50")],
    ["12345678901234567890e-2", "exact", new Decimal("123456789012345678.90")],
    ["0.10000000000000001", "number", 0.1],
    ["1.0000000000000001e-05", "number", 0.00001],
    ["1.7976931348623157e+308", "number", Number.MAX_VALUE],
    ["5e-324", "number", 5e-324],
    ["4.9406564584124654e-324", "number", 5e-324],
    ["9007199254740993", "number", 9007199254740992],
    ["-0.0", "number", -0],
    ['"NaN"', "number", NaN],
    ['"-INF"', "number", -Infinity],
    ["7", "__proto__", 7n],
    ["null", "whole", null],
  ];
  for (const [json, name, value] of cases) {
    const expected = newStruct();
    expected[name] = value;
    assert.deepEqual(read(Buffer.from(`{"${name}":${json}}`)), expected, json);
  }
});

test("of many violations some are listed, and beyond a thousand nothing is read", () => {
  const few = refusedBy(`{"list":[${'"a",'.repeat(99)}"a"]}`);
  assert.equal(few.violations.length, 5);
  assert.match(few.message, /\(and 99 more\)$/);
  const many = refusedBy(`{"list":[${'"a",'.repeat(200_000)}"a"]}`);
  assert.match(many.message, /\(and at least 999 more\)$/);
  const twice = refusedBy(`{${'"text":"a",'.repeat(200_000)}"text":"a"}`);
  assert.match(twice.message, /\(and at least 999 more\)$/);
});
