import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readUtf8 } from "../src/utf8.js";

/** The platform's own strict decoder, which is what a text has to be readable by. */
function strictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

test("text is what a strict decoder reads, and nothing else is text", () => {
  const damaged = fc
    .tuple(fc.string({ unit: "binary", maxLength: 12 }), fc.nat(), fc.nat({ max: 255 }))
    .map(([text, at, byte]) => {
      const bytes = Buffer.from(text);
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });
  let refused = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        damaged,
        fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      ),
      (bytes) => {
        const around = Buffer.concat([Buffer.from("<"), bytes, Buffer.from(">")]);
        const text = readUtf8(around, 1, around.length - 1);
        assert.equal(text, strictly(bytes));
        if (text === undefined) refused += 1;
      },
    ),
    { seed: 11, numRuns: 5000 },
  );
  assert.ok(refused > 500 && refused < 4500, String(refused));
});

test("the character that stands for broken bytes can be sent, and so can a byte-order mark", () => {
  for (const text of ["\ufffd", "a\ufffdb", "\ufeff", ""]) {
    const bytes = Buffer.from(text);
    assert.equal(readUtf8(bytes, 0, bytes.length), text);
  }
  const halfPair = Buffer.from([0xed, 0xa0, 0x80]);
  assert.equal(readUtf8(halfPair, 0, 3), undefined);
});
