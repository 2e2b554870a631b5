import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteOutput } from "../src/byte-output.js";

test("what was handed out is not changed by what is written after it", () => {
  const out = new ByteOutput();
  out.utf8("first");
  const first = out.finish();
  out.utf8("other");
  assert.equal(out.finish().toString(), "other");
  assert.equal(first.toString(), "first");
});

test("head room is left in front, and what an encoder left behind is forgotten", () => {
  const out = new ByteOutput();
  out.utf8("given up");
  out.restart(9);
  out.byte(7);
  const bytes = out.finish();
  assert.equal(bytes.length, 10);
  assert.equal(bytes[9], 7);
});

test("text of any kind and length is written as UTF-8, also where the buffer grows", () => {
  const out = new ByteOutput();
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 30, maxLength: 50 })), {
        maxLength: 300,
      }),
      (texts) => {
        let written = 0;
        for (const text of texts) written += out.utf8(text);
        assert.equal(out.length, written);
        assert.deepEqual(out.finish(), Buffer.from(texts.join("")));
      },
    ),
    { seed: 12, numRuns: 100 },
  );
  for (const text of ["ö", "Köln", "\u0080", "\u00ff", "zł", "\u{1f600}"]) {
    out.utf8(text);
    assert.deepEqual(out.finish(), Buffer.from(text), text);
  }
  const long = "ä".repeat(1_000_000);
  out.utf8(long);
  assert.equal(out.finish().toString(), long);
  for (const text of ["\ud800", `${"x".repeat(100)}\udc00`]) assert.throws(() => out.utf8(text), TypeError);
});

test("numbers have the bytes that Buffer gives them", () => {
  const out = new ByteOutput();
  out.uint16LE(0xfffe);
  out.int32LE(-2);
  out.int64LE(-3n);
  out.double(0.1, true);
  out.double(0.1, false);
  out.ascii("ok");
  const expected = Buffer.alloc(32);
  expected.writeUInt16LE(0xfffe, 0);
  expected.writeInt32LE(-2, 2);
  expected.writeBigInt64LE(-3n, 6);
  expected.writeDoubleLE(0.1, 14);
  expected.writeDoubleBE(0.1, 22);
  expected.write("ok", 30);
  assert.deepEqual(out.finish(), expected);
});
