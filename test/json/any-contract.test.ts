/** Any contract, any message: what is sent as JSON arrives as it was sent, and what is answered can be read back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FieldType } from "../../src/contract/model.js";
import { GatewayError, type Violation } from "../../src/errors.js";
import { valueFromJson } from "../../src/json/decode.js";
import { compileResultEncoder } from "../../src/json/encode-result.js";
import { encodeJson } from "../../src/json/encode.js";
import { createRequestReader } from "../../src/json/read-request.js";
import { parseStrictJson, type JsonObject } from "../../src/strict-json.js";
import { newStruct, type Value } from "../../src/values.js";
import { structOf, valueOf } from "../grpc/value-arbitrary.js";
import { RESULT_SHAPES } from "../proto/result-shapes.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { sampleService } from "../support/sample-service.js";

const SEED = 7;
const contracts = sampleContracts(60, SEED);

function hasDynamic(type: FieldType): boolean {
  if (type.kind === "array") return hasDynamic(type.items);
  if (type.kind === "map") return hasDynamic(type.value);
  return type.kind === "dynamic";
}

test("what a caller sends is what main() gets", () => {
  for (const [index, { operation }] of contracts.entries()) {
    const read = createRequestReader(operation.request, 20);
    const property = fc.property(structOf(operation.request), (inputs) => {
      assert.deepEqual(read(Buffer.from(encodeJson(inputs))), inputs);
      // White space means nothing.
      assert.deepEqual(read(Buffer.from(encodeJson(inputs, "\t"))), inputs);
    });
    fc.assert(property, { seed: SEED + index, numRuns: 15, endOnFailure: true });
  }
});

test("a member that the contract does not have, and one that is there twice, are refused wherever they stand", () => {
  for (const [index, { operation }] of contracts.entries()) {
    const read = createRequestReader(operation.request, 20);
    const property = fc.property(structOf(operation.request), fc.nat(), (inputs, choice) => {
      const text = encodeJson(inputs);
      // Only the braces of records: those of maps take any member, and those within texts are no braces.
      const places = bracesOf(operation.request, inputs);
      const place = places[choice % places.length] ?? 0;
      for (const member of ['"no such name":1', '"no such name":{"a":[null]},"no such name":2']) {
        const comma = text[place + 1] === "}" ? "" : ",";
        const spoiled = `${text.slice(0, place + 1)}${member}${comma}${text.slice(place + 1)}`;
        assert.throws(
          () => read(Buffer.from(spoiled)),
          (thrown: unknown) => {
            assert.ok(thrown instanceof GatewayError);
            assert.equal(thrown.code, "invalid_input");
            assert.ok(
              thrown.violations.every(({ path }) => path.endsWith('["no such name"]')),
              thrown.message,
            );
            return true;
          },
        );
      }
    });
    fc.assert(property, { seed: SEED + index, numRuns: 10, endOnFailure: true });
  }
});

/** Where the records of a request and of its tables begin in its compact text. */
function bracesOf(
  request: { readonly fields: readonly { readonly source: string; readonly type: FieldType }[] },
  inputs: Readonly<Record<string, Value>>,
): number[] {
  const places = [0];
  let at = 1;
  const types = new Map(request.fields.map(({ source, type }) => [source, type]));
  for (const [name, value] of Object.entries(inputs)) {
    at += JSON.stringify(name).length + 1;
    const type = types.get(name);
    if (type?.kind === "array" && type.items.kind === "struct" && Array.isArray(value) && value.length > 0) {
      places.push(at + 1);
    }
    at += encodeJson(value).length + 1;
  }
  return places;
}

test("what main() returns is what a caller reads", () => {
  const shapes = [...RESULT_SHAPES.values()].map((type) => sampleService(type));
  for (const [index, service] of [sampleService(), ...shapes, ...contracts].entries()) {
    const [{ source, type }] = service.operation.response.fields;
    if (hasDynamic(type)) continue;
    const encode = compileResultEncoder(service);
    const property = fc.property(valueOf(type), (result) => {
      const reply = parseStrictJson(Buffer.from(encode(result)), "reply") as JsonObject;
      assert.deepEqual(Object.keys(reply), [source]);
      const violations: Violation[] = [];
      const back = valueFromJson(type, reply[source] ?? null, "", violations);
      assert.deepEqual({ violations, back }, { violations: [], back: result });
    });
    fc.assert(property, { seed: SEED + index, numRuns: 25, endOnFailure: true });
  }
});

test("what nothing declares is written as SOAP callers get it, and two keys with one text are refused", () => {
  const dynamic = compileResultEncoder(sampleService({ kind: "dynamic" }));
  const struct = Object.assign(newStruct(), { __proto__x: 1, n: 2n ** 70n, f: 1 });
  assert.equal(
    dynamic([struct, null, "\ufffe"]),
    '{"result":[{"__proto__x":1.0,"n":1180591620717411303424,"f":1.0},null,"\\ufffe"]}',
  );
  assert.throws(() => dynamic(Number.NaN), { code: "output_invalid" });
  const keyed = sampleService({
    kind: "map",
    name: "M",
    entryName: "E",
    key: { kind: "double" },
    value: { kind: "double" },
    maxItems: 9,
  });
  // Python takes two NaN for two keys; they come in a Map as one, so that another pair stands for them here.
  const twice = new Map<Value, Value>([
    ["1.0", 1],
    [1, 2],
  ]);
  assert.throws(() => compileResultEncoder(keyed)(twice), { code: "output_invalid" });
});
