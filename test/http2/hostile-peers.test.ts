/** Peers that want the server to work, to wait or to remember without end: each limit of `http2-limits.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode } from "../../src/http2/error-codes.js";
import { fieldValue } from "../../src/http2/field.js";
import { DEFAULT_HTTP2_LIMITS } from "../../src/http2/http2-limits.js";
import { DONE, OK, echo, receiver, serveHttp2, silent, whole, PLENTY } from "./http2-harness.js";
import {
  Flags,
  PREFACE,
  REQUEST,
  Type,
  connectBare,
  connectRaw,
  endOf,
  frame,
  literals,
  nameOf,
  request,
  resetOf,
  setting,
  word,
  type RawPeer,
  flood,
  idOf,
} from "./raw-peer.js";

const { end, endHeaders } = Flags;
const CALM = "ENHANCE_YOUR_CALM";

function dataBytes({ frames }: RawPeer): number {
  return frames.reduce((sum, { type, payload }) => sum + (type === Type.data ? payload.length : 0), 0);
}

test("more streams than allowed are refused, and no handler sees them", async (t) => {
  let begun = 0;
  const { port } = await serveHttp2(
    t,
    () => {
      begun += 1;
      return receiver();
    },
    { maxConcurrentStreams: 10 },
  );
  const peer = await connectRaw(t, port);
  peer.send(...Array.from({ length: 15 }, (_, at) => request(idOf(at))));
  const { payload } = await peer.next(resetOf(idOf(14)));
  assert.equal(nameOf(payload.readUInt32BE(0)), "REFUSED_STREAM");
  assert.equal(begun, 10);
  // One that ends makes room for one.
  peer.send(frame(Type.reset, 0, 1, word(8)), request(idOf(15)), request(idOf(16)));
  await peer.next(resetOf(idOf(16)));
  assert.equal(begun, 11);
});

test("a list of fields that is too large gets 431, and the table stays as it should", async (t) => {
  const { port } = await serveHttp2(t, echo, { maxHeaderListBytes: 1000 });
  const peer = await connectRaw(t, port);
  const indexed = Buffer.concat([Buffer.of(0x40, 3), Buffer.from("x-a"), Buffer.of(1), Buffer.from("b")]);
  const many = Buffer.concat([literals(REQUEST), indexed, Buffer.alloc(100, 0xbe)]);
  peer.send(frame(Type.headers, endHeaders, 1, many));
  const { payload } = await peer.next(({ type, streamId }) => type === Type.headers && streamId === 1);
  assert.deepEqual([...payload.subarray(-3)], [...Buffer.from("431")]);
  assert.equal((await peer.next(resetOf(1))).payload.readUInt32BE(0), ErrorCode.NO_ERROR);
  peer.send(frame(Type.headers, endHeaders | end, 3, Buffer.concat([literals(REQUEST), Buffer.of(0xbe)])));
  assert.equal((await peer.next(endOf(3))).type, Type.headers);
});

test("a header block without end stops at its bytes, and at its frames (CVE-2024-27316)", async (t) => {
  const { port } = await serveHttp2(t, echo);
  const large = await connectRaw(t, port);
  const part = Buffer.alloc(16_384, 0x82);
  large.send(
    frame(Type.headers, 0, 1, part),
    frame(Type.continuation, 0, 1, part),
    frame(Type.continuation, 0, 1, part),
  );
  assert.equal(nameOf(await large.ending()), CALM);
  const endless = await connectRaw(t, port);
  endless.send(frame(Type.headers, 0, 1, literals(REQUEST)));
  assert.equal(nameOf(await flood(endless, () => [frame(Type.continuation, 0, 1)])), CALM);
});

test("a block in as many frames as allowed is read", async (t) => {
  const { port } = await serveHttp2(t, echo);
  const peer = await connectRaw(t, port);
  const block = literals(REQUEST);
  const cuts = Array.from({ length: 9 }, (_, at) =>
    block.subarray(at * 6, at === 8 ? undefined : at * 6 + 6),
  );
  peer.send(
    ...cuts.map((part, at) =>
      frame(at === 0 ? Type.headers : Type.continuation, at === 8 ? endHeaders : at === 0 ? end : 0, 1, part),
    ),
  );
  assert.equal((await peer.next(endOf(1))).type, Type.headers);
});

test("DATA beyond the window of a stream, and beyond that of the connection", async (t) => {
  const { port } = await serveHttp2(t, silent, { streamWindow: 20_000, connectionWindow: 65_535 });
  const peer = await connectRaw(t, port);
  const chunk = Buffer.alloc(10_001);
  peer.send(request(1, 0), frame(Type.data, 0, 1, chunk), frame(Type.data, 0, 1, chunk));
  assert.equal(nameOf((await peer.next(resetOf(1))).payload.readUInt32BE(0)), "FLOW_CONTROL_ERROR");
  // The connection's window is given back at once, so that nobody can go beyond it but by one chunk of bytes.
  peer.send(request(3, 0), frame(Type.data, 0, 3, Buffer.alloc(16_384)));
  const { payload } = await peer.next(({ type, streamId }) => type === Type.windowUpdate && streamId === 0);
  assert.ok(payload.readUInt32BE(0) > 30_000);
});

test("replies that nobody takes are bounded: the stream that wants more is reset", async (t) => {
  const resets: number[] = [];
  const { port } = await serveHttp2(
    t,
    (served) => ({
      ...whole(served, () => served.reply(OK, Buffer.alloc(400_000), DONE)),
      onReset: (code) => resets.push(code),
    }),
    { maxQueuedBytes: 1_000_000 },
  );
  const peer = await connectRaw(t, port, setting(4, 0));
  peer.send(request(1), request(3), request(5));
  assert.equal(nameOf((await peer.next(resetOf(5))).payload.readUInt32BE(0)), CALM);
  assert.deepEqual(resets, [ErrorCode.ENHANCE_YOUR_CALM]);
  // The others get theirs when they take it.
  peer.send(frame(Type.windowUpdate, 0, 0, word(1_000_000)), frame(Type.settings, 0, 0, setting(4, 500_000)));
  await peer.next(endOf(1));
  await peer.next(endOf(3));
});

test("a peer that does not read is cut off (CVE-2019-9512)", async (t) => {
  const budgets = { ...DEFAULT_HTTP2_LIMITS.budgets, ping: PLENTY };
  const { port, connections } = await serveHttp2(t, echo, { budgets, maxBacklogBytes: 100_000 });
  const peer = await connectRaw(t, port);
  peer.socket.pause();
  const batch = Buffer.concat(Array.from({ length: 1000 }, () => frame(Type.ping, 0, 0, Buffer.alloc(8))));
  while (!peer.socket.destroyed) await new Promise((resolve) => peer.socket.write(batch, resolve));
  await connections[0]?.closed;
  assert.equal(connections[0]?.openStreams, 0);
});

test("a handler hears of a reset that came before it had given its receiver", async (t) => {
  const codes: number[] = [];
  const { port } = await serveHttp2(
    t,
    (served) => {
      served.respond(OK);
      assert.equal(served.write(Buffer.alloc(100_000)), false);
      return receiver({ onReset: (code) => codes.push(code), onEnd: () => codes.push(-1) });
    },
    { maxQueuedBytes: 10_000 },
  );
  const peer = await connectRaw(t, port);
  peer.send(request(1));
  await peer.next(resetOf(1));
  assert.deepEqual(codes, [ErrorCode.ENHANCE_YOUR_CALM]);
});

test("a window smaller than the default holds from the acknowledgement on", async (t) => {
  const { port } = await serveHttp2(t, silent, { streamWindow: 20_000 });
  const peer = await connectBare(t, port);
  const chunk = Buffer.alloc(15_000);
  peer.send(PREFACE, frame(Type.settings, 0, 0), request(1, 0), request(3, 0));
  peer.send(frame(Type.data, 0, 1, chunk), frame(Type.data, 0, 1, chunk), frame(Type.data, 0, 3, chunk));
  peer.send(frame(Type.settings, Flags.ack, 0), frame(Type.data, 0, 3, Buffer.alloc(5000)));
  peer.send(frame(Type.data, 0, 3, Buffer.of(1)), frame(Type.data, 0, 1, Buffer.of(1)));
  for (const id of [3, 1]) {
    assert.equal(nameOf((await peer.next(resetOf(id))).payload.readUInt32BE(0)), "FLOW_CONTROL_ERROR");
  }
  const resets = peer.frames.filter(({ type }) => type === Type.reset);
  assert.deepEqual(
    resets.map(({ streamId }) => streamId),
    [3, 1],
  );
});

test("padding is given back though nobody consumes it", async (t) => {
  const { port } = await serveHttp2(t, silent, { streamWindow: 20_000 });
  const peer = await connectRaw(t, port);
  const padding = Buffer.concat([Buffer.of(255), Buffer.alloc(256)]);
  peer.send(request(1, 0), ...Array.from({ length: 75 }, () => frame(Type.data, Flags.padded, 1, padding)));
  const { payload } = await peer.next(({ type, streamId }) => type === Type.windowUpdate && streamId === 1);
  assert.ok(payload.readUInt32BE(0) >= 10_000);
});

test("silence, in each place where something is due", async (t) => {
  const { port } = await serveHttp2(t, echo, { settingsMs: 50, headersMs: 50 });
  const mute = await connectBare(t, port);
  assert.equal(nameOf(await mute.ending()), "SETTINGS_TIMEOUT");
  const half = await connectBare(t, port);
  half.send(PREFACE.subarray(0, 10));
  assert.equal(nameOf(await half.ending()), "SETTINGS_TIMEOUT");
  const unmoved = await connectBare(t, port);
  unmoved.send(PREFACE, frame(Type.settings, 0, 0));
  assert.equal(nameOf(await unmoved.ending()), "SETTINGS_TIMEOUT");
  const slow = await connectRaw(t, port);
  slow.send(frame(Type.headers, 0, 1, literals(REQUEST)));
  assert.equal(nameOf(await slow.ending()), CALM);
});

test("a negative window is waited for, and every window change is exact", async (t) => {
  const body = Buffer.alloc(1000, 7);
  const { port } = await serveHttp2(t, (served) => whole(served, () => served.reply(OK, body, DONE)));
  const peer = await connectRaw(t, port, setting(4, 600));
  const data = (): number => dataBytes(peer);
  const pinged = async (mark: string): Promise<void> => {
    peer.send(frame(Type.ping, 0, 0, Buffer.from(mark)));
    await peer.next(({ type, payload }) => type === Type.ping && payload.toString() === mark);
  };
  peer.send(request(1));
  await peer.next(({ type }) => type === Type.data);
  assert.equal(data(), 600);
  peer.send(frame(Type.settings, 0, 0, setting(4, 100)), frame(Type.windowUpdate, 0, 1, word(500)));
  await pinged("nothing.");
  assert.equal(data(), 600);
  peer.send(frame(Type.windowUpdate, 0, 1, word(1)));
  await pinged("one more");
  assert.equal(data(), 601);
  peer.send(frame(Type.settings, 0, 0, setting(4, 499)));
  await peer.next(endOf(1));
  assert.equal(data(), 1000);
});

test("the window of the connection holds for all streams together", async (t) => {
  const { port } = await serveHttp2(t, (served) => {
    const size = fieldValue(served.fields, ":path") === "/small" ? 10_000 : 100_000;
    return whole(served, () => served.reply(OK, Buffer.alloc(size), DONE));
  });
  const block = literals([...REQUEST.slice(0, 2), [":path", "/small"]]);
  const small = (streamId: number): Buffer => frame(Type.headers, endHeaders | end, streamId, block);
  const peer = await connectRaw(t, port, setting(4, 1_000_000));
  const sentAfter = async (mark: string, ...frames: Buffer[]): Promise<number> => {
    peer.send(...frames, frame(Type.ping, 0, 0, Buffer.from(mark)));
    await peer.next(({ type, payload }) => type === Type.ping && payload.toString() === mark);
    return dataBytes(peer);
  };
  assert.equal(await sentAfter("no more.", small(5), small(7), request(9), request(11)), 65_535);
  assert.equal(await sentAfter("now more", frame(Type.windowUpdate, 0, 0, word(50_000))), 115_535);
  assert.equal(await sentAfter("one more", frame(Type.windowUpdate, 0, 0, word(1))), 115_536);
});
