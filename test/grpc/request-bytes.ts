/** Requests for the sample service, written field by field, also as no protobuf library would write them. */
import assert from "node:assert/strict";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { GatewayError, type Violation } from "../../src/errors.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { newStruct, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";

export const decode = compileDecode(sampleService());

export type Write = (writer: BinaryWriter) => BinaryWriter;

export function bytes(write: Write): Uint8Array {
  return write(new BinaryWriter()).finish();
}

export function message(number: number, write: Write): Write {
  return (writer) => write(writer.tag(number, WireType.LengthDelimited).fork()).join();
}

/** A request with one row of the application table. */
export function row(write: Write): Uint8Array {
  return bytes(message(1, write));
}

export function rowField(write: Write): Struct {
  const table = decode(row(write))["application"];
  assert.ok(Array.isArray(table));
  const [first] = table;
  return Object.assign(newStruct(), first);
}

export function violationsOf(request: Uint8Array): readonly Violation[] {
  try {
    decode(request);
  } catch (thrown) {
    assert.ok(thrown instanceof GatewayError);
    assert.equal(thrown.code, "invalid_input");
    return thrown.violations;
  }
  return assert.fail("was accepted");
}

export function struct(members: Record<string, Value>): Struct {
  return Object.assign(newStruct(), members);
}

export const decimalOf = (text: string): Write =>
  message(4, (w) => w.tag(1, WireType.LengthDelimited).string(text));
export const dateOf = (year: number | bigint, month: number, day: number): Write =>
  message(6, (w) =>
    w
      .tag(1, WireType.Varint)
      .int64(year)
      .tag(2, WireType.Varint)
      .int32(month)
      .tag(3, WireType.Varint)
      .int32(day),
  );
export const momentOf = (seconds: bigint, nanos: number | bigint): Write =>
  message(7, (w) => w.tag(1, WireType.Varint).int64(seconds).tag(2, WireType.Varint).int64(nanos));
