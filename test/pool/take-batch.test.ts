/** Which of the waiting calls are joined: as many rows as fit, in their order, and none that cannot be joined. */
import assert from "node:assert/strict";
import { once, EventEmitter } from "node:events";
import { test } from "node:test";
import { createCall, createCallQueue, type CallQueue } from "../../src/pool/call-queue.js";
import { createBatchTaker } from "../../src/pool/take-batch.js";

/** A queue of calls with so many rows each, with ids from 1. */
function queueOf(...rows: number[]): CallQueue {
  const queue = createCallQueue({ maxCalls: 100, maxBytes: 1000, retryAfterMs: () => 1 });
  rows.forEach((count, index) => {
    const call = createCall(index + 1, new Uint8Array(1), {
      requestId: "test",
      deadlineAt: performance.now() + 60_000,
      rows: count,
    });
    call.outcome.promise.catch(() => undefined);
    queue.add(call);
  });
  return queue;
}

function takeAll(queue: CallQueue, rows: number): number[][] {
  const taker = createBatchTaker(queue, { rows, bytes: 40, delayUs: 0, onDue: () => undefined });
  const batches: number[][] = [];
  while (queue.size > 0) batches.push(taker.take().map(({ id }) => id));
  return batches;
}

test("calls are joined up to the number of rows, in their order", () => {
  assert.deepEqual(takeAll(queueOf(1, 1, 1, 1, 1), 3), [
    [1, 2, 3],
    [4, 5],
  ]);
  assert.deepEqual(takeAll(queueOf(2, 2, 1, 3), 3), [[1], [2, 3], [4]]);
});

test("a call that is too large, or that cannot be joined, goes by itself", () => {
  assert.deepEqual(takeAll(queueOf(1, 0, 1, 9, 1), 4), [[1], [2], [3], [4], [5]]);
});

test("calls are joined up to the bytes of a frame, heads included", () => {
  // Each has a byte, and a head of eight.
  assert.deepEqual(takeAll(queueOf(1, 1, 1, 1, 1), 9), [[1, 2, 3, 4], [5]]);
});

test("without batches each call goes by itself", () => {
  const queue = queueOf(1, 1);
  assert.deepEqual(takeAll(queue, 0), [[1], [2]]);
  assert.equal(
    createBatchTaker(queue, { rows: 1, bytes: 40, delayUs: 0, onDue: () => undefined }).isOff,
    true,
  );
});

test("the first waits for others, in its place, and no longer than it may", async () => {
  let now = performance.now();
  const queue = queueOf(1, 1);
  const events = new EventEmitter();
  const onDue = (): void => void events.emit("due");
  const taker = createBatchTaker(queue, { rows: 4, bytes: 40, delayUs: 3000, onDue, now: () => now });
  const due = once(events, "due");
  assert.deepEqual(taker.take(), []);
  assert.equal(queue.size, 2);
  await due;
  // Timers may come a moment early: the taker then asks to be called once more.
  const again = once(events, "due");
  assert.deepEqual(taker.take(), []);
  await again;
  now += 4;
  assert.deepEqual(
    taker.take().map(({ id }) => id),
    [1, 2],
  );
});
