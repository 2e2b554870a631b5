/** A conversation that arrives cut at every byte says the same as one that arrives whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, ErrorCode } from "../../src/http2/error-codes.js";
import { FrameReader } from "../../src/http2/frame-reader.js";
import { PREFACE, Flags, Type, frame, framesIn, request, word, type RawFrame } from "./raw-peer.js";

const BYTES = Buffer.concat([
  PREFACE,
  frame(Type.settings, 0, 0, Buffer.from("000300000064", "hex")),
  request(1, 0),
  frame(Type.data, 0, 1, Buffer.from("a few bytes")),
  frame(Type.data, Flags.end, 1),
  frame(99, 0xff, 0x7fff_ffff, word(7)),
  frame(Type.data, 0, 3, Buffer.alloc(300, 9)),
]);

function read(chunks: readonly Buffer[]): RawFrame[] {
  const frames: RawFrame[] = [];
  const reader = new FrameReader(({ type, flags, streamId, bytes, start, end }) => {
    frames.push({ type, flags, streamId, payload: Buffer.from(bytes.subarray(start, end)) });
    return true;
  });
  for (const chunk of chunks) reader.read(chunk);
  return frames;
}

const EXPECTED = framesIn(BYTES.subarray(PREFACE.length)).frames;

test("cut in two at every byte", () => {
  assert.equal(EXPECTED.length, 6);
  for (let at = 0; at <= BYTES.length; at += 1) {
    assert.deepEqual(read([BYTES.subarray(0, at), BYTES.subarray(at)]), EXPECTED, String(at));
  }
});

test("in pieces of every size", () => {
  for (let size = 1; size < 60; size += 1) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < BYTES.length; at += size) chunks.push(BYTES.subarray(at, at + size));
    assert.deepEqual(read(chunks), EXPECTED, String(size));
  }
});

test("the reserved bit of the stream is ignored", () => {
  const bytes = Buffer.from(BYTES);
  bytes[PREFACE.length + 5] = 0x80;
  assert.deepEqual(read([bytes]), EXPECTED);
});

function code(bytes: Buffer): number | undefined {
  try {
    read([bytes]);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ConnectionError);
    return error.code;
  }
}

test("a wrong preface, at every byte, and a frame longer than allowed", () => {
  for (let at = 0; at < PREFACE.length; at += 1) {
    const bytes = Buffer.from(PREFACE.subarray(0, at + 1));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    assert.equal(code(bytes), ErrorCode.PROTOCOL_ERROR, String(at));
  }
  const long = frame(Type.data, 0, 1, Buffer.alloc(16_385));
  assert.equal(code(Buffer.concat([PREFACE, long.subarray(0, 9)])), ErrorCode.FRAME_SIZE_ERROR);
  assert.equal(code(Buffer.concat([PREFACE, frame(Type.data, 0, 1, Buffer.alloc(16_384))])), undefined);
});

test("nothing is read after the handler has had enough", () => {
  let frames = 0;
  const reader = new FrameReader(() => {
    frames += 1;
    return false;
  });
  reader.read(BYTES);
  assert.equal(frames, 1);
});
