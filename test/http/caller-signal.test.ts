import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { callerSignal } from "../../src/http/caller-signal.js";

/** The signals of `count` requests that one connection sends without waiting, and the end of that connection. */
async function signalsOf(
  context: TestContext,
  count: number,
): Promise<{ readonly signals: readonly AbortSignal[]; readonly leave: () => void }> {
  const signals: AbortSignal[] = [];
  let allSeen = (): void => undefined;
  const seen = new Promise<void>((resolve) => (allSeen = resolve));
  const server = createServer((request) => {
    if (signals.push(callerSignal(request)) === count) allSeen();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(count));
  await seen;
  return { signals, leave: () => socket.destroy() };
}

test("the signal of every request of a connection is aborted when the connection closes", async (context) => {
  const { signals, leave } = await signalsOf(context, 3);
  const [first, ...others] = signals;
  assert.ok(first !== undefined && others.length === 2);
  assert.equal(
    signals.some(({ aborted }) => aborted),
    false,
  );
  const aborted = Promise.all(signals.map((signal) => once(signal, "abort")));
  leave();
  await aborted;
});

test("connections have signals of their own", async (context) => {
  const gone = await signalsOf(context, 1);
  const staying = await signalsOf(context, 1);
  const [first] = gone.signals;
  assert.ok(first !== undefined);
  const aborted = once(first, "abort");
  gone.leave();
  await aborted;
  assert.equal(staying.signals[0]?.aborted, false);
});

test("a connection that is closed already has an aborted signal", async (context) => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.destroy();
  assert.equal(callerSignal({ socket }).aborted, true);
});

test("many requests without waiting are not taken for a leak", async (context) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on("warning", onWarning);
  context.after(() => process.off("warning", onWarning));
  const { signals } = await signalsOf(context, 30);
  for (const signal of signals) signal.addEventListener("abort", () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, []);
});
