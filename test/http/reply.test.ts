import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { test } from "node:test";
import { Http1Exchange } from "../../src/http/http1-exchange.js";
import type { Reply } from "../../src/http/reply.js";

interface Raw {
  readonly head: string;
  readonly body: Buffer;
}

/** A reply as its bytes come out of the connection. */
async function bytesOf(reply: Reply, method = "GET", draining = false): Promise<Raw> {
  const server = createServer((request, response) => {
    if (draining) response.setHeader("Connection", "close");
    new Http1Exchange(request, response).reply(reply);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(`${method} / HTTP/1.1\r\nHost: x\r\nConnection: ${draining ? "keep-alive" : "close"}\r\n\r\n`);
  await once(socket, "close");
  server.close();
  const bytes = Buffer.concat(chunks);
  const end = bytes.indexOf("\r\n\r\n");
  return { head: bytes.toString("latin1", 0, end), body: bytes.subarray(end + 4) };
}

const headers = { "Content-Type": "text/xml; charset=utf-8", "X-Request-Id": "a-1" };

test("a body goes out in UTF-8 with its length in bytes, whatever is in it", async () => {
  const bodies = [
    "",
    "plain",
    "\u00e9",
    "\u00ff\u0100",
    "\u20ac<\u{1d11e}>",
    "x".repeat(3_000_000),
    "\u00e9".repeat(100_000),
  ];
  for (const body of bodies) {
    const raw = await bytesOf({ status: 200, headers, body });
    assert.equal(raw.body.toString("utf8"), body);
    assert.equal(raw.body.length, Buffer.byteLength(body));
    assert.match(raw.head, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(raw.head, /\r\nX-Request-Id: a-1(?:\r\n|$)/);
    assert.match(raw.head, new RegExp(`\r\nContent-Length: ${raw.body.length}(?:\r\n|$)`));
    assert.doesNotMatch(raw.head, /chunked/i);
  }
});

test("HEAD has the length and no body; 304 has neither", async () => {
  const head = await bytesOf({ status: 200, headers, body: "\u00e9" }, "HEAD");
  assert.match(head.head, /\r\nContent-Length: 2(?:\r\n|$)/);
  assert.equal(head.body.length, 0);
  const unchanged = await bytesOf({ status: 304, headers, body: "" });
  assert.doesNotMatch(unchanged.head, /content-length/i);
  assert.equal(unchanged.body.length, 0);
});

test("a header that was set before stays: a draining gateway closes the connection", async () => {
  const { head, body } = await bytesOf({ status: 200, headers, body: "x" }, "GET", true);
  assert.match(head, /\r\nConnection: close(?:\r\n|$)/);
  assert.equal(body.toString(), "x");
});

test("replies leave when the turn is over, so that several leave behind one another", async () => {
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    waiting.push(() => {
      new Http1Exchange(request, response).reply({ status: 200, headers, body: "x" });
      assert.equal(response.headersSent, false);
    });
    if (waiting.length === 2) for (const send of waiting) send();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const replies = [1, 2].map(() => fetch(`http://127.0.0.1:${port}/`));
  for (const reply of replies) assert.equal(await (await reply).text(), "x");
  server.closeAllConnections();
  server.close();
});
