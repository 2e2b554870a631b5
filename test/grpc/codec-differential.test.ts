/** The gateway's codecs against protobuf-es, over random values and over random damage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import type { Message } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { compileEncode } from "../../src/grpc/encode.js";
import { newStruct, type Struct } from "../../src/values.js";
import { RESULT_SHAPES } from "../proto/result-shapes.js";
import { sampleService } from "../support/sample-service.js";
import { comparable } from "./comparable.js";
import { createOracle } from "./es-oracle.js";
import { structOf, valueOf } from "./value-arbitrary.js";

const SEED = 20_240_229;
const service = sampleService();
const { request, response } = service.operation;
const oracle = createOracle(service);
const decode = compileDecode(service);

test("what protobuf-es writes is read as the same values", () => {
  fc.assert(
    fc.property(structOf(request), (inputs) => {
      assert.deepEqual(decode(oracle.encode(request, inputs)), inputs);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test("results of every shape are read by protobuf-es as the same values", () => {
  for (const [name, result] of [["the sample", response.fields[0].type] as const, ...RESULT_SHAPES]) {
    if (name.includes("dynamic")) continue;
    const shaped = sampleService(result);
    const encode = compileEncode(shaped);
    const other = createOracle(shaped);
    fc.assert(
      fc.property(valueOf(result), (value) => {
        const reply = newStruct();
        reply["result"] = value;
        const empty = Array.isArray(value) ? value.length === 0 : value instanceof Map && value.size === 0;
        assert.deepEqual(other.decode(shaped.operation.response, encode(value)), empty ? newStruct() : reply);
      }),
      { seed: SEED, numRuns: 40 },
    );
  }
});

test("requests of every shape are read as what protobuf-es wrote", () => {
  for (const [name, type] of RESULT_SHAPES) {
    if (name.includes("dynamic")) continue;
    const shaped = sampleService(type);
    const { operation } = shaped;
    // The response message in the place of the request: the same shapes, on their way in.
    const asRequest = {
      ...operation.response,
      fields: [{ ...operation.response.fields[0], role: "argument" as const }],
    };
    const read = compileDecode({ ...shaped, operation: { ...operation, request: asRequest } });
    const other = createOracle(shaped);
    fc.assert(
      fc.property(structOf(operation.response), (inputs) => {
        assert.deepEqual(read(other.encode(operation.response, inputs)), inputs, name);
      }),
      { seed: SEED, numRuns: 40 },
    );
  }
});

test("a message sent in two parts is merged as protobuf-es merges it", () => {
  const [, , parameters] = request.fields;
  assert.ok(parameters?.type.kind === "struct");
  const { message } = parameters.type;
  fc.assert(
    fc.property(structOf(message), structOf(message), (first, second) => {
      const bytes = Buffer.concat([first, second].map((part) => wrap(3, oracle.encode(message, part))));
      assert.deepEqual(decode(bytes), oracle.decode(request, bytes));
    }),
    { seed: SEED, numRuns: 200 },
  );
});

test("a row in two parts is merged as protobuf-es merges it, dates and maps included", () => {
  const row = rowMessage();
  // Entry messages with a key of the first part again in the second are refused, not merged.
  const withoutBands = { ...row, fields: row.fields.filter(({ source }) => source !== "bands") };
  fc.assert(
    fc.property(structOf(withoutBands), structOf(withoutBands), (first, second) => {
      const bytes = wrap(1, Buffer.concat([oracle.encode(row, first), oracle.encode(row, second)]));
      assert.deepEqual(decode(bytes), oracle.decode(request, bytes));
    }),
    { seed: SEED, numRuns: 200 },
  );
});

test("damaged bytes are refused, or read as protobuf-es reads them", () => {
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      structOf(request),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
      fc.nat(),
      (inputs, edits, cut) => {
        const bytes = oracle.encode(request, inputs);
        for (const [at, byte] of edits) bytes[at % Math.max(1, bytes.length)] = byte;
        const damaged = cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
        const found = decodeOrRefuse(damaged);
        outcomes[found === undefined ? "refused" : "read"]++;
        if (found !== undefined) assert.equal(comparable(found), comparable(oracle.decode(request, damaged)));
      },
    ),
    { seed: SEED, numRuns: 2000 },
  );
  // Both happen often, or the test shows nothing.
  assert.ok(outcomes.read > 300 && outcomes.refused > 300, JSON.stringify(outcomes));
});

test("random bytes never do anything but be read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeOrRefuse(bytes);
    }),
    { seed: SEED, numRuns: 3000 },
  );
});

function decodeOrRefuse(bytes: Uint8Array): Struct | undefined {
  try {
    return decode(bytes);
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError, String(thrown));
    assert.equal(thrown.code, "invalid_input");
    assert.ok(thrown.violations.length > 0);
    return undefined;
  }
}

function wrap(number: number, bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
}

function rowMessage(): Message {
  const [table] = request.fields;
  assert.ok(table?.type.kind === "array" && table.type.items.kind === "struct");
  return table.type.items.message;
}
