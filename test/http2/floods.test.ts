/** Peers that send cheap frames without end: each budget of `http2-limits.ts`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode } from "../../src/http2/error-codes.js";
import { DEFAULT_HTTP2_LIMITS, type Budget, type FloodKind } from "../../src/http2/http2-limits.js";
import { echo, serveHttp2, silent, PLENTY } from "./http2-harness.js";
import {
  Flags,
  Type,
  connectRaw,
  endOf,
  frame,
  literals,
  nameOf,
  request,
  setting,
  word,
  flood,
  idOf,
} from "./raw-peer.js";

const { end, endHeaders } = Flags;
const CALM = "ENHANCE_YOUR_CALM";

/** What is spent, and the frames that spend it. */
const FLOODS: Readonly<Record<string, readonly [FloodKind, (round: number) => Buffer[]]>> = {
  "streams that the peer resets at once (CVE-2023-44487)": [
    "reset",
    (round) => [request(idOf(round), 0), frame(Type.reset, 0, idOf(round), word(ErrorCode.CANCEL))],
  ],
  "streams that it makes the server reset, by a window of nothing (CVE-2025-8671)": [
    "reset",
    (round) => [request(idOf(round), 0), frame(Type.windowUpdate, 0, idOf(round), word(0))],
  ],
  "by a window that is too large": [
    "reset",
    (round) => [request(idOf(round)), frame(Type.windowUpdate, 0, idOf(round), word(0x7fff_ffff))],
  ],
  "by a priority of a wrong length": [
    "reset",
    (round) => [request(idOf(round), 0), frame(Type.priority, 0, idOf(round), word(0))],
  ],
  "by DATA after the end": [
    "reset",
    (round) => [request(idOf(round)), frame(Type.data, 0, idOf(round), word(0))],
  ],
  "by a malformed request": [
    "reset",
    (round) => [frame(Type.headers, endHeaders | end, idOf(round), literals([["X", "y"]]))],
  ],
  "by more fields than are allowed": [
    "reset",
    (round) => [frame(Type.headers, endHeaders | end, idOf(round), Buffer.alloc(1000, 0x82))],
  ],
  "by more streams than are allowed": ["reset", (round) => [request(idOf(round), 0)]],
  "PING (CVE-2019-9512)": ["ping", () => [frame(Type.ping, 0, 0, Buffer.alloc(8))]],
  "answers to no PING": ["ping", () => [frame(Type.ping, Flags.ack, 0, Buffer.alloc(8))]],
  "SETTINGS (CVE-2019-9515)": ["settings", () => [frame(Type.settings, 0, 0, setting(4, 1))]],
  "acknowledgements of no SETTINGS": ["settings", () => [frame(Type.settings, Flags.ack, 0)]],
  WINDOW_UPDATE: ["windowUpdate", () => [frame(Type.windowUpdate, 0, 0, word(1))]],
  "PRIORITY (CVE-2019-9513)": [
    "idleFrame",
    (round) => [frame(Type.priority, 0, idOf(round), Buffer.alloc(5))],
  ],
  "frames of an unknown type": ["idleFrame", () => [frame(99, 0, 0)]],
  "empty DATA (CVE-2019-9518)": [
    "emptyData",
    (round) => [...(round === 0 ? [request(1, 0)] : []), frame(Type.data, 0, 1)],
  ],
  "DATA with padding alone": [
    "emptyData",
    (round) => [...(round === 0 ? [request(1, 0)] : []), frame(Type.data, Flags.padded, 1, Buffer.of(1, 0))],
  ],
  "DATA for a stream that was reset": [
    "idleFrame",
    (round) => [
      ...(round === 0 ? [request(1, 0), frame(Type.windowUpdate, 0, 1, word(0))] : []),
      frame(Type.data, 0, 1, word(0)),
    ],
  ],
};

for (const [name, [kind, frames]] of Object.entries(FLOODS)) {
  test(`flood: ${name}`, async (t) => {
    // Nothing but the one budget stops it.
    const kinds = Object.keys(DEFAULT_HTTP2_LIMITS.budgets) as FloodKind[];
    const budgets = Object.fromEntries(kinds.map((each) => [each, PLENTY])) as Record<FloodKind, Budget>;
    budgets[kind] = DEFAULT_HTTP2_LIMITS.budgets[kind];
    const { port, defects } = await serveHttp2(t, silent, { maxHeaderListBytes: 20_000, budgets });
    const peer = await connectRaw(t, port);
    const bystander = await connectRaw(t, port);
    assert.equal(nameOf(await flood(peer, frames)), CALM);
    assert.deepEqual(defects, []);
    // Who did nothing wrong notices nothing.
    bystander.send(frame(Type.ping, 0, 0, Buffer.from("all well")));
    await bystander.next(({ type, flags }) => type === Type.ping && flags === Flags.ack);
  });
}

test("every kind of flood is tried", () => {
  const tried = new Set(Object.values(FLOODS).map(([kind]) => kind));
  assert.deepEqual([...tried].sort(), Object.keys(DEFAULT_HTTP2_LIMITS.budgets).sort());
});

test("what honest clients send for each reply is not counted against them", async (t) => {
  const { port } = await serveHttp2(t, echo);
  const peer = await connectRaw(t, port);
  // Each reply is acknowledged by two windows and a PING, as gRPC clients do, for longer than any burst lasts.
  for (let round = 0; round < 3000; round += 50) {
    for (let at = round; at < round + 50; at += 1) {
      peer.send(
        request(idOf(at)),
        frame(Type.windowUpdate, 0, 0, word(1)),
        frame(Type.ping, 0, 0, Buffer.alloc(8)),
      );
    }
    await peer.next(endOf(idOf(round + 49)));
  }
  peer.send(...[1, 2, 3].map((at) => request(idOf(3000 + at))));
  assert.equal((await peer.next(endOf(idOf(3003)))).type, Type.headers);
});
