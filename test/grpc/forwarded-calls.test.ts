/** Calls that grpc-js answers over a connection within the process: nothing is lost, left open or thrown, whatever callers do. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2, {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { status as Status } from "@grpc/grpc-js";
import fc from "fast-check";
import { createBodyBudget } from "../../src/body-budget.js";
import { createForwarder } from "../../src/grpc/forward-stream.js";
import { serveHttp2 } from "../http2/http2-harness.js";
import {
  Flags,
  Type,
  connectRaw,
  endOf,
  frame as rawFrame,
  idOf,
  literals,
  request,
  word,
} from "../http2/raw-peer.js";
import { connectHttp2, replyOn } from "../support/http2-client.js";
import { EVALUATE, approve, decision, handler, serve, type Harness } from "./grpc-harness.js";
import { frame, raw, requestFor, strategyIn } from "./raw-calls.js";

const GZIP = { "grpc-encoding": "gzip" };

/** What kinds of forwarded calls there are, and their requests. */
const CALLS = {
  compressed: { path: EVALUATE, headers: GZIP, body: frame(gzipSync(requestFor("strict")), 1) },
  metadata: {
    path: EVALUATE.replace(/Evaluate$/, "GetMetadata"),
    headers: {},
    body: frame(new Uint8Array()),
  },
  health: { path: "/grpc.health.v1.Health/Check", headers: {}, body: frame(new Uint8Array()) },
  reflection: {
    path: "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    headers: {},
    // list_services, field 7: "".
    body: frame(Buffer.of(0x3a, 0)),
  },
} as const;

type Kind = keyof typeof CALLS;

/** What a caller does with its call. */
type Manner =
  | "whole"
  | "in pieces"
  | "reset at once"
  | "reset in the middle"
  | "reset after sending"
  | "reset while reading";

interface Plan {
  readonly kind: Kind;
  readonly manner: Manner;
  readonly code: number;
}

const PLAN: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constantFrom<Kind>("compressed", "metadata", "health", "reflection"),
  manner: fc.constantFrom<Manner>(
    "whole",
    "whole",
    "in pieces",
    "reset at once",
    "reset in the middle",
    "reset after sending",
    "reset while reading",
  ),
  code: fc.constantFrom(
    constants.NGHTTP2_CANCEL,
    constants.NGHTTP2_INTERNAL_ERROR,
    constants.NGHTTP2_REFUSED_STREAM,
  ),
});

function begin(session: ClientHttp2Session, kind: Kind): ClientHttp2Stream {
  const { path, headers } = CALLS[kind];
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  stream.on("error", () => undefined);
  return stream;
}

/** Carries a plan out. @returns the status of the call, undefined when the caller did not wait for it */
async function carryOut(
  session: ClientHttp2Session,
  { kind, manner, code }: Plan,
): Promise<string | undefined> {
  const stream = begin(session, kind);
  const { body } = CALLS[kind];
  let status: unknown;
  const note = (headers: http2.IncomingHttpHeaders): void => void (status = headers["grpc-status"] ?? status);
  stream.on("response", note).on("trailers", note);
  const closed = new Promise((resolve) => stream.once("close", resolve));
  if (manner === "reset while reading") stream.once("data", () => stream.close(code));
  else stream.resume();
  if (manner === "reset at once") stream.close(code);
  else if (manner === "reset in the middle") stream.write(body.subarray(0, 3), () => stream.close(code));
  else if (manner === "reset after sending") stream.end(body, () => stream.close(code));
  else if (manner === "in pieces") {
    for (const byte of body) stream.write(Buffer.of(byte));
    stream.end();
  } else stream.end(body);
  await closed;
  return manner === "whole" || manner === "in pieces" ? String(status) : undefined;
}

async function connect(t: TestContext, { address }: Harness): Promise<ClientHttp2Session> {
  const session = http2.connect(`http://${address}`);
  session.on("error", () => undefined);
  t.after(() => session.destroy());
  await once(session, "connect");
  return session;
}

test("ten thousand forwarded calls on a hundred connections: whoever waits is answered", async (t) => {
  const harness = await serve(
    t,
    handler((inputs) => decision(strategyIn(inputs))),
  );
  const sessions = await Promise.all(Array.from({ length: 100 }, () => connect(t, harness)));
  const plans = fc.sample(PLAN, { seed: 6, numRuns: 10_000 });
  const statuses = new Map<string | undefined, number>();
  await Promise.all(
    sessions.map(async (session, at) => {
      const own = plans.slice(at * 100, at * 100 + 100);
      for (let from = 0; from < own.length; from += 20) {
        const batch = own.slice(from, from + 20);
        for (const status of await Promise.all(batch.map((plan) => carryOut(session, plan)))) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }
    }),
  );
  const waited = plans.filter(({ manner }) => manner === "whole" || manner === "in pieces").length;
  assert.deepEqual(Object.fromEntries(statuses), { 0: waited, undefined: plans.length - waited });
  for (const session of sessions) assert.equal(session.closed || session.destroyed, false);
  // None of the connections has anything of it left: a hundred streams at a time have room on each.
  const again = sessions.flatMap((session) =>
    Array.from({ length: 5 }, () => carryOut(session, { kind: "compressed", manner: "whole", code: 0 })),
  );
  assert.deepEqual(new Set(await Promise.all(again)), new Set(["0"]));
});

test("a reset ends the call behind it, whatever its code, and although its message has not been taken", async (t) => {
  const inner = http2.createServer();
  const begun: ServerHttp2Stream[] = [];
  inner.on("stream", (stream) => {
    stream.on("error", () => undefined);
    begun.push(stream);
  });
  const forwarder = createForwarder(
    (socket) => void inner.emit("connection", socket),
    createBodyBudget(1_000_000),
  );
  t.after(() => forwarder.close());
  const { port, defects } = await serveHttp2(t, (stream) => forwarder.forward(stream));
  const peer = await connectRaw(t, port);
  const codes = [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
  for (const [nth, code] of codes.entries()) {
    const id = idOf(nth);
    peer.send(request(id, 0));
    while (begun.length <= nth) await new Promise(setImmediate);
    const stream = begun[nth];
    assert.ok(stream !== undefined);
    const closed = once(stream, "close");
    // More than its window of 65535: some of it waits on the way.
    for (let sent = 0; sent < 10; sent += 1) peer.send(rawFrame(Type.data, 0, id, Buffer.alloc(16_000)));
    peer.send(rawFrame(Type.reset, 0, id, word(code)));
    await closed;
  }
  assert.deepEqual(defects, []);
});

test("fields of any name and number are forwarded", async (t) => {
  const { port } = await serve(t, approve);
  const peer = await connectRaw(t, port);
  const head = literals([
    [":method", "POST"],
    [":scheme", "http"],
    [":path", CALLS.health.path],
    [":authority", "x"],
    ["content-type", "application/grpc"],
    ["content-length", "5"],
    ["content-length", "5"],
    ["te", "trailers"],
    ["te", "Trailers"],
    ["http2-settings", "AAMAAABk"],
    ["constructor", "1"],
    ["__proto__", "2"],
    ["__proto__", "3"],
    ["user-agent", "a"],
    ["user-agent", "b"],
    ["authorization", "c"],
    ["authorization", "d"],
  ]);
  peer.send(rawFrame(Type.headers, Flags.endHeaders, 1, head));
  peer.send(rawFrame(Type.data, Flags.end, 1, CALLS.health.body));
  const { type } = await peer.next(endOf(1));
  assert.equal(type, Type.headers, "trailers, and no reset");
  assert.ok(peer.frames.some(({ type: kind, streamId }) => kind === Type.data && streamId === 1));
});

test("a call goes over a connection of its own when the one before is being closed", async (t) => {
  const inner = http2.createServer();
  const sessions: ServerHttp2Session[] = [];
  inner.on("session", (session) => sessions.push(session));
  inner.on("stream", (stream) => {
    stream.respond({ ":status": 200 });
    stream.end("answered");
  });
  const forwarder = createForwarder(
    (socket) => void inner.emit("connection", socket),
    createBodyBudget(1_000_000),
  );
  t.after(() => forwarder.close());
  const { url, defects } = await serveHttp2(t, (stream) => forwarder.forward(stream));
  const session = await connectHttp2(url);
  t.after(() => session.destroy());
  for (let round = 0; round < 20; round += 1) {
    const replies = Array.from({ length: 5 }, () => replyOn(begin(session, "health")));
    sessions.at(-1)?.close();
    for (const { status, body } of await Promise.all(replies)) {
      if (status !== 0) assert.deepEqual([status, String(body)], [200, "answered"]);
    }
  }
  const last = await replyOn(begin(session, "health"));
  assert.equal(String(last.body), "answered");
  assert.deepEqual(defects, []);
});

test("what becomes too large when it is decompressed is refused", async (t) => {
  const harness = await serve(t, approve, { maxMessageBytes: 1_000_000 });
  const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
  const before = process.memoryUsage().rss;
  const replies = await Promise.all(Array.from({ length: 20 }, () => raw(harness, GZIP, frame(bomb, 1))));
  for (const { headers, trailers } of replies) {
    assert.equal(headers["grpc-status"] ?? trailers["grpc-status"], String(Status.RESOURCE_EXHAUSTED));
  }
  const grownMb = (process.memoryUsage().rss - before) / 1024 / 1024;
  assert.ok(grownMb < 400, `20 bombs of 200 MB each took ${Math.round(grownMb)} MB`);
});
