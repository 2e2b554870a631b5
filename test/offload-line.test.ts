import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../src/errors.js";
import { createOffloadLine, type Line, type OffloadLine } from "../src/offload-line.js";

const PATIENT = { deadlineAt: Number.POSITIVE_INFINITY };

/** Enters the line, and notes it and leaves as soon as there is a place. */
async function pass(line: OffloadLine, at: Line, name: string, order: string[]): Promise<void> {
  const leave = await line.enter(at, PATIENT);
  order.push(name);
  leave();
}

test("places are bounded; results go before requests, and each line keeps its order", async () => {
  const line = createOffloadLine(2);
  const first = await line.enter("requests", PATIENT);
  const second = await line.enter("requests", PATIENT);
  const order: string[] = [];
  const all = Promise.all([
    pass(line, "requests", "request 1", order),
    pass(line, "requests", "request 2", order),
    pass(line, "results", "result 1", order),
    pass(line, "results", "result 2", order),
  ]);
  await new Promise(setImmediate);
  assert.deepEqual(order, []);
  first();
  await all;
  assert.deepEqual(order, ["result 1", "result 2", "request 1", "request 2"]);
  second();
  // Both places are back, and not one more.
  const third = await line.enter("results", PATIENT);
  await line.enter("results", PATIENT);
  let isIn = false;
  const fifth = line.enter("results", PATIENT).then(() => (isIn = true));
  await new Promise(setImmediate);
  assert.equal(isIn, false);
  third();
  await fifth;
});

test("whoever waits leaves at the deadline, or with the caller, and takes no place", async () => {
  const line = createOffloadLine(1);
  const leave = await line.enter("requests", PATIENT);
  const caller = new AbortController();
  const late = failure(line.enter("requests", { deadlineAt: performance.now() + 1 }));
  const gone = failure(line.enter("results", { ...PATIENT, signal: caller.signal }));
  caller.abort();
  assert.deepEqual(await gone, ["deadline_exceeded", true]);
  assert.deepEqual(await late, ["deadline_exceeded", false]);
  const order: string[] = [];
  const next = pass(line, "requests", "next", order);
  leave();
  await next;
  assert.deepEqual(order, ["next"]);
});

test("a caller who goes when its place has just been given keeps it, and gives it back", async () => {
  const line = createOffloadLine(1);
  const leave = await line.enter("requests", PATIENT);
  const caller = new AbortController();
  const waiting = line.enter("requests", { ...PATIENT, signal: caller.signal });
  leave();
  caller.abort();
  (await waiting)();
  (await line.enter("requests", PATIENT))();
});

/** The code of a refusal, and whether main() had run. */
async function failure(promise: Promise<unknown>): Promise<readonly [string, boolean]> {
  const error: unknown = await promise.then(
    () => assert.fail("got a place"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError);
  return [error.code, error.started];
}
