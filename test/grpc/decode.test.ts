import assert from "node:assert/strict";
import { test } from "node:test";
import { WireType } from "@bufbuild/protobuf/wire";
import { compileDecode } from "../../src/grpc/decode.js";
import { CalendarDate, DateTime, Decimal, newStruct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import {
  bytes,
  dateOf,
  decimalOf,
  decode,
  message,
  momentOf,
  row,
  rowField,
  struct,
  violationsOf,
  type Write,
} from "./request-bytes.js";

test("nothing sent is nothing received, and a zero that was sent is a zero", () => {
  assert.deepEqual(decode(new Uint8Array()), newStruct());
  const zeros = rowField((w) =>
    w
      .tag(1, WireType.LengthDelimited)
      .string("")
      .tag(2, WireType.Bit64)
      .double(0)
      .tag(3, WireType.Varint)
      .int64(0)
      .tag(5, WireType.Varint)
      .bool(false),
  );
  assert.deepEqual(
    zeros,
    struct({ application_id: "", annual_income: 0, dependants: 0n, is_employed: false }),
  );
});

test("the extremes of every type arrive unchanged", () => {
  assert.deepEqual(
    rowField((w) => w.tag(3, WireType.Varint).int64(2n ** 63n - 1n))["dependants"],
    2n ** 63n - 1n,
  );
  assert.deepEqual(
    rowField((w) => w.tag(3, WireType.Varint).int64(-(2n ** 63n)))["dependants"],
    -(2n ** 63n),
  );
  assert.ok(Object.is(rowField((w) => w.tag(2, WireType.Bit64).double(-0))["annual_income"], -0));
  assert.deepEqual(rowField(dateOf(1, 1, 1))["birth_date"], new CalendarDate("0001-01-01"));
  assert.deepEqual(
    rowField(momentOf(-1n, 999_999_000))["submitted_at"],
    new DateTime("1969-12-31T23:59:59.999999"),
  );
  assert.deepEqual(
    rowField(momentOf(-62_135_596_800n, 0))["submitted_at"],
    new DateTime("0001-01-01T00:00:00"),
  );
});

test("decimals keep their digits, also when written with an exponent", () => {
  for (const [sent, received] of [
    ["1.50", "1.50"],
    ["+007.", "7"],
    [".5", "0.5"],
    ["-0.00", "0.00"],
    ["2.5e3", "2500"],
    ["25E-1", "2.5"],
    ["1.25e+2", "125"],
    ["-12e-2", "-0.12"],
  ] as const) {
    assert.deepEqual(rowField(decimalOf(sent))["requested_amount"], new Decimal(received), sent);
  }
  for (const sent of [
    "",
    "-",
    ".",
    "1,5",
    " 1",
    "1e",
    "1e99999",
    "1e999999999",
    "9e400",
    "NaN",
    "1".repeat(401),
    "٣",
  ]) {
    assert.deepEqual(violationsOf(row(decimalOf(sent))), [
      {
        path: "application[0].requested_amount",
        message: "Must be a decimal number of at most 400 digits.",
      },
    ]);
  }
  assert.deepEqual(
    violationsOf(row(decimalOf("1.234")))[0]?.message,
    "Must have at most 9 digits before the point and 2 after it.",
  );
});

test("lists of numbers are read packed, unpacked and mixed", () => {
  const packed = message(8, (w) => w.double(1).double(2));
  const single: Write = (w) => w.tag(8, WireType.Bit64).double(3);
  assert.deepEqual(rowField((w) => packed(single(packed(w))))["late_months"], [1, 2, 3, 1, 2]);
  const ragged = message(8, (w) => w.double(1).raw(Uint8Array.of(1)));
  assert.equal(violationsOf(row(ragged))[0]?.path, "application[0]");
});

test("the last of several single values counts", () => {
  const twice: Write = (w) => w.tag(3, WireType.Varint).int64(1).tag(3, WireType.Varint).int64(2);
  assert.equal(rowField(twice)["dependants"], 2n);
});

test("a column may be called __proto__ or toString", () => {
  const service = sampleService();
  const parameters = service.operation.request.fields[2];
  assert.ok(parameters?.type.kind === "struct");
  const [first, second] = parameters.type.message.fields;
  assert.ok(first !== undefined && second !== undefined);
  const fields = [
    { ...first, source: "__proto__" },
    { ...second, source: "toString" },
  ];
  const type = { ...parameters.type, message: { ...parameters.type.message, fields } };
  const request = { ...service.operation.request, fields: [{ ...parameters, type }] };
  const read = compileDecode({ ...service, operation: { ...service.operation, request } });
  const inputs = read(bytes(message(3, (w) => w.tag(1, WireType.LengthDelimited).string("x"))))["parameters"];
  assert.deepEqual(Object.entries(Object(inputs) as object), [["__proto__", "x"]]);
  assert.equal(Object.getPrototypeOf(inputs), null);
});
