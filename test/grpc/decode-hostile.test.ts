/** Requests that do not fit, or were never meant to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { GatewayError } from "../../src/errors.js";
import { readStreamItem } from "../../src/grpc/stream-items.js";
import { newStruct } from "../../src/values.js";
import {
  bytes,
  dateOf,
  decode,
  message,
  momentOf,
  row,
  rowField,
  struct,
  violationsOf,
  type Write,
} from "./request-bytes.js";

test("partial and impossible dates are refused, also those that would wrap into range", () => {
  for (const date of [
    dateOf(2024, 0, 0),
    dateOf(0, 2, 29),
    dateOf(2023, 2, 29),
    dateOf(10_000, 1, 1),
    dateOf(-1, 1, 1),
    dateOf(2n ** 32n + 2024n, 1, 1),
    message(6, (w) => w),
  ]) {
    assert.deepEqual(
      violationsOf(row(date)).map(({ path }) => path),
      ["application[0].birth_date"],
    );
  }
});

test("moments that Python cannot hold are refused", () => {
  for (const moment of [
    momentOf(0n, 1),
    momentOf(0n, 1_000_000_000),
    momentOf(0n, -1000),
    momentOf(0n, 2n ** 32n + 1000n),
    momentOf(253_402_300_800n, 0),
    momentOf(-62_135_596_801n, 0),
  ]) {
    assert.deepEqual(
      violationsOf(row(moment)).map(({ path }) => path),
      ["application[0].submitted_at"],
    );
  }
});

test("every fault is told at once, by its path in the names of the artifact", () => {
  const request = bytes((w) => {
    message(1, (r) => r)(w);
    message(1, (r) => dateOf(2024, 13, 1)(r.tag(2, WireType.Varint).int32(7)))(w);
    message(1, (r) => r.tag(1, WireType.LengthDelimited).bytes(Uint8Array.of(0xc3, 0x28)))(w);
    message(
      1,
      message(
        11,
        message(1, (r) => r.tag(2, WireType.Varint).int32(5)),
      ),
    )(w);
    return message(2, (r) => r.tag(1, WireType.Bit64).raw(Uint8Array.of(1, 2)))(w);
  });
  assert.deepEqual(violationsOf(request), [
    { path: "application[1].annual_income", message: "Was encoded as another type." },
    { path: "application[1].birth_date", message: "Must be a full calendar date of the years 1 to 9999." },
    { path: "application[2].application_id", message: "Must be UTF-8 text." },
    { path: "application[3].matrix[0][0]", message: "Must not be finer than a microsecond." },
    { path: "trade_lines[0]", message: "Is not a well-formed protobuf message." },
  ]);
});

test("each part of a message that comes in parts has to be a message by itself", () => {
  // A text of which one half is in each part; as one message it would be well-formed.
  const halves = (number: number): Uint8Array =>
    bytes((w) => {
      w.tag(number, WireType.LengthDelimited).bytes(Uint8Array.of(0x0a, 0x02, 0x61));
      return w.tag(number, WireType.LengthDelimited).bytes(Uint8Array.of(0x62));
    });
  assert.deepEqual(violationsOf(halves(3)), [
    { path: "parameters", message: "Is not a well-formed protobuf message." },
  ]);
  assert.deepEqual(violationsOf(row((w) => w.raw(halves(10)))), [
    { path: "application[0].address", message: "Is not a well-formed protobuf message." },
  ]);
  assert.throws(() => readStreamItem(halves(2)), GatewayError);
});

test("a decimal whose first text is not UTF-8 is refused, although the last one counts", () => {
  const twice: Write = message(4, (w) =>
    w
      .tag(1, WireType.LengthDelimited)
      .bytes(Uint8Array.of(0xff))
      .tag(1, WireType.LengthDelimited)
      .string("1.50"),
  );
  assert.equal(violationsOf(row(twice))[0]?.path, "application[0].requested_amount");
});

test("unknown fields are skipped, groups among them, but not deeper than 100", () => {
  const unknown: Write = (w) =>
    w
      .tag(99, WireType.Varint)
      .int64(-1)
      .tag(100, WireType.StartGroup)
      .tag(1, WireType.Bit32)
      .fixed32(7)
      .tag(100, WireType.EndGroup)
      .tag(101, WireType.LengthDelimited)
      .string("x");
  assert.deepEqual(
    rowField((w) => unknown(w).tag(3, WireType.Varint).int64(4)),
    struct({ dependants: 4n }),
  );
  const deep = (levels: number): Uint8Array =>
    Uint8Array.from([...Array<number>(levels).fill(0x7b), ...Array<number>(levels).fill(0x7c)]);
  assert.deepEqual(decode(deep(100)), newStruct());
  assert.deepEqual(violationsOf(deep(102)), [
    { path: "", message: "Is not a well-formed protobuf message." },
  ]);
});

test("more items than the contract allows end the reading", () => {
  const months = (count: number): Uint8Array =>
    row(
      message(8, (w) => Array.from({ length: count }).reduce<BinaryWriter>((writer) => writer.double(1), w)),
    );
  decode(months(12));
  assert.deepEqual(violationsOf(months(13)), [
    { path: "application[0].late_months", message: "Must not hold more than 12 items." },
  ]);
  const rows = Buffer.concat(Array.from({ length: 101 }, () => row((w) => w)));
  assert.deepEqual(violationsOf(rows), [
    { path: "application", message: "Must not hold more than 100 items." },
  ]);
  const tags = row((w) => {
    for (let i = 0; i < 11; i++) message(9, (e) => e.tag(1, WireType.LengthDelimited).string(String(i)))(w);
    return w;
  });
  assert.equal(violationsOf(tags)[0]?.path, "application[0].tags");
});

test("lengths that promise more than there is are refused without reserving anything", () => {
  for (const length of [0x7fffffff, 0xffffffff]) {
    const liar = bytes((w) => w.tag(1, WireType.LengthDelimited).uint32(length >>> 0));
    assert.deepEqual(violationsOf(liar), [{ path: "", message: "Is not a well-formed protobuf message." }]);
  }
});

test("a million faults do not make a million violations", () => {
  const faults = Buffer.concat(
    Array.from({ length: 5000 }, () => bytes((w) => w.tag(1, WireType.Varint).int32(1))),
  );
  assert.equal(violationsOf(faults).length, 1000);
});
