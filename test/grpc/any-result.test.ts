/**
 * What `main()` returns, from the value that Python gave to the bytes of the reply: a value of the declared type is there when
 * protobuf-es reads the reply, and anything else is `output_invalid` with its place, never another value.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileResultCheck } from "../../src/call/check-result.js";
import type { FieldType, Service } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { compileEncode } from "../../src/grpc/encode.js";
import { CalendarDate, DateTime, Decimal, isStruct, newStruct } from "../../src/values.js";
import type { PythonValue, Value } from "../../src/values.js";
import { RESULT_SHAPES } from "../proto/result-shapes.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { sampleService } from "../support/sample-service.js";
import { createOracle } from "./es-oracle.js";
import { valueOf } from "./value-arbitrary.js";

const SEED = Number(process.env["GRPC_PROPERTY_SEED"] ?? 6);
const RUNS = Number(process.env["GRPC_PROPERTY_RUNS"] ?? 30);

const shapes = [...RESULT_SHAPES.values()].map((type) => sampleService(type));
const services = [sampleService(), ...shapes, ...sampleContracts(60, SEED)].filter(
  ({ operation }) => !hasDynamic(operation.response.fields[0].type),
);

function hasDynamic(type: FieldType): boolean {
  if (type.kind === "array") return hasDynamic(type.items);
  if (type.kind === "map") return hasDynamic(type.value);
  return type.kind === "dynamic";
}

/** Replaces one value of a result, and says where. */
interface Replacement {
  readonly replace: (type: FieldType, path: string) => { readonly value: PythonValue } | undefined;
}

const NOTHING: Replacement = { replace: () => undefined };

/** A value as Python hands it over: records are dicts. Absent fields are `None` or no key. */
function toPython(type: FieldType, value: Value, path: string, replacement: Replacement): PythonValue {
  const replaced = replacement.replace(type, path);
  if (replaced !== undefined) return replaced.value;
  if (type.kind === "array" && Array.isArray(value))
    return value.map((item, index) => toPython(type.items, item, `${path}[${index}]`, replacement));
  if (type.kind === "map" && value instanceof Map) {
    return new Map(
      [...value].map(([key, item], index) => [
        toPython(type.key, key, `${path}[key][${index}]`, NOTHING),
        toPython(type.value, item, `${path}.value[${index}]`, replacement),
      ]),
    );
  }
  if (type.kind === "struct" && isStruct(value)) {
    return new Map(
      type.message.fields.map(({ source, type: member }) => {
        const item = value[source];
        return [source, item === undefined ? null : toPython(member, item, `${path}.${source}`, replacement)];
      }),
    );
  }
  if (value === null || isStruct(value) || Array.isArray(value) || value instanceof Map)
    return assert.fail(`no value for ${type.kind}`);
  return value;
}

/** Whether each required field is there, without which nothing else is looked at. */
function isWhole(type: FieldType, value: Value): boolean {
  if (type.kind === "array") return Array.isArray(value) && value.every((item) => isWhole(type.items, item));
  if (type.kind === "map")
    return value instanceof Map && [...value.values()].every((item) => isWhole(type.value, item));
  if (type.kind !== "struct") return true;
  return type.message.fields.every(({ source, required, type: member }) => {
    const item = isStruct(value) ? value[source] : undefined;
    return item === undefined ? !required : isWhole(member, item);
  });
}

function wholeOf(type: FieldType): fc.Arbitrary<Value> {
  return valueOf(type).filter((value) => isWhole(type, value));
}

const BYTES = Uint8Array.of(1, 2);
const NEVER: readonly PythonValue[] = [BYTES, new Map<PythonValue, PythonValue>([[1n, 2n]]), [[null]]];

/** What a type never takes, whatever its facets. */
const WRONG = {
  string: [...NEVER, 1n, 1.5, true, "\ud800", "a\udfffb", new Decimal("1"), new CalendarDate("2024-02-29")],
  boolean: [...NEVER, 0n, 1n, 1, "true", "", new Decimal("1")],
  double: [
    ...NEVER,
    "1.5",
    true,
    2n ** 53n + 1n,
    10n ** 400n,
    new Decimal("0.1000000000000000000001"),
    new Decimal("1E+999"),
  ],
  integer: [
    ...NEVER,
    0.5,
    2 ** 53,
    1e300,
    Infinity,
    2n ** 63n,
    -(2n ** 63n) - 1n,
    "1",
    true,
    new Decimal("1"),
  ],
  decimal: [
    ...NEVER,
    1.5,
    "1.5",
    true,
    new Decimal("NaN"),
    new Decimal("sNaN"),
    new Decimal("Infinity"),
    new Decimal("1E+500"),
    new Decimal("9".repeat(401)),
  ],
  date: [
    ...NEVER,
    20240229n,
    "2024-02-30",
    "2023-02-29",
    "20240229",
    "0000-01-01",
    new DateTime("2024-02-29T00:00:00"),
    new CalendarDate("10000-01-01"),
  ],
  datetime: [
    ...NEVER,
    1_700_000_000n,
    1.5,
    "yesterday",
    "2024-02-30T00:00:00",
    "2024-02-29T24:00:01",
    "2024-02-29T12:00:00.0000001",
    "2024-02-29T12:00:00+25:00",
    new CalendarDate("2024-02-29"),
    new DateTime("10000-01-01T00:00:00"),
    new DateTime("0001-01-01T00:00:00+01:00"),
  ],
  array: [BYTES, 1n, "list", true],
  map: [BYTES, 1n, "dict", true],
  struct: [BYTES, 1n, "dict", true, new Map<PythonValue, PythonValue>([["not declared", 1n]])],
  dynamic: [BYTES],
} as const satisfies Record<FieldType["kind"], readonly PythonValue[]>;

function replyOf(service: Service, returned: PythonValue): Uint8Array {
  const [{ type }] = service.operation.response.fields;
  return compileEncode(service)(compileResultCheck(type)(returned));
}

test("what main() returns is what a caller's library reads", () => {
  for (const [index, service] of services.entries()) {
    const [{ type }] = service.operation.response.fields;
    const oracle = createOracle(service);
    if (!oracle.readsAll) continue;
    fc.assert(
      fc.property(wholeOf(type), (result) => {
        const reply = oracle.decode(
          service.operation.response,
          replyOf(service, toPython(type, result, "result", NOTHING)),
        );
        const isEmpty = Array.isArray(result)
          ? result.length === 0
          : result instanceof Map && result.size === 0;
        assert.deepEqual(reply, isEmpty ? newStruct() : Object.assign(newStruct(), { result }));
      }),
      { seed: SEED + index, numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
    );
  }
});

test("one value of another kind anywhere in a result is an error with its place, never another value", () => {
  const refused = new Map<FieldType["kind"], number>();
  for (const [index, service] of services.entries()) {
    const [{ type }] = service.operation.response.fields;
    fc.assert(
      fc.property(wholeOf(type), fc.nat({ max: 20 }), fc.nat(), (result, which, choice) => {
        let left = which;
        let place: { readonly path: string; readonly kind: FieldType["kind"] } | undefined;
        const returned = toPython(type, result, "result", {
          replace({ kind }, path) {
            // A result as a whole may have the form of a table, of which other tests know more.
            if (place !== undefined || path === "result" || left-- > 0) return undefined;
            const wrong: readonly PythonValue[] = WRONG[kind];
            place = { path, kind };
            return { value: wrong[choice % wrong.length] ?? null };
          },
        });
        if (place === undefined) return;
        const { path, kind } = place;
        refused.set(kind, (refused.get(kind) ?? 0) + 1);
        assert.throws(
          () => replyOf(service, returned),
          (thrown: unknown) => {
            assert.ok(thrown instanceof GatewayError, String(thrown));
            assert.equal(thrown.code, "output_invalid", path);
            assert.equal(thrown.started, true);
            const told = `${thrown.message} ${JSON.stringify(thrown.violations)}`;
            assert.ok(!told.includes("2024") && !told.includes("yesterday"), told);
            const cause = thrown.cause instanceof Error ? thrown.cause.message : "";
            assert.ok(cause.startsWith(path), `${cause} for ${path}`);
            return true;
          },
        );
      }),
      { seed: SEED + index, numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
    );
  }
  for (const kind of [
    "string",
    "boolean",
    "integer",
    "double",
    "decimal",
    "date",
    "datetime",
    "struct",
  ] as const) {
    assert.ok((refused.get(kind) ?? 0) >= 10, `${kind}: ${refused.get(kind) ?? 0}`);
  }
});
