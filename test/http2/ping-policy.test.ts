/** How often a peer may ask whether we are there (gRFC A8, and what grpc-go and gRPC's C core do). */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Http2Limits } from "../../src/http2/http2-limits.js";
import { echo, serveHttp2, silent, type OnStream } from "./http2-harness.js";
import { Flags, Type, connectRaw, endOf, frame, idOf, nameOf, request, type RawPeer } from "./raw-peer.js";

/** So long that no two PINGs of a test are so far apart. */
const AN_HOUR = 3_600_000;

let marks = 0;

async function peerOf(
  t: TestContext,
  limits: Partial<Http2Limits>,
  onStream: OnStream = echo,
): Promise<RawPeer> {
  const { port } = await serveHttp2(t, onStream, limits);
  return connectRaw(t, port);
}

/** Sends a PING, and waits for its answer. */
async function ping(peer: RawPeer): Promise<void> {
  marks += 1;
  const mark = Buffer.from(String(marks).padStart(8));
  peer.send(frame(Type.ping, 0, 0, mark));
  await peer.next(
    ({ type, flags, payload }) => type === Type.ping && flags === Flags.ack && payload.equals(mark),
  );
}

async function assertTooMany(peer: RawPeer): Promise<void> {
  const { payload } = await peer.next(({ type }) => type === Type.goAway);
  assert.equal(nameOf(payload.readUInt32BE(4)), "ENHANCE_YOUR_CALM");
  assert.equal(payload.toString("latin1", 8), "too_many_pings");
  await peer.ending();
}

test("the third PING that comes too soon ends the connection, in words that gRPC clients know", async (t) => {
  const peer = await peerOf(t, { minPingIntervalMs: AN_HOUR });
  for (let count = 0; count < 3; count += 1) await ping(peer);
  assert.equal(peer.frames.filter(({ type }) => type === Type.goAway).length, 0);
  await ping(peer);
  await assertTooMany(peer);
});

test("an open stream on which nothing is sent excuses nobody", async (t) => {
  const peer = await peerOf(t, { minPingIntervalMs: AN_HOUR }, silent);
  peer.send(request(1, 0));
  for (let count = 0; count < 4; count += 1) await ping(peer);
  await assertTooMany(peer);
});

test("a reply forgives what was before it: clients measure the connection while they get data", async (t) => {
  const peer = await peerOf(t, { minPingIntervalMs: AN_HOUR });
  for (let nth = 0; nth < 10; nth += 1) {
    await ping(peer);
    await ping(peer);
    await ping(peer);
    peer.send(request(idOf(nth)));
    await peer.next(endOf(idOf(nth)));
  }
  await ping(peer);
  await ping(peer);
  await ping(peer);
  await ping(peer);
  await assertTooMany(peer);
});

test("PINGs that leave time between them go on for ever", async (t) => {
  const peer = await peerOf(t, { minPingIntervalMs: 1 });
  for (let count = 0; count < 10; count += 1) {
    await ping(peer);
    await sleep(5);
  }
  assert.equal(peer.frames.filter(({ type }) => type === Type.goAway).length, 0);
});

test("without an interval nobody counts", async (t) => {
  const peer = await peerOf(t, { minPingIntervalMs: 0 });
  for (let count = 0; count < 50; count += 1) await ping(peer);
  assert.equal(peer.frames.filter(({ type }) => type === Type.goAway).length, 0);
});
