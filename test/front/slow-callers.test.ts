/** Callers that send, read or wait too slowly, and more of them than there is room for. */
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Flags } from "../../src/config.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { repository, serveExample, type ServedExample } from "../support/served-example.js";
import { attackedGateway, codeOf } from "./attacked-gateway.js";
import { openRaw, type RawConnection } from "./raw-http.js";

suite("slow callers", () => {
  const { open, post, good } = attackedGateway({
    headersTimeoutMs: "200",
    bodyTimeoutMs: "300",
    keepAliveTimeoutMs: "250",
  });

  test("slow headers", async () => {
    for (const begun of ["G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b"]) {
      const connection = open(begun);
      const reply = await connection.reply();
      assert.deepEqual([reply.status, reply.headers.get("connection")], [408, "close"], begun);
      assert.equal(await connection.closed(), 0);
    }
  });

  test("slow headers behind a call that was answered", async () => {
    const connection = open(Buffer.concat([post(good()), Buffer.from("POST ")]));
    assert.equal((await connection.reply()).status, 200);
    assert.equal((await connection.reply()).status, 408);
    assert.equal(await connection.closed(), 0);
  });

  test("slow body, declared and chunked", async () => {
    for (const framing of ["Content-Length: 10", "Transfer-Encoding: chunked"]) {
      const connection = open(post("1\r\nx", framing));
      const reply = await connection.reply();
      assert.deepEqual([reply.status, codeOf(reply)], [408, "deadline_exceeded"], framing);
      assert.equal(reply.headers.get("connection"), "close");
      assert.equal(await connection.closed(), 0);
    }
  });

  test("slow body that nobody reads", async () => {
    const connection = open("POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    assert.equal((await connection.reply()).status, 404);
    assert.equal(await connection.closed(), 0);
  });

  test("a body that was asked for and never comes", async () => {
    const connection = open(post("", "Expect: 100-continue", "Content-Length: 10"));
    assert.equal((await connection.reply()).status, 100);
    assert.equal((await connection.reply()).status, 408);
  });

  test("idle connections are closed, before their first request and after one", async () => {
    const silent = open();
    const idle = open(post(good()));
    const reply = await idle.reply();
    assert.equal(reply.status, 200);
    assert.equal(await silent.closed(), 0);
    assert.equal(await idle.closed(), 0);
  });
});

async function serve(context: TestContext, flags: Flags): Promise<ServedExample> {
  const artifact = repository("examples/credit_decision/artifact");
  const served = await serveExample(artifact, { processes: "1", ...flags });
  context.after(() => served.gateway.stop());
  return served;
}

function opener(
  context: TestContext,
  { address }: ServedExample,
): (bytes?: string | Uint8Array) => RawConnection {
  return (bytes) => {
    const connection = openRaw(address, bytes);
    context.after(() => connection.socket.destroy());
    return connection;
  };
}

test("a caller that does not take its replies loses its connection, and the replies their memory", async (context) => {
  const served = await serve(context, { replyTimeoutMs: "200" });
  const open = opener(context, served);
  const connection = open();
  connection.socket.pause();
  // More than the system takes for a caller that does not read: the rest waits in the gateway.
  const wsdl = `GET ${soapVersionPath(served.service, "1.1")}?wsdl HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(2000);
  connection.send(wsdl);
  while (served.gateway.load().connections === 0) await turn();
  while (served.gateway.load().connections > 0) await turn();
});

test("connections beyond the limit are told so, and the others are served", async (context) => {
  const served = await serve(context, { maxConnections: "3" });
  const open = opener(context, served);
  const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const taken = Array.from({ length: 3 }, () => open(get));
  for (const connection of taken) assert.equal((await connection.reply()).status, 200);
  const refused = open();
  const reply = await refused.reply();
  assert.deepEqual([reply.status, reply.headers.get("retry-after")], [503, "1"]);
  refused.socket.end();
  assert.equal(await refused.closed(), 0);
  assert.equal(served.gateway.load().connections, 3);
  // Far more than are told anything: the rest are closed.
  const flood = Array.from({ length: 300 }, () => open());
  await Promise.all(
    flood.map(({ socket }) => new Promise((resolve) => socket.once("close", resolve).resume().end())),
  );
  taken[0]?.socket.destroy();
  while (served.gateway.load().connections > 2) await turn();
  taken[1]?.send(get);
  assert.equal((await taken[1]?.reply())?.status, 200);
  assert.equal((await open(get).reply()).status, 200, "a place that was given up is there again");
});

test("many callers that send large bodies slowly hold no more than the budget together", async (context) => {
  const served = await serve(context, { maxMessageBytes: "100000", maxReceivingBytes: "500000" });
  const open = opener(context, served);
  const path = soapVersionPath(served.service, "1.1");
  const begin = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n`;
  const connections = Array.from({ length: 40 }, () => open(begin + "x".repeat(30_000)));
  let refused = 0;
  const replies = connections.map(async (connection) => {
    const reply = await connection.reply();
    assert.deepEqual(
      [reply.status, codeOf(reply), reply.headers.get("retry-after")],
      [503, "overloaded", "1"],
    );
    refused += 1;
  });
  // Forty of 30 kB are 1.2 MB: no more than sixteen of them can be held.
  while (refused < 24) await turn();
  assert.ok(served.gateway.load().receivingBytes <= 500_000);
  for (const { socket } of connections) socket.destroy();
  await Promise.allSettled(replies);
  while (served.gateway.load().receivingBytes > 0) await turn();
  assert.equal(refused, 24);
  assert.equal(served.calls.filter(({ code }) => code === "overloaded").length, 24);
});
