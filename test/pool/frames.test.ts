import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createFrameReader, frameHeader, type Frame } from "../../src/pool/frames.js";

test("frames come out whole however the stream is cut", () => {
  const frame = fc.record(
    { id: fc.nat(), kind: fc.integer({ min: 0, max: 255 }), payload: fc.uint8Array({ maxLength: 300 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (frames, cuts) => {
        const stream = Buffer.concat(
          frames.flatMap(({ id, kind, payload }) => [frameHeader(id, kind, payload.length), payload]),
        );
        const read = createFrameReader(300);
        const found: Frame[] = [];
        let turn = 0;
        for (let at = 0; at < stream.length;) {
          const length = cuts[turn++ % cuts.length] ?? 1;
          found.push(...read(stream.subarray(at, at + length)));
          at += length;
        }
        assert.deepEqual(
          found.map(({ id, kind, payload }) => ({ id, kind, payload: new Uint8Array(payload) })),
          frames,
        );
      },
    ),
    { seed: 3 },
  );
});

test("a frame longer than the limit is refused before it is buffered", () => {
  const read = createFrameReader(100);
  assert.throws(() => read(frameHeader(1, 1, 101)), RangeError);
});
