/** The settings of connections reach whoever speaks HTTP/2. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2, { type ClientHttp2Session, type Settings } from "node:http2";
import { suite, test, type TestContext } from "node:test";
import { status as Status } from "@grpc/grpc-js";
import type { CallHandler } from "../../src/call/call.js";
import type { GrpcFace } from "../../src/grpc/server.js";
import type { Limits } from "../../src/limits.js";
import { connectRaw, Flags, Type } from "../http2/raw-peer.js";
import { EMPTY, frame } from "./raw-calls.js";
import { EVALUATE, HTTP2, approve, send, serve, type Harness } from "./grpc-harness.js";
import { callHead, data, endingOf, startedIn } from "./raw-streams.js";

function connect(t: TestContext, { address }: Harness): ClientHttp2Session {
  const session = http2.connect(`http://${address}`);
  session.on("error", () => undefined);
  t.after(() => session.destroy());
  return session;
}

for (const speaker of HTTP2) {
  suite(`HTTP/2 by ${speaker}`, () => {
    test("maxConcurrentStreams is announced", async (t) => {
      const harness = await serve(t, approve, { maxConcurrentStreams: 7 }, speaker);
      const [settings] = (await once(connect(t, harness), "remoteSettings")) as [Settings];
      assert.equal(settings.maxConcurrentStreams, 7);
    });

    test("after maxConnectionAgeMs the caller is told to connect anew", async (t) => {
      const harness = await serve(t, approve, { maxConnectionAgeMs: 50 }, speaker);
      const session = connect(t, harness);
      const closed = once(session, "close");
      const [code] = (await once(session, "goaway")) as [number];
      assert.equal(code, http2.constants.NGHTTP2_NO_ERROR);
      await closed;
    });

    test("a caller that says nothing is asked after keepaliveMs", async (t) => {
      const harness = await serve(t, approve, { keepaliveMs: 50 }, speaker);
      await once(connect(t, harness), "ping");
    });
  });
}

test("a caller that does not answer within keepaliveTimeoutMs is cut off", async (t) => {
  const { port } = await serve(t, approve, { keepaliveMs: 20, keepaliveTimeoutMs: 20 });
  const peer = await connectRaw(t, port);
  await peer.next(({ type, flags }) => type === Type.ping && flags === 0);
  assert.equal(await peer.ending(), undefined);
});

test("calls in progress have maxConnectionAgeGraceMs", async (t) => {
  const limits = { maxConnectionAgeMs: 20, maxConnectionAgeGraceMs: 20 };
  const { client } = await serve(t, () => new Promise<never>(() => undefined), limits);
  const { error } = await send(client, EMPTY);
  assert.equal(error?.code, Status.UNAVAILABLE);
});

/** A cut that comes by its age, and one that comes by the end of a drain. */
const CUTS: readonly (readonly [what: string, limits: Partial<Limits>, cut: (face: GrpcFace) => void])[] = [
  ["age", { maxConnectionAgeMs: 20, maxConnectionAgeGraceMs: 50 }, () => undefined],
  ["drain", {}, (face) => void face.drain(50)],
];

for (const [what, limits, cut] of CUTS) {
  test(`when the grace is over each call hears why it ends: ${what}`, async (t) => {
    let gone = 0;
    let begun = 0;
    const call: CallHandler = ({ signal }) => {
      begun += 1;
      signal?.addEventListener("abort", () => (gone += 1));
      return new Promise<never>(() => undefined);
    };
    const { port, face } = await serve(t, call, limits);
    const peer = await connectRaw(t, port);
    const whole = frame(EMPTY);
    peer.send(
      callHead(1, EVALUATE),
      data(1, whole, Flags.end),
      callHead(3, EVALUATE),
      data(3, whole.subarray(0, 2)),
      callHead(5, `${EVALUATE}Stream`),
      data(5, frame(Buffer.of(0x12, 0)), Flags.end),
      // What is compressed is forwarded to grpc-js.
      callHead(7, EVALUATE, [["grpc-encoding", "gzip"]]),
      data(7, whole, Flags.end),
    );
    while (begun < 3) await new Promise(setImmediate);
    cut(face);
    for (const [id, started] of [
      [1, "true"],
      [3, "false"],
      [5, undefined],
      [7, undefined],
    ] as const) {
      const fields = await endingOf(peer, id);
      assert.equal(fields.get("grpc-status"), String(Status.UNAVAILABLE), String(id));
      assert.match(decodeURIComponent(fields.get("grpc-message") ?? ""), /^The gateway stops, or renews/);
      if (started !== undefined) assert.equal(startedIn(fields), started);
      // A library that may retry what is unavailable must not run main() twice.
      assert.equal(fields.get("grpc-retry-pushback-ms"), started === "true" ? "-1" : undefined);
    }
    assert.equal(await peer.ending(), 0);
    assert.equal(gone, 3);
  });
}

/** The HTTP/2 of Node says at once which stream was its last, and a call that is on its way then has to be made again. */
test("no call is lost when connections are renewed under it", async (t) => {
  const harness = await serve(t, approve, { maxConnectionAgeMs: 40 });
  const seen = new Set<unknown>();
  for (let round = 0; round < 1000 && seen.size < 5; round += 1) {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => send(harness.client, EMPTY)));
    for (const { error } of outcomes) assert.equal(error?.code ?? Status.OK, Status.OK, error?.details);
    for (const socket of harness.sockets) seen.add(socket);
  }
  assert.equal(seen.size, 5, "connections that were made");
});
