import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createFrameReader, FLAG, FRAME, frame, MOST_FRAME_BYTES } from "../../bench/load/http2-frames.js";
import { createRequestWriter } from "../../bench/load/http2-window.js";

const HEAD = frame(FRAME.headers, FLAG.endHeaders, 0, Buffer.of(0x83));
const STANDARD_WINDOW = 65_535;

interface Sent {
  /** What was sent on each stream, and whether it was ended. */
  readonly bodies: Map<number, { bytes: number; isEnded: boolean }>;
  total: number;
}

test("no more is sent than the windows allow, and everything once they have opened", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 4 });
  const steps = fc.array(fc.record({ stream: fc.nat(4), bytes: fc.integer({ min: 1, max: 50_000 }) }));
  const property = fc.property(sizes, steps, fc.nat(100_000), (lengths, widenings, initial) => {
    const { sent, writer } = createWriter();
    writer.setInitialWindow(initial);
    const windows = new Map(lengths.map((_, index) => [2 * index + 1, initial]));
    let connectionWindow = STANDARD_WINDOW;
    const assertWithin = (): void => {
      assert.ok(sent.total <= connectionWindow);
      for (const [stream, window] of windows) assert.ok((sent.bodies.get(stream)?.bytes ?? 0) <= window);
    };
    for (const [index, length] of lengths.entries()) {
      writer.send(2 * index + 1, HEAD, Buffer.alloc(length, index));
      assertWithin();
    }
    const widen = (stream: number, bytes: number): void => {
      if (stream === 0) connectionWindow += bytes;
      else windows.set(stream, (windows.get(stream) ?? 0) + bytes);
      writer.widen(stream, bytes);
      assertWithin();
    };
    for (const { stream, bytes } of widenings) widen(stream === 0 ? 0 : 2 * stream - 1, bytes);
    for (const stream of [0, ...windows.keys()]) widen(stream, 1_000_000);
    for (const [index, length] of lengths.entries()) {
      assert.deepEqual(sent.bodies.get(2 * index + 1), { bytes: length, isEnded: true });
    }
  });
  fc.assert(property, { seed: 1 });
});

test("a change of the initial window holds for what is under way", () => {
  const { sent, writer } = createWriter();
  writer.setInitialWindow(10);
  writer.send(1, HEAD, Buffer.alloc(30));
  assert.deepEqual(sent.bodies.get(1), { bytes: 10, isEnded: false });
  writer.setInitialWindow(25);
  assert.deepEqual(sent.bodies.get(1), { bytes: 25, isEnded: false });
  // Below what has been sent: it takes more to go on.
  writer.setInitialWindow(0);
  writer.widen(1, 26);
  assert.deepEqual(sent.bodies.get(1), { bytes: 26, isEnded: false });
  writer.widen(1, 4);
  assert.deepEqual(sent.bodies.get(1), { bytes: 30, isEnded: true });
});

test("nothing more is sent of a call that was given up", () => {
  const { sent, writer } = createWriter();
  writer.setInitialWindow(10);
  writer.send(1, HEAD, Buffer.alloc(30));
  writer.forget(1);
  writer.widen(1, 100);
  assert.deepEqual(sent.bodies.get(1), { bytes: 10, isEnded: false });
});

/** A writer whose frames are counted; each is read as a server would read it. */
function createWriter(): { readonly sent: Sent; readonly writer: ReturnType<typeof createRequestWriter> } {
  const sent: Sent = { bodies: new Map(), total: 0 };
  const read = createFrameReader((type, flags, stream, payload) => {
    if (type !== FRAME.data) return true;
    assert.ok(payload.length <= MOST_FRAME_BYTES);
    const body = sent.bodies.get(stream) ?? { bytes: 0, isEnded: false };
    assert.equal(body.isEnded, false, "more behind the end");
    sent.bodies.set(stream, {
      bytes: body.bytes + payload.length,
      isEnded: (flags & FLAG.endStream) !== 0,
    });
    sent.total += payload.length;
    return true;
  });
  const writer = createRequestWriter({
    write(bytes: string | Uint8Array) {
      assert.ok(typeof bytes !== "string");
      assert.equal(read(Buffer.from(bytes)), true);
      return true;
    },
  });
  return { sent, writer };
}
