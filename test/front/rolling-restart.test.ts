/** Gateways are replaced one after the other while callers with keep-alive connections go on calling: no call may be lost. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { startBalancer } from "../support/balancer.js";
import type { Json } from "../support/json-of-type.js";
import { repository, serveExample, type ServedExample } from "../support/served-example.js";
import { soapRequest } from "../support/soap-client.js";
import { openRaw } from "./raw-http.js";

const ARTIFACT = repository("examples/credit_decision/artifact");
const SAMPLE = JSON.parse(
  readFileSync(repository("examples/credit_decision/samples/approve.json"), "utf8"),
) as Record<string, Json>;
const CALLERS = 32;

async function serve(context: TestContext, flags: Record<string, string>): Promise<ServedExample> {
  const served = await serveExample(ARTIFACT, { processes: "1", ...flags });
  context.after(() => served.gateway.stop());
  return served;
}

test("two gateways are drained and replaced under 32 callers, and every call is answered", async (context) => {
  const flags = { drainDelayMs: "300", drainIdleMs: "300" };
  const [first, second] = await Promise.all([serve(context, flags), serve(context, flags)]);
  const balancer = await startBalancer(context, [first.address, second.address]);
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  context.after(() => agent.destroy());
  const body = soapRequest(first.service, SAMPLE);
  const call = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        port: balancer.port,
        host: "127.0.0.1",
        method: "POST",
        path: soapVersionPath(first.service, "1.1"),
        agent,
        headers: { "Content-Type": "text/xml", "Content-Length": Buffer.byteLength(body) },
      });
      outgoing.on("error", reject).on("response", (reply) => {
        reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
      });
      outgoing.end(body);
    });
  let isOver = false;
  const failures: unknown[] = [];
  let answered = 0;
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const status = await call().catch((error: unknown) => error);
      if (status === 200) answered += 1;
      else failures.push(status);
    }
  };
  const callers = Array.from({ length: CALLERS }, caller);
  const until = async (count: number): Promise<void> => {
    const goal = answered + count;
    while (answered < goal && failures.length === 0) await turn();
  };

  await until(200);
  assert.ok(first.calls.length > 0 && second.calls.length > 0, "both are called");
  const fresh = await serve(context, flags);
  /** The balancer looks at the readiness of the one that is stopped, and sends new connections to the others. */
  const replace = async (leaving: ServedExample, staying: readonly ServedExample[]): Promise<void> => {
    const before = leaving.calls.length;
    const stopped = leaving.gateway.stop();
    while ((await fetch(`${leaving.management}/readyz`)).ok) await turn();
    balancer.targets = staying.map(({ address }) => address);
    await stopped;
    assert.ok(leaving.calls.length > before, "calls were under way while it was drained");
    await until(200);
  };
  await replace(first, [second, fresh]);
  await replace(second, [fresh]);
  isOver = true;
  await Promise.all(callers);

  assert.deepEqual(failures, []);
  const ended = [first, second, fresh].flatMap(({ calls }) => calls).filter(({ code }) => code === "ok");
  assert.equal(ended.length, answered, "each call was made once, and answered");
});

test("a connection that is idle when the drain begins has its time, and its reply says that it is the last", async (context) => {
  const served = await serve(context, { drainIdleMs: "60000" });
  const body = soapRequest(served.service, SAMPLE);
  const request = `POST ${soapVersionPath(served.service, "1.1")} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const idle = openRaw(served.address, request);
  const pipelining = openRaw(served.address, request);
  for (const connection of [idle, pipelining]) {
    const reply = await connection.reply();
    assert.deepEqual([reply.status, reply.headers.get("connection")], [200, "keep-alive"]);
  }
  const stopped = served.gateway.stop();
  // The port is closed by now: whoever comes anew goes elsewhere.
  while (await opens(served.address)) await turn();
  idle.send(request);
  const last = await idle.reply();
  assert.deepEqual([last.status, last.headers.get("connection")], [200, "close"]);
  assert.equal(await idle.closed(), 0);
  pipelining.send(request + request + request);
  const replies = [await pipelining.reply(), await pipelining.reply(), await pipelining.reply()];
  assert.deepEqual(
    replies.map(({ status, headers }) => [status, headers.get("connection")]),
    [
      [200, undefined],
      [200, undefined],
      [200, "close"],
    ],
    "the last of them alone closes, or the others were lost",
  );
  await stopped;
});

test("connections that stay idle do not hold up the drain", async (context) => {
  const served = await serve(context, { drainIdleMs: "50", drainTimeoutMs: "60000" });
  const silent = openRaw(served.address);
  const idle = openRaw(served.address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.equal((await idle.reply()).status, 200);
  await served.gateway.stop();
  assert.deepEqual([await silent.closed(), await idle.closed()], [0, 0]);
});

async function opens(address: string): Promise<boolean> {
  const { socket } = openRaw(address);
  const isOpen = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}
