import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkInputs } from "../../src/call/check-inputs.js";
import type { Message } from "../../src/contract/model.js";
import type { Violation } from "../../src/errors.js";
import { structFromJson } from "../../src/json/decode.js";
import { encodeJson } from "../../src/json/encode.js";
import { sampleRecord } from "../../src/samples/sample-values.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { isStruct, newStruct, type Struct, type Value } from "../../src/values.js";
import { plain, schemaOf, visible } from "./schema-of.js";

test("the schema wants what the call path wants: a value, a row, or nothing", () => {
  const property = fc.property(visible, (service) => {
    const { request } = service.operation;
    const check = schemaOf(service, request);
    const inputs = sampleRecord(request);
    for (const changed of withOneMemberChanged(inputs)) {
      assert.equal(check(plain(encodeJson(changed))), isTaken(request, changed), encodeJson(changed));
    }
  });
  fc.assert(property, { seed: 8, numRuns: 25 });
});

/** The same record with each member absent, null or empty, also those of the first row of each table. */
function withOneMemberChanged(record: Struct): readonly Struct[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const put = (member?: Value): Struct => {
      const copy = Object.assign(newStruct(), record);
      if (member === undefined) Reflect.deleteProperty(copy, name);
      else copy[name] = member;
      return copy;
    };
    const row = Array.isArray(value) ? value[0] : undefined;
    const rows = isStruct(row) ? withOneMemberChanged(row).map((changed) => put([changed])) : [];
    return [put(), put(null), ...(Array.isArray(value) ? [put([])] : []), ...rows];
  });
}

function isTaken(request: Message, inputs: Struct): boolean {
  const violations: Violation[] = [];
  const read = structFromJson(
    request,
    parseStrictJson(Buffer.from(encodeJson(inputs)), "test"),
    "",
    violations,
  );
  try {
    checkInputs(request, read, 1);
  } catch {
    return false;
  }
  return violations.length === 0;
}
