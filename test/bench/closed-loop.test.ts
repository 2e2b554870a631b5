/** The load generator against small servers that answer well, wrongly or not at all: nothing may pass for a success. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttp1Server, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Stream } from "node:http2";
import { createServer, type AddressInfo, type Server } from "node:net";
import { test } from "node:test";
import { noFailures, type Failure, type Target } from "../../bench/load/connection.js";
import { startLoadGenerator } from "../../bench/load/generator.js";
import type { Load, LoadResult } from "../../bench/load/load.js";
import { runLoad } from "../../bench/load/run-load.js";

const ANSWER = Buffer.from("the answer");
/** Long enough for many calls, short enough for a test; no assertion depends on how many. */
const LOAD = { expected: ANSWER, connections: 3, streams: 1, durationMs: 60 };

test("good answers over HTTP/1.1 are counted, each with its latency", async () => {
  const { result, seen } = await loadHttp1((response) => response.end(ANSWER));
  assert.deepEqual(result.failures, noFailures());
  assert.equal(result.latencies.length, seen);
  assert.ok(result.latencies.every((latency) => latency > 0 && latency <= result.elapsedMs));
});

test("good answers over gRPC are counted, several streams on each connection", async () => {
  const { result, seen } = await loadGrpc(answerGrpc(ANSWER, "0"), { streams: 4 });
  assert.deepEqual(result.failures, noFailures());
  assert.equal(result.latencies.length, seen);
});

test("a request larger than the server's windows arrives whole, several of them at a time", async () => {
  const payload = Buffer.alloc(200_000, "x");
  let wrong = 0;
  const answer = answerGrpc(ANSWER, "0");
  const { result, seen } = await loadGrpc(answer, { streams: 3, payload }, (body) => {
    if (!body.equals(frame(payload))) wrong += 1;
  });
  assert.deepEqual(result.failures, noFailures());
  assert.equal(result.latencies.length, seen);
  assert.equal(wrong, 0);
});

test("a server that keeps no table of header fields is sent them spelled out", async () => {
  const { result, seen } = await loadGrpc(answerGrpc(ANSWER, "0"), { streams: 2, tableBytes: 0 });
  assert.deepEqual(result.failures, noFailures());
  assert.ok(seen > 2 * LOAD.connections);
});

test("an answer longer than a frame is put together", async () => {
  const expected = Buffer.alloc(100_000, "y");
  const { result, seen } = await loadGrpc(answerGrpc(expected, "0"), { expected });
  assert.deepEqual(result.failures, noFailures());
  assert.equal(result.latencies.length, seen);
});

test("a server that closes its connections behind good answers fails none of them", async () => {
  const { result, seen } = await loadHttp1((response) =>
    response.setHeader("Connection", "close").end(ANSWER),
  );
  assert.deepEqual(result.failures, noFailures());
  assert.equal(result.latencies.length, seen);
});

const HTTP1_FAILURES: Readonly<Record<string, [Failure, (response: ServerResponse) => void]>> = {
  "another answer": ["answer", (response) => response.end("the answeR")],
  "an answer with more behind it": ["answer", (response) => response.end("the answer ")],
  "an empty answer": ["answer", (response) => response.end()],
  "a fault": ["status", (response) => response.writeHead(500).end(ANSWER)],
  "a fault for want of a place": ["overloaded", (response) => response.writeHead(500).end("overloaded")],
  "a reset": ["reset", (response) => response.socket?.resetAndDestroy()],
  "half an answer": [
    "reset",
    (response) => response.setHeader("Content-Length", 20).write(ANSWER, () => response.destroy()),
  ],
  "something else than HTTP": ["malformed", (response) => response.socket?.end("220 ready\r\n\r\n")],
  "a second response": [
    "malformed",
    (response) => response.socket?.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".repeat(2)),
  ],
  silence: ["timeout", () => undefined],
};

for (const [name, [failure, answer]] of Object.entries(HTTP1_FAILURES)) {
  test(`over HTTP/1.1, ${name} is a failure: ${failure}`, async () => {
    const { result, seen } = await loadHttp1(answer);
    assertOnly(result, failure, seen);
  });
}

const GRPC_FAILURES: Readonly<Record<string, [Failure, (stream: ServerHttp2Stream) => void]>> = {
  "another message": ["answer", answerGrpc(Buffer.from("the answeR"), "0")],
  "an empty message": ["answer", answerGrpc(Buffer.alloc(0), "0")],
  "a status that is not 0": ["status", answerGrpc(ANSWER, "13")],
  "a status without a message": [
    "status",
    (stream) => stream.respond({ ":status": 200, "grpc-status": "8" }, { endStream: true }),
  ],
  "having no place": [
    "overloaded",
    (stream) => stream.respond({ ":status": 200, "grpc-status": "14" }, { endStream: true }),
  ],
  "status 0 without a message": [
    "malformed",
    (stream) => stream.respond({ ":status": 200, "grpc-status": "0" }, { endStream: true }),
  ],
  "an HTTP status": ["status", (stream) => stream.respond({ ":status": 502 }, { endStream: true })],
  "an HTTP status beside status 0": [
    "status",
    (stream) => stream.respond({ ":status": 502, "grpc-status": "0" }, { endStream: true }),
  ],
  "a message cut short": ["malformed", answerGrpc(ANSWER, "0", 4)],
  "an answer without a status": ["reset", (stream) => void (stream.respond(), stream.end(frame(ANSWER)))],
  "a reset stream": ["reset", (stream) => stream.close(8)],
  "a lost connection": ["reset", (stream) => stream.session?.destroy()],
  silence: ["timeout", () => undefined],
};

for (const [name, [failure, answer]] of Object.entries(GRPC_FAILURES)) {
  test(`over gRPC, ${name} is a failure: ${failure}`, async () => {
    const { result, seen } = await loadGrpc(answer);
    assertOnly(result, failure, seen);
  });
}

test("one wrong answer among good ones is found", async () => {
  let calls = 0;
  const { result, seen } = await loadHttp1((response) => {
    calls += 1;
    // The first calls are those of all connections at once: there is a second one, however slow the machine.
    response.end(calls === 2 ? "another" : ANSWER);
  });
  assert.deepEqual(result.failures, { ...noFailures(), answer: 1 });
  assert.equal(result.latencies.length, seen - 1);
});

test("a server that is not there fails once for each connection and no more", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  for (const protocol of ["soap", "grpc"] as const) {
    const result = await runLoad({ ...LOAD, target: target(protocol, port) });
    assert.deepEqual(result.failures, { ...noFailures(), connect: LOAD.connections });
    assert.equal(result.latencies.length, 0);
  }
});

test("the load generator's own process brings the same result back", async () => {
  const server = createHttp1Server((_, response) => response.end(ANSWER));
  const port = await listen(server);
  const generator = startLoadGenerator();
  try {
    for (const expected of [ANSWER, Buffer.from("other")]) {
      const result = await generator.run({ ...LOAD, target: target("soap", port), expected });
      const isRight = expected === ANSWER;
      assert.equal(result.latencies.length > 0, isRight);
      assert.equal(result.failures.answer > 0, !isRight);
    }
  } finally {
    await generator.stop();
    server.close();
    server.closeAllConnections();
  }
});

interface Loaded {
  readonly result: LoadResult;
  /** Requests that reached the server. */
  readonly seen: number;
}

async function loadHttp1(answer: (response: ServerResponse) => void): Promise<Loaded> {
  let seen = 0;
  const server = createHttp1Server((request, response) => {
    seen += 1;
    request.resume();
    request.once("end", () => answer(response));
  });
  const port = await listen(server);
  const result = await runLoad({ ...LOAD, target: target("soap", port) });
  server.close();
  server.closeAllConnections();
  return { result, seen };
}

interface GrpcSetting extends Partial<Pick<Load, "streams" | "expected">> {
  readonly payload?: Buffer;
  /** SETTINGS_HEADER_TABLE_SIZE of the server. */
  readonly tableBytes?: number;
}

async function loadGrpc(
  answer: (stream: ServerHttp2Stream) => void,
  { payload, tableBytes, ...shape }: GrpcSetting = {},
  onBody: (body: Buffer) => void = () => undefined,
): Promise<Loaded> {
  let seen = 0;
  const server = createHttp2Server(
    tableBytes === undefined ? {} : { settings: { headerTableSize: tableBytes } },
  );
  server.on("stream", (stream) => {
    seen += 1;
    const chunks: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
    stream.once("end", () => {
      onBody(Buffer.concat(chunks));
      answer(stream);
    });
  });
  const port = await listen(server);
  const called = { ...target("grpc", port), ...(payload === undefined ? {} : { payload }) };
  const result = await runLoad({ ...LOAD, ...shape, target: called });
  server.close();
  return { result, seen };
}

function answerGrpc(message: Buffer, status: string, cut?: number): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.respond({ ":status": 200 }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
    stream.end(frame(message).subarray(0, cut));
  };
}

/** A message with its gRPC prefix: not compressed, four bytes of length. */
function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function assertOnly(result: LoadResult, failure: Failure, seen: number): void {
  assert.equal(result.latencies.length, 0);
  assert.ok(result.failures[failure] > 0);
  assert.deepEqual(result.failures, { ...noFailures(), [failure]: seen });
}

function target(protocol: Target["protocol"], port: number): Target {
  return { protocol, port, path: "/", payload: Buffer.from("the call"), headers: [], timeoutMs: 500 };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
