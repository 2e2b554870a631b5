import assert from "node:assert/strict";
import { test } from "node:test";
import { createServiceTime } from "../../src/call/service-time.js";

test("nobody waits by estimate before anything was measured, and an answer still names a time", () => {
  const time = createServiceTime({ slots: () => 2, random: () => 0 });
  assert.equal(time.waitMs(1000), 0);
  assert.equal(time.retryAfterMs(3), 20);
});

test("the wait is what is in front, shared out among the slots", () => {
  const time = createServiceTime({ slots: () => 4 });
  time.record(100);
  assert.equal(time.waitMs(7), 200);
});

test("the mean follows the calls, and one slow start is soon outweighed", () => {
  const time = createServiceTime({ slots: () => 1 });
  time.record(2000);
  time.record(10);
  assert.equal(time.meanMs, 1005);
  const meanAfter = (serviceMs: number, calls: number): number => {
    for (let count = 0; count < calls; count += 1) time.record(serviceMs);
    return time.meanMs;
  };
  const settled = meanAfter(10, 60);
  assert.ok(settled > 10 && settled < 15, `${settled} ms`);
  const slower = meanAfter(50, 60);
  assert.ok(slower > 49 && slower < 50, `${slower} ms`);
});

test("a time to come back is spread, whole, never before the work in front is done, and bounded", () => {
  const chances = [0, 0.25, 0.999_999];
  const times = chances.map((chance) => {
    const time = createServiceTime({ slots: () => 2, random: () => chance });
    time.record(100);
    return time.retryAfterMs(19);
  });
  assert.deepEqual(times, [1000, 1125, 1500]);
  const slow = createServiceTime({ slots: () => 1 });
  slow.record(10_000);
  assert.equal(slow.retryAfterMs(1000), 60_000);
  const fast = createServiceTime({ slots: () => 1 });
  fast.record(0.01);
  assert.equal(fast.retryAfterMs(0), 1);
});
