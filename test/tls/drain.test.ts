/** A gateway that speaks TLS is stopped and replaced under its callers, and no call is lost. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { credentials } from "@grpc/grpc-js";
import { startBalancer } from "../support/balancer.js";
import { connectGrpc } from "../support/grpc-client.js";
import { soapRequest } from "../support/soap-client.js";
import { callOver, makePki, SAMPLE, serveTls, type ServedTls } from "./tls-harness.js";

const CALLERS = 16;

test("one of two gateways is stopped under callers of both protocols, and every call is answered once", async (context) => {
  const pki = makePki(context);
  const flags = { tlsClientCa: pki.clientCa, drainDelayMs: "300", drainIdleMs: "300" };
  const [leaving, staying] = [await serveTls(context, flags, pki), await serveTls(context, flags, pki)];
  const balancer = await startBalancer(context, [leaving.address, staying.address]);
  const ca = pki.authority.pem;
  const { cert, key } = pki.client();
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS, ca, cert, key });
  context.after(() => agent.destroy());
  const body = soapRequest(leaving.service, SAMPLE);
  const soap = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = { "Content-Type": "text/xml", "Content-Length": Buffer.byteLength(body) };
      const path = soapVersionPath(leaving.service, "1.1");
      const options = { port: balancer.port, host: "127.0.0.1", method: "POST", path, agent, headers };
      request(options, (reply) => {
        reply.resume().on("end", () => resolve(reply.statusCode));
      })
        .on("error", reject)
        .end(body);
    });
  const security = credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(cert));
  const clients = Array.from({ length: 4 }, () => {
    const client = connectGrpc(`127.0.0.1:${balancer.port}`, leaving.service, security, { unshared: true });
    context.after(() => client.close());
    return client;
  });

  let isOver = false;
  let answered = 0;
  const failures: unknown[] = [];
  const keepCalling = async (
    call: () => Promise<unknown>,
    isRight: (answer: unknown) => boolean,
  ): Promise<void> => {
    while (!isOver) {
      const answer = await call().catch((error: unknown) => error);
      if (isRight(answer)) answered += 1;
      else failures.push(answer);
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, index) => {
    const client = clients[index % clients.length];
    if (index % 2 === 0 || client === undefined) return keepCalling(soap, (status) => status === 200);
    return keepCalling(
      () => client.evaluate(SAMPLE),
      (answer) => !(answer instanceof Error),
    );
  });
  const until = async (count: number): Promise<void> => {
    const goal = answered + count;
    while (answered < goal && failures.length === 0) await turn();
  };

  await until(200);
  assert.ok(leaving.calls.length > 0 && staying.calls.length > 0, "both are called");
  const before = leaving.calls.length;
  const stopped = leaving.gateway.stop();
  while ((await fetch(`${leaving.management}/readyz`)).ok) await turn();
  balancer.targets = [staying.address];
  await stopped;
  assert.ok(leaving.calls.length > before, "calls were under way while it was drained");
  await until(100);
  isOver = true;
  await Promise.all(callers);
  assert.deepEqual(failures, []);
  const ended = [leaving, staying].flatMap(({ calls }) => calls).filter(({ code }) => code === "ok");
  assert.equal(ended.length, answered, "each call was made once, and answered");
});

/** Whether the port still takes connections. */
async function opens({ port }: ServedTls): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isOpen = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

test("silent connections and half-open handshakes do not hold up a drain, and a late request is answered", async (context) => {
  const served = await serveTls(context, { drainIdleMs: "200", drainTimeoutMs: "60000" });
  const idle = await served.dial();
  assert.match(await callOver(idle, served), /200/);
  const silent = [connect(served.port, "127.0.0.1"), await served.dial()];
  const closed = silent.map((socket) => once(socket.on("error", () => undefined).resume(), "close"));
  const stopped = served.gateway.stop();
  while (await opens(served)) await turn();
  assert.match(await callOver(idle, served), /200/);
  await Promise.all([...closed, once(idle.resume(), "close")]);
  await stopped;
});
