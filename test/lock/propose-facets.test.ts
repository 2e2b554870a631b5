import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { buildContract } from "../../src/contract/build-contract.js";
import type { Field, FieldType, Service } from "../../src/contract/model.js";
import { namedTypes } from "../../src/contract/named-types.js";
import { fitsDecimal } from "../../src/decimals.js";
import { parseDecimal } from "../../src/lexical.js";
import { typePlaces } from "../../src/lint/places.js";
import type { FacetSample } from "../../src/lock/facet-evidence.js";
import { proposeFacets, type FacetProposal } from "../../src/lock/propose-facets.js";
import { Decimal, newStruct, type Struct, type Value } from "../../src/values.js";
import { mainframeExample } from "../cobol/mainframe-service.js";
import { structOf } from "../grpc/value-arbitrary.js";
import { sampleService } from "../support/sample-service.js";

/** A mainframe contract whose answer is of this type. */
function answering(type: FieldType, changes: Partial<Field> = {}): Service {
  const service = sampleService(type);
  const [result] = service.operation.response.fields;
  const response = { ...service.operation.response, fields: [{ ...result, ...changes }] as const };
  const request = { ...service.operation.request, fields: [] };
  return { ...service, profile: "mainframe", operation: { ...service.operation, request, response } };
}

function answers(...results: readonly Value[]): FacetSample[] {
  return results.map((result) => ({ inputs: newStruct(), result }));
}

function proposedFor(
  type: FieldType,
  results: readonly Value[],
  changes: Partial<Field> = {},
): FacetProposal | undefined {
  return proposeFacets(answering(type, changes), answers(...results)).proposals[0];
}

function proposed(type: FieldType, ...results: readonly Value[]): readonly [string, string] | undefined {
  const found = proposedFor(type, results);
  return found === undefined ? undefined : [found.facet, found.why];
}

const TEXT: FieldType = { kind: "string" };
const DOUBLE: FieldType = { kind: "double" };
const INTEGER: FieldType = { kind: "integer" };
const DECIMAL: FieldType = { kind: "decimal" };
const LIST: FieldType = {
  kind: "array",
  name: "L",
  items: { kind: "boolean" },
  itemName: "item",
  maxItems: 1000,
};

test("under standard nothing is proposed and nothing changes", () => {
  const service = sampleService();
  const { service: same, proposals } = proposeFacets(service, []);
  assert.equal(same, service);
  assert.deepEqual(proposals, []);
});

test("texts get half as much again, up the ladder", () => {
  assert.deepEqual(proposed(TEXT, "x".repeat(17), "y"), [
    "maxLength 32",
    "longest of 2 sample values has 17 characters",
  ]);
  assert.deepEqual(proposed(TEXT, "é𝒜"), ["maxLength 4", "longest of 1 sample value has 2 characters"]);
  assert.deepEqual(proposed(TEXT, "x".repeat(30_000))?.[0], "maxLength 32767");
  assert.deepEqual(proposed(TEXT, "x".repeat(32_768))?.[0], "none");
  assert.deepEqual(proposed(TEXT, ""), [
    "maxLength 255",
    "no sample has a value: the default length of CICS",
  ]);
});

test("whole numbers get a halfword, a fullword or eighteen digits", () => {
  assert.deepEqual(proposed(INTEGER, 7n, -712n), ["totalDigits 4", "widest of 2 sample values has 3 digits"]);
  assert.equal(proposed(INTEGER, 1000n)?.[0], "totalDigits 9");
  assert.equal(proposed(INTEGER, 10n ** 17n)?.[0], "totalDigits 18");
  assert.deepEqual(proposed(INTEGER, -(10n ** 18n)), [
    "none",
    "widest of 1 sample value has 19 digits: more than 18",
  ]);
  assert.equal(proposed(INTEGER)?.[0], "totalDigits 18");
});

test("floats get two digits on either side, fifteen in all, and are never cut", () => {
  assert.deepEqual(proposed(DOUBLE, 712, -0.114), [
    "totalDigits 10, fractionDigits 5",
    "widest of 2 sample values has 3 digits before the point and 3 after it",
  ]);
  assert.equal(proposed(DOUBLE, 0)?.[0], "totalDigits 4, fractionDigits 2");
  assert.equal(proposed(DOUBLE, 1e14)?.[0], "totalDigits 15, fractionDigits 0");
  assert.equal(proposed(DOUBLE, 1e-7)?.[0], "totalDigits 11, fractionDigits 9");
  assert.equal(proposed(DOUBLE, 123_456.789_012_3)?.[0], "totalDigits 15, fractionDigits 7");
  assert.equal(proposed(DOUBLE)?.[0], "totalDigits 15, fractionDigits 4");
  assert.deepEqual(proposed(DOUBLE, 0.1 + 0.2), [
    "none",
    "widest of 1 sample value has 0 digits before the point and 17 after it, more than 15 in all: let main() round",
  ]);
  for (const value of [Infinity, NaN, 1e22]) assert.equal(proposed(DOUBLE, 1, value)?.[0], "none");
});

test("decimals have eighteen digits", () => {
  assert.equal(proposed(DECIMAL, new Decimal("-0012345.6700"))?.[0], "totalDigits 11, fractionDigits 4");
  assert.equal(proposed(DECIMAL, new Decimal("9".repeat(18)))?.[0], "totalDigits 18, fractionDigits 0");
  assert.equal(proposed(DECIMAL, new Decimal("9".repeat(19)))?.[0], "none");
  assert.equal(proposed(DECIMAL)?.[0], "totalDigits 18, fractionDigits 4");
});

test("lists of the default length are made as long as they need to be", () => {
  assert.deepEqual(proposed(LIST, [true], [true, false, true, true]), [
    "maxItems 10",
    "longest of 2 sample values has 4 elements",
  ]);
  assert.deepEqual(proposed(LIST), ["maxItems 10", "no sample has a value: a default"]);
  assert.deepEqual(proposed({ ...LIST, itemName: "row" }), [
    "maxItems 100",
    "no sample has a value: a default",
  ]);
  assert.deepEqual(proposed({ ...LIST, maxItems: 12 }, [true]), undefined);
});

test("what is stated stays", () => {
  const stated: readonly FieldType[] = [
    { kind: "string", maxLength: 3 },
    { kind: "string", allowed: ["A"] },
    { kind: "double", totalDigits: 3, fractionDigits: 1 },
    { kind: "integer", totalDigits: 2 },
    { kind: "decimal", totalDigits: 38, fractionDigits: 2 },
    { kind: "boolean" },
    { kind: "date" },
    { kind: "datetime" },
    { kind: "dynamic" },
  ];
  for (const type of stated) {
    const { service, proposals } = proposeFacets(answering(type), answers("long text", 123.456));
    assert.deepEqual(proposals, []);
    assert.deepEqual(service.operation.response.fields[0].type, type);
  }
});

test("defaults, bounds and documented values count as much as samples", () => {
  assert.deepEqual(proposedFor(TEXT, ["A"], { default: "x".repeat(40) }), {
    path: "result",
    facet: "maxLength 64",
    why: "longest of 2 sample and stated values has 40 characters",
  });
  assert.equal(proposedFor(TEXT, [], { notes: { allowedValues: ["A", "ABCD"] } })?.facet, "maxLength 8");
  assert.deepEqual(proposed({ kind: "integer", minimum: "0", maximum: "99999" }, 3n)?.[0], "totalDigits 9");
  assert.equal(proposed({ kind: "double", maximum: "1000000" })?.[0], "totalDigits 11, fractionDigits 2");
});

test("a type that stands in two places gets facets that hold in both", () => {
  const service = buildContract({
    alias: "chat",
    description: "",
    inputs: normaliseInputInfo({
      tables: [],
      arguments: [{ alias: "context", type: "Map[String, Array[String]]" }],
      runtime_params: [],
    }),
    output: {
      type: parseDataType("Struct[context: Map[String, Array[String]]]"),
      spelled: "Struct[context: Map[String, Array[String]]]",
      origin: "declared",
    },
    profile: "mainframe",
  });
  const asked = newStruct();
  asked["context"] = new Map([["k", ["short"]]]);
  const answered = newStruct();
  answered["context"] = new Map([["key", ["a longer text", "b", "c"]]]);
  const { service: bounded, proposals } = proposeFacets(service, [{ inputs: asked, result: answered }]);
  const [argument] = bounded.operation.request.fields;
  const result = bounded.operation.response.fields[0].type;
  assert.ok(result.kind === "struct");
  assert.deepEqual(argument?.type, result.message.fields[0]?.type);
  assert.deepEqual(
    proposals.map(({ path, facet }) => `${path}: ${facet}`),
    [
      "context: maxItems 2",
      "context[].key: maxLength 8",
      "context[].value: maxItems 5",
      "context[].value[]: maxLength 20",
    ],
  );
});

test("the operation for one row has the same facets", async () => {
  const { service } = await mainframeExample("default_risk");
  const [table] = service.operation.request.fields;
  assert.ok(service.single !== undefined && table?.type.kind === "array");
  assert.deepEqual(service.single.request.fields[0]?.type, table.type.items);
});

test("every sample fits what is proposed, and a second look changes nothing", () => {
  const base = { ...sampleService(), profile: "mainframe" as const };
  const { request, response } = base.operation;
  const sample = fc.record({ inputs: structOf(request), reply: structOf(response) });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 4 }), (drawn) => {
      const samples = drawn.map(({ inputs, reply }): FacetSample => {
        const result = reply["result"];
        return { inputs, ...(result === undefined ? {} : { result }) };
      });
      const { service, proposals } = proposeFacets(base, samples);
      const open = new Set(proposals.filter(({ facet }) => facet === "none").map(({ path }) => path));
      for (const { inputs, result } of samples) {
        for (const field of service.operation.request.fields) {
          assert.deepEqual(misfits(field.type, inputs[field.source], field.source), []);
        }
        assert.deepEqual(misfits(service.operation.response.fields[0].type, result, "result"), []);
      }
      for (const { path, type } of typePlaces(service)) {
        if (isOpen(type)) assert.ok(open.has(path), `${path} has no facet and nobody is told`);
      }
      assert.deepEqual(proposeFacets(service, samples).service, service);
      assert.deepEqual(namedTypes(service).length, namedTypes(base).length);
    }),
    { seed: 4, numRuns: 200 },
  );
});

function isOpen(type: FieldType): boolean {
  if (type.kind === "string") return type.maxLength === undefined && type.allowed === undefined;
  return (
    (type.kind === "double" || type.kind === "integer" || type.kind === "decimal") &&
    type.totalDigits === undefined
  );
}

/** The paths at which a value does not fit its facets. */
function misfits(type: FieldType, value: Value | undefined, path: string): string[] {
  if (value === undefined || value === null) return [];
  switch (type.kind) {
    case "string":
      return wrong(Array.from(value as string).length > (type.maxLength ?? Infinity), path);
    case "integer":
      return wrong(Number(value).toFixed(0).replace("-", "").length > (type.totalDigits ?? Infinity), path);
    case "double":
    case "decimal": {
      if (type.totalDigits === undefined || type.fractionDigits === undefined) return [];
      // A float fits when a numeral of so many digits reads back as the same float.
      const text = value instanceof Decimal ? value.text : Number(value).toFixed(type.fractionDigits);
      const isSame = value instanceof Decimal || Number(text) === value;
      const decimal = parseDecimal(text);
      const fits = decimal !== undefined && fitsDecimal(decimal, type.totalDigits, type.fractionDigits);
      return wrong(!isSame || !fits, path);
    }
    case "array": {
      const items = value as Value[];
      const inner = items.flatMap((item, index) => misfits(type.items, item, `${path}[${index}]`));
      return [...wrong(items.length > type.maxItems, path), ...inner];
    }
    case "map": {
      const entries = [...(value as Map<Value, Value>)];
      const inner = entries.flatMap(([key, one]) => [
        ...misfits(type.key, key, `${path}.key`),
        ...misfits(type.value, one, `${path}.value`),
      ]);
      return [...wrong(entries.length > type.maxItems, path), ...inner];
    }
    case "struct":
      return type.message.fields.flatMap((field) =>
        misfits(field.type, (value as Struct)[field.source], `${path}.${field.source}`),
      );
    default:
      return [];
  }
}

function wrong(isWrong: boolean, path: string): string[] {
  return isWrong ? [path] : [];
}
