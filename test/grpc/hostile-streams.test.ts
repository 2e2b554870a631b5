/** What arrives on an HTTP/2 connection when its other end is no ordinary gRPC client. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { connect } from "node:net";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { status as Status } from "@grpc/grpc-js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { approve, decision, handler, send, serve } from "./grpc-harness.js";
import { EMPTY, decisionIn, frame, raw, requestFor, strategyIn, type RawReply } from "./raw-calls.js";

const echo = handler((inputs) => decision(strategyIn(inputs)));

test("a timeout of any length is a time in the future", async (t) => {
  const deadlines: number[] = [];
  const harness = await serve(
    t,
    handler((_inputs, { deadlineAt }) => {
      deadlines.push(deadlineAt);
      return decision("approve");
    }),
  );
  const before = performance.now();
  const timeouts = ["600H", "99999999H", "35791394M", "99999999S", "12399999999H", "1H"];
  for (const timeout of timeouts) {
    const { trailers } = await raw(harness, { "grpc-timeout": timeout }, frame(EMPTY));
    assert.equal(trailers["grpc-status"], "0", timeout);
  }
  assert.deepEqual(
    deadlines.map((deadlineAt) => deadlineAt >= before + DEFAULT_LIMITS.maxTimeoutMs),
    timeouts.map(() => true),
  );
});

test("a connection is told how many calls it may have open", async (t) => {
  const { address } = await serve(t, approve);
  const session = http2.connect(`http://${address}`);
  const [settings] = (await once(session, "remoteSettings")) as [http2.Settings];
  session.close();
  assert.equal(settings.maxConcurrentStreams, 100);
});

test("gRPC-Web and other content types get 415", async (t) => {
  const harness = await serve(t, approve);
  for (const type of ["application/grpc-web", "application/grpc-web+proto", "text/xml"]) {
    const { headers } = await raw(harness, { "content-type": type }, frame(EMPTY));
    assert.equal(headers[":status"], 415, type);
  }
});

test("a compressed request is read, and a bomb stops at the limit", async (t) => {
  const harness = await serve(t, echo);
  const sendGzip = (bytes: Uint8Array): Promise<RawReply> =>
    raw(harness, { "grpc-encoding": "gzip" }, frame(gzipSync(bytes), 1));
  const good = await sendGzip(requestFor("small"));
  assert.equal(decisionIn(good.body.subarray(5)), "small");
  const bomb = await sendGzip(new Uint8Array(50_000_000));
  assert.equal(
    bomb.headers["grpc-status"] ?? bomb.trailers["grpc-status"],
    String(Status.RESOURCE_EXHAUSTED),
  );
});

test("garbage after the HTTP/2 preface ends its own connection and no other", async (t) => {
  const harness = await serve(t, approve);
  for (const garbage of [Buffer.alloc(1000, 0xff), Buffer.from("GET / HTTP/1.1\r\n\r\n")]) {
    const socket = connect(harness.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    socket.write(garbage);
    socket.resume();
    await once(socket, "close");
  }
  assert.equal((await send(harness.client, EMPTY)).error, undefined);
});
