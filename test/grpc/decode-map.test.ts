import assert from "node:assert/strict";
import { test } from "node:test";
import { WireType } from "@bufbuild/protobuf/wire";
import type { FieldType } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { DateTime, type Struct, type Value } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { bytes, message, row, rowField, violationsOf, type Write } from "./request-bytes.js";

test("a map entry without key or value has their zeros, and the last of equal keys counts", () => {
  const entry = (write: Write): Write => message(9, write);
  const key: Write = (w) => w.tag(1, WireType.LengthDelimited).string("a");
  const value =
    (n: number): Write =>
    (w) =>
      w.tag(2, WireType.Varint).int64(n);
  const tags = rowField((w) =>
    entry(value(5))(entry((e) => value(2)(key(e)))(entry((e) => value(1)(key(e)))(entry(key)(w)))),
  );
  assert.deepEqual(
    tags["tags"],
    new Map<Value, Value>([
      ["a", 2n],
      ["", 5n],
    ]),
  );
});

test("a map entry without a message value has the empty message, or a fault where that is no value", () => {
  const read = (value: FieldType): ((request: Uint8Array) => Struct) => {
    const service = sampleService();
    const [table] = service.operation.request.fields;
    assert.ok(table !== undefined);
    const type: FieldType = {
      kind: "map",
      name: "M",
      entryName: "MEntry",
      key: { kind: "string" },
      value,
      maxItems: 9,
    };
    const request = { ...service.operation.request, fields: [{ ...table, type }] };
    return compileDecode({ ...service, operation: { ...service.operation, request } });
  };
  const entry = bytes(message(1, (w) => w.tag(1, WireType.LengthDelimited).string("a")));
  assert.deepEqual(
    read({ kind: "datetime" })(entry)["application"],
    new Map([["a", new DateTime("1970-01-01T00:00:00")]]),
  );
  assert.throws(() => read({ kind: "date" })(entry), GatewayError);
});

test("entry messages need key and value, and each key once", () => {
  const entry = (...write: Write[]): Write =>
    message(12, (w) => write.reduce((writer, next) => next(writer), w));
  const key =
    (n: number): Write =>
    (w) =>
      w.tag(1, WireType.Bit64).double(n);
  const value: Write = (w) => w.tag(2, WireType.LengthDelimited).string("x");
  const request = row((w) =>
    [entry(key(1), value), entry(value), entry(key(2)), entry(key(1), value)].reduce(
      (next, each) => each(next),
      w,
    ),
  );
  assert.deepEqual(violationsOf(request), [
    { path: "application[0].bands[1].key", message: "This value is required." },
    { path: "application[0].bands[2].value", message: "This value is required." },
    { path: "application[0].bands[3].key", message: "Must not repeat the key of another entry." },
  ]);
});

test("1.5 and 1.50 are one key, as they are in Python", () => {
  const type: FieldType = {
    kind: "map",
    name: "M",
    entryName: "MEntry",
    key: { kind: "decimal" },
    value: { kind: "string" },
    maxItems: 9,
  };
  const service = sampleService();
  const [table] = service.operation.request.fields;
  assert.ok(table !== undefined);
  const request = { ...service.operation.request, fields: [{ ...table, type }] };
  const read = compileDecode({ ...service, operation: { ...service.operation, request } });
  const entry = (text: string): Uint8Array =>
    bytes(
      message(1, (w) =>
        message(1, (k) => k.tag(1, WireType.LengthDelimited).string(text))(w)
          .tag(2, WireType.LengthDelimited)
          .string(""),
      ),
    );
  assert.throws(() => read(Buffer.concat([entry("1.5"), entry("1.50")])), GatewayError);
  assert.equal(
    (read(Buffer.concat([entry("1.5"), entry("15")]))["application"] as Map<Value, Value>).size,
    2,
  );
});
