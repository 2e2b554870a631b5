/** Where the reading of many records ends in which something is missing, and that nobody can tell. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WireType } from "@bufbuild/protobuf/wire";
import { unlimited } from "../../bench/refusals/refusing-server.js";
import { compileInputsCheck } from "../../src/call/check-inputs.js";
import { GatewayError } from "../../src/errors.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { MOST_VIOLATIONS } from "../../src/limits.js";
import { newStruct, type Struct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { decimalOf, message, row } from "./request-bytes.js";

const service = unlimited(sampleService());
const decode = compileDecode(service);
const check = compileInputsCheck(service.operation.request, 20);

const WHOLE = row((w) => decimalOf("1")(w.tag(1, WireType.LengthDelimited).string("A")));
const INCOMPLETE = row((w) => w.tag(1, WireType.LengthDelimited).string("A"));

function rowsIn(...rows: readonly Uint8Array[]): Struct {
  return decode(Buffer.concat(rows));
}

function countOf(inputs: Struct): number {
  const rows = inputs["application"];
  return Array.isArray(rows) ? rows.length : assert.fail("no rows");
}

function times(count: number, one: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: count }, () => one);
}

test("no more records are read than the check looks at, and its words are those for all of them", () => {
  const all = [...times(700, WHOLE), ...times(5000, INCOMPLETE)];
  const read = rowsIn(...all);
  assert.equal(countOf(read), 700 + MOST_VIOLATIONS);
  const complete = Object.assign(newStruct(), {
    application: all.flatMap((one) => Object.values(rowsIn(one)).flat()),
  });
  const wordsOf = (inputs: Struct): unknown => {
    try {
      check(inputs);
    } catch (thrown) {
      assert.ok(thrown instanceof GatewayError);
      return [thrown.message, thrown.violations];
    }
    return assert.fail("was accepted");
  };
  assert.equal(countOf(complete), all.length);
  assert.deepEqual(wordsOf(read), wordsOf(complete));
});

test("fewer are all read, and so are any number of records in which nothing is missing", () => {
  const fewer = [...times(MOST_VIOLATIONS - 1, INCOMPLETE), ...times(2000, WHOLE)];
  assert.equal(countOf(rowsIn(...fewer)), fewer.length);
  assert.equal(countOf(rowsIn(...times(3000, WHOLE))), 3000);
});

test("entries of a map may leave out what protobuf has a zero for, and lists in lists may be empty", () => {
  const record = row((w) => {
    decimalOf("1")(w.tag(1, WireType.LengthDelimited).string("A"));
    // Entries of `tags` without a key or value, and rows of `matrix` without an item.
    for (let entry = 0; entry < 3 * MOST_VIOLATIONS; entry += 1) {
      message(9, (empty) => empty)(w);
      message(11, (empty) => empty)(w);
    }
    return w;
  });
  assert.equal(countOf(rowsIn(record, ...times(10, WHOLE))), 11);
});
