import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { createPieces } from "../../src/http/byte-pieces.js";
import { memoryInUse, settle } from "../support/footprint.js";

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** A piece as a connection brings it: a part of a larger piece of memory. */
function pieceOf(memoryBytes: number, from: number, to: number): Buffer {
  return Buffer.from(new ArrayBuffer(memoryBytes), from, to - from).fill(from % 251);
}

suite("pieces of a body", () => {
  test("are the whole, in their order, however large they are and wherever they stand", () => {
    const sizes = fc.oneof(fc.nat(20), fc.integer({ min: 4000, max: 4200 }));
    const pieces = fc.array(fc.record({ length: sizes, before: fc.nat(9000) }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const chunks = parts.map(({ length, before }, nth) =>
          pieceOf(before + length, before, before + length).fill(nth),
        );
        const kept = createPieces();
        for (const chunk of chunks) kept.add(chunk);
        assert.deepEqual(kept.join(), Buffer.concat(chunks));
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  test("one that fills its memory is not copied", () => {
    const kept = createPieces();
    const only = pieceOf(700, 0, 700);
    kept.add(only);
    assert.equal(kept.join().buffer, only.buffer);
  });

  for (const [what, count, memoryBytes, length] of [
    ["bytes that stand alone in large memory", 2000, 64 * KILOBYTE, 1],
    ["bytes with memory of their own", 20_000, 1, 1],
    ["frames of what was received together", 400, 64 * KILOBYTE, 16 * KILOBYTE],
  ] as const) {
    test(`hold at most twice what they are: ${what}`, async () => {
      const most = 2 * count * length + MEGABYTE;
      const kept = createPieces();
      const before = memoryInUse();
      for (let nth = 0; nth < count; nth += 1) kept.add(pieceOf(memoryBytes, 0, length));
      const grown = (): number => memoryInUse() - before;
      // Memory is freed a moment after it was found to be garbage.
      await settle(() => grown() < most);
      assert.ok(grown() < most, `${grown()} bytes for ${count * length}`);
      assert.equal(kept.join().length, count * length);
    });
  }
});
