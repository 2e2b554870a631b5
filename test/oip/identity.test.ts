/** Any contract, any values: inputs as tensors and back, and results as tensors and back, are the same values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Field, FieldType, Service } from "../../src/contract/model.js";
import { ALL_TENSORS, compileInferenceCodec } from "../../src/oip/codec.js";
import { readInferRequest } from "../../src/oip/infer-request.js";
import { isStruct, newStruct, type Struct, type Value } from "../../src/values.js";
import { valueOf } from "../grpc/value-arbitrary.js";
import { RESULT_SHAPES } from "../proto/result-shapes.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { sampleService } from "../support/sample-service.js";
import { bytesOf, readReply, requestOf, resultOf, tensorsOf } from "./tensors.js";

const SEED = 20_261_123;

const FACETS = new Set(["maxLength", "allowed", "totalDigits", "fractionDigits", "minimum", "maximum"]);

/** Contracts without bounds on values, which random ones would not keep. */
const contracts = [sampleService(), ...sampleContracts(80)].map((service) => withoutFacets(service));

function withoutFacets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutFacets) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const kept = Object.entries(value).filter(([name]) => !FACETS.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutFacets(member)])) as T;
}

test("inputs of any contract are the same after their way as tensors, typed and raw", () => {
  for (const service of contracts) {
    const { decode, mostTensors } = compileInferenceCodec(service);
    fc.assert(
      fc.property(inputsOf(service), fc.boolean(), (inputs, isRaw) => {
        const bytes = bytesOf(requestOf(tensorsOf(service, inputs), isRaw));
        assert.deepEqual(sorted(decode(bytes, readInferRequest(bytes, mostTensors))), sorted(inputs));
      }),
      { seed: SEED, numRuns: 25 },
    );
  }
});

test("results of any shape are the same after their way as tensors, typed and raw", () => {
  const services = [
    ...contracts,
    ...[...RESULT_SHAPES.values()].map((type) => withoutFacets(sampleService(type))),
  ];
  for (const service of services) {
    const [{ type }] = service.operation.response.fields;
    if (JSON.stringify(type).includes('"dynamic"')) continue;
    const { encode } = compileInferenceCodec(service);
    fc.assert(
      fc.property(completeOf(type), fc.boolean(), (result, isRaw) => {
        const reply = encode(result, { ...ALL_TENSORS, isRaw });
        assert.deepEqual(sorted(resultOf(service, readReply(reply))), sorted(result));
      }),
      { seed: SEED, numRuns: 25 },
    );
  }
});

/** Inputs in which everything is there that has to be: a tensor has no place for what is missing in one row only. */
function inputsOf({ operation }: Service): fc.Arbitrary<Struct> {
  return memberwise(operation.request.fields, ({ role, type }) => {
    if (role !== "table") return role === "parameters" ? membersOf(type, false) : valueOf(type);
    assert.ok(type.kind === "array");
    const rows = fc.array(completeOf(type.items), { minLength: 1, maxLength: Math.min(4, type.maxItems) });
    return rows.filter(hasValues);
  });
}

/** Rows of which nothing is left, or parameters of which none is given, are not there. */
function hasValues(rows: readonly Value[]): boolean {
  return rows.some((row) => isStruct(row) && Object.keys(row).length > 0);
}

function membersOf(type: FieldType, isComplete: boolean): fc.Arbitrary<Value> {
  assert.ok(type.kind === "struct");
  const required = ({ required: isRequired }: Field): boolean => isComplete && isRequired;
  return memberwise(type.message.fields, ({ type: member }) => valueOf(member), required).filter(
    (struct) => isComplete || Object.keys(struct).length > 0,
  );
}

/** A value of a type of which each required member is there. */
function completeOf(type: FieldType): fc.Arbitrary<Value> {
  if (type.kind === "array") return fc.array(completeOf(type.items), { maxLength: 4 });
  return type.kind === "struct" ? membersOf(type, true) : valueOf(type);
}

function memberwise<F extends Field>(
  fields: readonly F[],
  valueOfField: (field: F) => fc.Arbitrary<Value>,
  isRequired: (field: F) => boolean = () => false,
): fc.Arbitrary<Struct> {
  const members = fields.map((field) => {
    const value = valueOfField(field);
    return isRequired(field) ? value : fc.option(value, { nil: undefined });
  });
  return fc.tuple(...members).map((values) => {
    const struct = newStruct();
    for (const [index, { source }] of fields.entries()) {
      const value = values[index];
      if (value !== undefined) struct[source] = value;
    }
    return struct;
  });
}

/** The order of keys says nothing, and of the entries of a map neither: JSON puts numbers first. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, sorted(item)]));
  if (!isStruct(value)) return value;
  const copy = newStruct();
  for (const name of Object.keys(value).sort()) copy[name] = sorted(value[name] ?? null);
  return copy;
}
