/** How a connection is kept, renewed and ended, and that nothing of it is left. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { acceptHttp2 } from "../../src/http2/accept-http2.js";
import { ErrorCode } from "../../src/http2/error-codes.js";
import type { ServerStream } from "../../src/http2/server-stream.js";
import { DONE, OK, echo, receiver, serveHttp2, silent, keeper, held, rethrow } from "./http2-harness.js";
import {
  Flags,
  PREFACE,
  Type,
  connectRaw,
  endOf,
  frame,
  request,
  word,
  type RawFrame,
  type RawPeer,
} from "./raw-peer.js";

const MAX = 0x7fff_ffff;

function isGoAway(lastStreamId: number): (frame: RawFrame) => boolean {
  return ({ type, payload }) => type === Type.goAway && payload.readUInt32BE(0) === lastStreamId;
}

function isPing({ type, flags }: RawFrame): boolean {
  return type === Type.ping && flags === 0;
}

async function answerPing(peer: RawPeer): Promise<void> {
  const { payload } = await peer.next(isPing);
  peer.send(frame(Type.ping, Flags.ack, 0, payload));
}

/** Timers of the process that are armed. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

test("drain in two steps: what the peer began before it knew is served, and nothing later", async (t) => {
  const { onStream, streams, resets } = keeper();
  const { port, connections } = await serveHttp2(t, onStream, { drainPauseMs: 60_000 });
  const [peer, [connection]] = [await connectRaw(t, port), connections];
  assert.ok(connection !== undefined);
  peer.send(request(1));
  while (streams.length < 1) await new Promise(setImmediate);
  connection.drain();
  connection.drain();
  await peer.next(isGoAway(MAX));
  peer.send(request(3));
  await answerPing(peer);
  await peer.next(isGoAway(3));
  // The peer could not know: DATA and more of it are ignored.
  peer.send(request(5, 0), frame(Type.data, 0, 5, word(1)), frame(Type.data, Flags.end, 5, word(1)));
  peer.send(frame(Type.ping, 0, 0, Buffer.from("in order")));
  await peer.next(({ type, flags }) => type === Type.ping && flags === Flags.ack);
  assert.equal(connection.openStreams, 2);
  assert.ok(!peer.frames.some(({ type }) => type === Type.reset));
  for (const stream of streams) stream.reply(OK, Buffer.from("late"), DONE);
  await peer.next(endOf(3));
  assert.equal(await peer.ending(), ErrorCode.NO_ERROR);
  await connection.closed;
  assert.equal(peer.frames.filter(({ type }) => type === Type.goAway).length, 2);
  assert.deepEqual(resets, []);
  connection.drain();
  connection.destroy();
});

test("a drain does not wait for a peer that does not answer", async (t) => {
  const { port, connections } = await serveHttp2(t, silent, { drainPauseMs: 20 });
  const peer = await connectRaw(t, port);
  connections[0]?.drain();
  await peer.next(isGoAway(0));
  await connections[0]?.closed;
});

test("the last reply of a drained connection is waited for, longer than a peer that has it", async () => {
  const { onStream, streams } = keeper();
  const { duplex, written, release } = held();
  const limits = { drainPauseMs: 1, lingerMs: 1, keepaliveTimeoutMs: 60_000 };
  const connection = acceptHttp2(duplex, { limits, onDefect: rethrow }, onStream);
  duplex.push(Buffer.concat([PREFACE, frame(Type.settings, 0, 0), frame(Type.settings, 1, 0), request(1)]));
  while (streams.length < 1) await new Promise(setImmediate);
  streams[0]?.reply(OK, Buffer.from("the last"), DONE);
  connection.drain();
  // Nothing happens, which has no event: many times as long as a peer may linger.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(!duplex.destroyed);
  release();
  await connection.closed;
  assert.ok(Buffer.concat(written).includes("the last"));
});

test("every open stream is reset once: by destroy, by the peer's end, by its fault, by a reset of the socket", async (t) => {
  const endings: readonly ((peer: RawPeer, destroy: () => void) => void)[] = [
    (_peer, destroy) => destroy(),
    (peer) => peer.socket.end(),
    (peer) => peer.send(frame(Type.ping, 0, 1, word(0))),
    (peer) => peer.socket.resetAndDestroy(),
  ];
  for (const [at, finish] of endings.entries()) {
    const { onStream, streams, resets } = keeper();
    const { port, connections } = await serveHttp2(t, onStream);
    const peer = await connectRaw(t, port);
    peer.send(request(1), request(3, 0), request(5), frame(Type.reset, 0, 5, word(8)));
    while (streams.length < 3 || resets.length < 1) await new Promise(setImmediate);
    // One that has a response on its way is no better off.
    streams[0]?.reply(OK, Buffer.alloc(1_000_000), DONE);
    assert.equal(connections[0]?.openStreams, 2);
    finish(peer, () => connections[0]?.destroy());
    await connections[0].closed;
    assert.equal(resets.length, 3, String(at));
    assert.equal(connections[0].openStreams, 0);
    for (const stream of streams) stream.reply(OK, Buffer.from("too late"), DONE);
  }
});

test("a cut lets each response have its end, and resets what has none", async (t) => {
  const streams: ServerStream[] = [];
  const resets: number[] = [];
  const { port, connections } = await serveHttp2(t, (stream) => {
    streams.push(stream);
    const isMute = streams.length === 2;
    return receiver({
      onReset: (code) => resets.push(code),
      ...(isMute
        ? {}
        : { onCutOff: () => stream.reply(OK, Buffer.alloc(stream.id === 5 ? 100_000 : 1), DONE) }),
    });
  });
  const [peer, [connection]] = [await connectRaw(t, port), connections];
  // The third reply does not fit the windows of the peer.
  peer.send(request(1), request(3), request(5));
  while (streams.length < 3) await new Promise(setImmediate);
  connection?.cutOff();
  connection?.cutOff();
  const ends = [];
  for (const id of [1, 3, 5]) ends.push((await peer.next(endOf(id))).type);
  assert.deepEqual(ends, [Type.headers, Type.reset, Type.reset]);
  assert.equal(await peer.ending(), ErrorCode.NO_ERROR);
  await connection?.closed;
  assert.deepEqual(resets, [ErrorCode.CANCEL, ErrorCode.CANCEL]);
});

test("a connection without streams is ended, and not while it has some", async (t) => {
  const { onStream, streams } = keeper();
  const { port } = await serveHttp2(t, onStream, { idleMs: 30, drainPauseMs: 1 });
  const peer = await connectRaw(t, port);
  peer.send(request(1));
  const idle = await connectRaw(t, port);
  assert.equal(await idle.ending(), ErrorCode.NO_ERROR);
  assert.deepEqual(
    peer.frames.filter(({ type }) => type === Type.goAway),
    [],
  );
  streams[0]?.reply(OK, Buffer.alloc(0), DONE);
  await peer.next(endOf(1));
  assert.equal(await peer.ending(), ErrorCode.NO_ERROR);
});

test("a PING finds a peer that is gone, and leaves one that is there", async (t) => {
  const { port, connections } = await serveHttp2(t, silent, { keepaliveMs: 20, keepaliveTimeoutMs: 200 });
  const [gone, there] = [await connectRaw(t, port), await connectRaw(t, port)];
  there.socket.on("data", () =>
    there.send(...there.frames.filter(isPing).map(({ payload }) => frame(Type.ping, 1, 0, payload))),
  );
  gone.send(request(1));
  assert.equal(await gone.ending(), undefined);
  await connections[0]?.closed;
  assert.ok(!there.socket.destroyed);
  await there.next(isPing);
});

test("a connection is renewed at its age, and cut off when its calls do not end in time", async (t) => {
  const { port, connections } = await serveHttp2(t, silent, {
    maxAgeMs: 30,
    maxAgeGraceMs: 30,
    drainPauseMs: 1,
  });
  const peer = await connectRaw(t, port);
  peer.send(request(1));
  await peer.next(isGoAway(MAX));
  await peer.next(isGoAway(1));
  await connections[0]?.closed;
});

test("no timer is left behind, whatever a connection was waiting for", async (t) => {
  const before = timers();
  const { port, connections } = await serveHttp2(t, silent);
  const peers = await Promise.all([1, 2, 3, 4].map(() => connectRaw(t, port)));
  peers[0]?.send(frame(Type.headers, 0, 1, Buffer.of(0x82)));
  connections[1]?.drain();
  peers[2]?.send(frame(Type.ping, 0, 3, word(0)));
  await peers[2]?.ending();
  assert.ok(timers() > before);
  for (const connection of connections) connection.destroy();
  await Promise.all(connections.map(({ closed }) => closed));
  for (const peer of peers) peer.socket.destroy();
  assert.equal(timers(), before);
});

test("a duplex that is no socket, with its preface put back", async () => {
  const { duplex, written, release } = held();
  release();
  duplex.pause();
  duplex.unshift(Buffer.concat([PREFACE, frame(Type.settings, 0, 0), request(1)]));
  const connection = acceptHttp2(duplex, { onDefect: rethrow }, echo);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.ok(Buffer.concat(written).includes("x-status"));
  connection.destroy();
  await connection.closed;
  assert.ok(duplex.destroyed);
});

test("a socket that is closed already", async () => {
  const duplex = new Duplex();
  duplex.destroy();
  await once(duplex, "close");
  const connection = acceptHttp2(duplex, { onDefect: rethrow }, echo);
  await connection.closed;
});
