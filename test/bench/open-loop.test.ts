/** The open loop: when calls are sent, and what a wait costs. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttp1Server, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { noFailures } from "../../bench/load/connection.js";
import type { LoadResult } from "../../bench/load/load.js";
import { runLoad } from "../../bench/load/run-load.js";
import { arrivalTimes } from "../../bench/load/schedule.js";

const ANSWER = Buffer.from("the answer");

test("arrivals are in order, within the time, and the same for the same seed", () => {
  const property = fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (perSecond, seed) => {
    const times = arrivalTimes({ perSecond, seed }, 500);
    assert.deepEqual(times, arrivalTimes({ perSecond, seed }, 500));
    assert.deepEqual(times, times.toSorted());
    assert.ok(times.every((time) => time >= 0 && time < 500));
  });
  fc.assert(property, { seed: 1 });
});

test("arrivals have the rate and the spread of a Poisson process", () => {
  const times = arrivalTimes({ perSecond: 1000, seed: 7 }, 100_000);
  const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(mean - 1) < 0.02, `mean gap ${mean} ms`);
  // Of an exponential distribution, the two are the same.
  assert.ok(Math.abs(spread - mean) < 0.03, `spread ${spread} ms`);
});

test("every call that arrives is sent and counted", async () => {
  const { result, seen } = await load((response) => response.end(ANSWER));
  assert.deepEqual(result.failures, noFailures());
  assert.equal(seen, arrivalTimes(ARRIVALS, DURATION_MS).length);
  assert.equal(result.latencies.length, seen);
  assert.ok(result.lateMs !== undefined && result.lateMs >= 0);
});

test("a stall is charged to every call that it kept from being sent", async () => {
  const held: ServerResponse[] = [];
  const arriving = arrivalTimes(ARRIVALS, DURATION_MS).length;
  const { result } = await load((response) => {
    held.push(response);
    // Nothing is answered until the last call has long been due; then everything is.
    if (held.length === CONNECTIONS) {
      const last = setTimeout(() => held.forEach((one) => one.end(ANSWER)), STALL_MS);
      last.unref();
    } else if (held.length > CONNECTIONS) response.end(ANSWER);
  });
  assert.equal(result.latencies.length, arriving);
  // The last arrival is not later than DURATION_MS, and nothing was answered before STALL_MS.
  assert.ok(
    result.latencies.every((latency) => latency >= STALL_MS - DURATION_MS),
    `${Math.min(...result.latencies)} ms`,
  );
});

const ARRIVALS = { perSecond: 500, seed: 3 };
const DURATION_MS = 100;
const STALL_MS = 300;
const CONNECTIONS = 2;

async function load(
  answer: (response: ServerResponse) => void,
): Promise<{ result: LoadResult; seen: number }> {
  let seen = 0;
  const server = createHttp1Server((request, response) => {
    seen += 1;
    request.resume();
    request.once("end", () => answer(response));
  });
  const port = await listen(server);
  const target = {
    ...{ protocol: "json" as const, port, path: "/", headers: [], timeoutMs: 5000 },
    payload: Buffer.from("the call"),
  };
  const shape = { connections: CONNECTIONS, streams: 1, durationMs: DURATION_MS, arrivals: ARRIVALS };
  const result = await runLoad({ target, expected: ANSWER, ...shape });
  server.close();
  server.closeAllConnections();
  return { result, seen };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
