/** Random valid inputs of a contract, as the gateway holds them between the protocols, and as callers would send them. */
import assert from "node:assert/strict";
import type { FieldType, Message, Service } from "../../src/contract/model.js";
import type { Violation } from "../../src/errors.js";
import { compileEncode } from "../../src/grpc/encode.js";
import { valueFromJson } from "../../src/json/decode.js";
import { encodeJson } from "../../src/json/encode.js";
import { newStruct, type Struct, type Value } from "../../src/values.js";
import type { Roll } from "./roll.js";
import { textsOf } from "./sample-messages.js";

export function sampleInputs({ fields }: Message, roll: Roll): Struct {
  const struct = newStruct();
  for (const { source, type, required } of fields) {
    if (required || roll.chance(0.8)) struct[source] = sampleValue(type, roll, required);
  }
  return struct;
}

function sampleValue(type: FieldType, roll: Roll, needsOne = false): Value {
  switch (type.kind) {
    case "array":
      return Array.from({ length: needsOne ? 1 : roll.below(Math.min(type.maxItems, 3) + 1) }, () =>
        sampleValue(type.items, roll),
      );
    case "map":
      return new Map([[sampleValue(type.key, roll), sampleValue(type.value, roll)]]);
    case "struct":
      return sampleInputs(type.message, roll);
    default: {
      const violations: Violation[] = [];
      const text = roll.pick(textsOf(type));
      const value = valueFromJson(type, type.kind === "boolean" ? text === "true" : text, "", violations);
      assert.ok(value !== undefined, JSON.stringify(violations));
      return value;
    }
  }
}

/** The inputs as JSON text. */
export function asJson(inputs: Struct): Uint8Array {
  return Buffer.from(encodeJson(inputs));
}

/** The inputs as a request message: our own encoder writes it where a reply has its result. */
export function asRequestBytes(service: Service, inputs: Struct): Uint8Array {
  const { operation } = service;
  const [result] = operation.response.fields;
  const type: FieldType = { kind: "struct", message: operation.request };
  const mirrored: Service = {
    ...service,
    operation: {
      ...operation,
      response: { ...operation.response, fields: [{ ...result, number: 1, type }] },
    },
  };
  const reply = compileEncode(mirrored)(inputs);
  // One byte of tag, then the length as a varint, whose last byte is the first below 128.
  const end = reply.findIndex((byte, index) => index > 0 && byte < 0x80);
  return reply.subarray(end + 1);
}
