/** HTTP/1.1 connections are renewed: the reply after their age says that it is the last, and nothing is lost. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { createHttp1Server } from "../../src/front/http1-server.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";

const OK = { status: 200, headers: {}, body: "ok" };

/** The port of a server that answers everything, whose connections grow so old. */
async function serveFor(t: TestContext, maxConnectionAgeMs: number): Promise<number> {
  const limits = {
    ...DEFAULT_LIMITS,
    headersTimeoutMs: 10_000,
    keepAliveTimeoutMs: 60_000,
    maxConnectionAgeMs,
  };
  const { server } = createHttp1Server(limits, (exchange) => exchange.reply(OK));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

interface Answered {
  /** The caller's port, by which connections are told apart. */
  readonly from: number;
  readonly isLast: boolean;
}

async function get(port: number, agent: Agent): Promise<Answered> {
  const outgoing = httpRequest({ host: "127.0.0.1", port, agent }).end();
  const [reply] = (await once(outgoing, "response")) as [IncomingMessage];
  const from = reply.socket.localPort ?? 0;
  await once(reply.resume(), "end");
  return { from, isLast: reply.headers.connection === "close" };
}

test("a connection is renewed, and its caller goes on over the next one", async (t) => {
  const port = await serveFor(t, 100);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const replies: Answered[] = [];
  while (replies.filter(({ isLast }) => isLast).length < 3) replies.push(await get(port, agent));
  for (const [at, { from, isLast }] of replies.entries()) {
    const next = replies[at + 1];
    if (next !== undefined) assert.equal(next.from !== from, isLast, `reply ${at} of ${replies.length}`);
  }
});

test("without an age a connection stays", async (t) => {
  const port = await serveFor(t, 0);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const replies: Answered[] = [];
  for (let count = 0; count < 20; count += 1) replies.push(await get(port, agent));
  assert.equal(new Set(replies.map(({ from }) => from)).size, 1);
  assert.ok(replies.every(({ isLast }) => !isLast));
});
