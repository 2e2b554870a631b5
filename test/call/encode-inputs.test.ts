import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileInputsEncoder } from "../../src/call/encode-inputs.js";
import type { RequestMessage } from "../../src/contract/model.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import { isStruct, newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { looseStruct } from "./contract-values.js";

/** The sample's request with one of its row's fields as an argument. */
const request = withArguments(sampleService().operation.request);
const encode = compileInputsEncoder(request);

/** What Python gets, put together of values before anything is written; structs have the order of the contract already. */
function arranged(inputs: Struct): Value {
  const tables: Value[] = [];
  const given = newStruct();
  let parameters: Value = null;
  for (const { source, role, type } of request.fields) {
    const value = inputs[source];
    if (role === "argument" && value !== undefined) given[source] = value;
    if (role === "parameters") parameters = value ?? null;
    if (role !== "table") continue;
    assert.ok(type.kind === "array" && type.items.kind === "struct");
    const { fields } = type.items.message;
    const rows = Array.isArray(value) ? value : [];
    tables.push(rows.map((row) => (isStruct(row) ? fields.map((field) => row[field.source] ?? null) : null)));
  }
  return [tables, given, parameters];
}

test("the compiled encoder writes the same bytes as the writer of any value", () => {
  fc.assert(
    fc.property(looseStruct(request), (inputs) => {
      assert.deepEqual(encode(inputs), writePickle(arranged(inputs)));
    }),
    { seed: 41, numRuns: 1000 },
  );
});

test("the bytes of one call are not those of the next, and head room is left where it is asked for", () => {
  const withRoom = compileInputsEncoder(request, { headRoom: 9 });
  fc.assert(
    fc.property(looseStruct(request), looseStruct(request), (first, second) => {
      const bytes = encode(first);
      const copy = Buffer.from(bytes);
      assert.deepEqual(withRoom(second).subarray(9), writePickle(arranged(second)));
      assert.deepEqual(bytes, copy);
    }),
    { seed: 42, numRuns: 100 },
  );
});

test("a value of another type than the contract's is written as what it is", () => {
  const inputs = newStruct();
  inputs["application"] = [Object.assign(newStruct(), { application_id: 5n, requested_amount: "text" })];
  assert.deepEqual(encode(inputs), writePickle(arranged(inputs)));
});

test("an encoder that gave up half-way leaves nothing behind", () => {
  const broken = newStruct();
  broken["application"] = [Object.assign(newStruct(), { application_id: "\ud800" })];
  assert.throws(() => encode(broken), TypeError);
  assert.deepEqual(encode(newStruct()), writePickle([[[], []], newStruct(), null]));
});

function withArguments(message: RequestMessage): RequestMessage {
  const [table] = message.fields;
  assert.ok(table?.type.kind === "array" && table.type.items.kind === "struct");
  const given = table.type.items.message.fields.map((field, index) => ({
    ...field,
    number: 10 + index,
    role: "argument" as const,
  }));
  return { ...message, fields: [...message.fields, ...given] };
}
