import assert from "node:assert/strict";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { GatewayError } from "../../src/errors.js";
import { readBody, type ReadBodyOptions } from "../../src/http/read-body.js";
import { sendReply } from "../../src/http/reply.js";

interface BodyServer extends AsyncDisposable {
  readonly port: number;
  /** How the next request's body came out: its length, or the code. */
  next(): Promise<number | string>;
}

/** A server that reads every body with these options and answers how it went. */
async function startServer(options: ReadBodyOptions): Promise<BodyServer> {
  const outcomes: (number | string)[] = [];
  const waiting: ((outcome: number | string) => void)[] = [];
  const server: Server = createServer((request, response) => {
    const listeners = countListeners(request);
    readBody(request, options)
      .then(
        (body) => body.length,
        (error: unknown) => (error instanceof GatewayError ? error.code : "not ours"),
      )
      .then((outcome) => {
        const left = countListeners(request) - listeners;
        sendReply(request, response, { status: 200, headers: {}, body: `${outcome} ${left}` });
        const waiter = waiting.shift();
        if (waiter === undefined) outcomes.push(outcome);
        else waiter(outcome);
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    next: () => {
      const outcome = outcomes.shift();
      return outcome === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(outcome);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function countListeners(request: IncomingMessage): number {
  return ["data", "end", "close"].reduce((sum, event) => sum + request.listenerCount(event), 0);
}

/** Sends a body, declared or in chunks, and gives the reply's text and whether the connection is kept. */
function post(
  port: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ text: string; kept: boolean }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { port, host: "127.0.0.1", method: "POST", headers, agent: false },
      (reply) => {
        let text = "";
        reply.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        reply.on("end", () => resolve({ text, kept: reply.headers.connection !== "close" }));
      },
    );
    outgoing.on("error", reject);
    if (headers["Expect"] === undefined) outgoing.end(body);
    else outgoing.on("continue", () => outgoing.end(body)).flushHeaders();
  });
}

async function open(port: number, head: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.on("error", () => undefined);
  socket.write(head);
  return socket;
}

const GENEROUS = { maxBytes: 1000, timeoutMs: 60_000 };
const CHUNKED = { "Transfer-Encoding": "chunked" };
const KEEP = { Connection: "keep-alive" };

test("a body is read whole, declared, in chunks and after 100 Continue, and leaves no listener", async () => {
  await using server = await startServer(GENEROUS);
  const body = "x".repeat(1000);
  assert.deepEqual(await post(server.port, body, { "Content-Length": "1000", ...KEEP }), {
    text: "1000 0",
    kept: true,
  });
  assert.equal((await post(server.port, body, CHUNKED)).text, "1000 0");
  assert.equal(
    (await post(server.port, body, { "Content-Length": "1000", Expect: "100-continue" })).text,
    "1000 0",
  );
  assert.equal((await post(server.port, "", { "Content-Length": "0" })).text, "0 0");
  assert.equal(
    (await post(server.port, body, { ...CHUNKED, "Content-Encoding": "Identity" })).text,
    "1000 0",
  );
});

test("one byte over the limit is too large, however it comes, and the caller still gets its reply", async () => {
  await using server = await startServer(GENEROUS);
  const body = "x".repeat(1001);
  assert.deepEqual(await post(server.port, body, { "Content-Length": "1001", ...KEEP }), {
    text: "too_large 0",
    kept: true,
  });
  assert.equal((await post(server.port, body, CHUNKED)).text, "too_large 0");
});

test("what is far over the limit is not read, and its connection is closed", async () => {
  await using server = await startServer(GENEROUS);
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  let reply = "";
  socket.setEncoding("utf8").on("data", (piece: string) => (reply += piece));
  await closed;
  assert.match(reply, /Connection: close[\s\S]*too_large/);
});

test("an endless chunked body is cut off", async () => {
  await using server = await startServer(GENEROUS);
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
  socket.resume().write(chunk + chunk + chunk);
  assert.equal(await server.next(), "too_large");
  await closed;
});

test("a compressed body is unsupported, after it has been read", async () => {
  await using server = await startServer(GENEROUS);
  const reply = await post(server.port, "abc", {
    "Content-Length": "3",
    "Content-Encoding": "gzip",
    ...KEEP,
  });
  assert.deepEqual(reply, { text: "unsupported 0", kept: true });
});

test("a connection that ends early settles the read", async () => {
  await using server = await startServer(GENEROUS);
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  const outcome = server.next();
  socket.destroy();
  assert.equal(await outcome, "invalid_input");
});

test("a body that never comes is given up", async () => {
  await using server = await startServer({ maxBytes: 1000, timeoutMs: 20 });
  const socket = await open(server.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.resume();
  assert.equal(await server.next(), "deadline_exceeded");
  await closed;
});
