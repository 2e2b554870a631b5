import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  createFrameReader,
  FLAG,
  FRAME,
  frame,
  MOST_FRAME_BYTES,
  withoutPadding,
} from "../../bench/load/http2-frames.js";

const FRAMES = fc.array(
  fc.record({
    type: fc.nat(255),
    flags: fc.nat(255),
    stream: fc.nat(2 ** 31 - 1),
    payload: fc.uint8Array({ maxLength: 40 }),
  }),
  { maxLength: 8 },
);

test("frames come out as they went in, however their bytes are cut", () => {
  const property = fc.property(FRAMES, fc.array(fc.integer({ min: 1, max: 30 })), (frames, cuts) => {
    const bytes = Buffer.concat(frames.map((one) => frame(one.type, one.flags, one.stream, one.payload)));
    const found: unknown[] = [];
    const read = createFrameReader((type, flags, stream, payload) => {
      found.push({ type, flags, stream, payload: Uint8Array.from(payload) });
      return true;
    });
    let at = 0;
    for (const length of [...cuts, bytes.length]) {
      // The memory of a chunk is used again: what the reader keeps has to be its own.
      const chunk = Buffer.from(bytes.subarray(at, at + length));
      assert.equal(read(chunk), true);
      chunk.fill(0xff);
      at += length;
    }
    assert.deepEqual(
      found,
      frames.map(({ payload, ...head }) => ({ ...head, payload: Uint8Array.from(payload) })),
    );
  });
  fc.assert(property, { seed: 1 });
});

test("a frame that is too long, or refused by its user, ends the reading", () => {
  const tooLong = frame(FRAME.data, 0, 1, Buffer.alloc(0));
  tooLong.writeUIntBE(MOST_FRAME_BYTES + 1, 0, 3);
  assert.equal(createFrameReader(() => true)(tooLong), false);
  assert.equal(createFrameReader(() => false)(frame(FRAME.ping, 0, 0, Buffer.alloc(8))), false);
});

test("padding and priority are taken off; more padding than payload is no frame", () => {
  const content = Buffer.from("abc");
  const padded = Buffer.concat([Buffer.of(2), content, Buffer.alloc(2)]);
  assert.deepEqual(withoutPadding(FLAG.padded, padded, false), content);
  const weighed = Buffer.concat([Buffer.of(2), Buffer.alloc(5), content, Buffer.alloc(2)]);
  assert.deepEqual(withoutPadding(FLAG.padded | FLAG.priority, weighed, true), content);
  assert.equal(withoutPadding(FLAG.padded, Buffer.of(3, 0), false), undefined);
});
