import assert from "node:assert/strict";
import { test } from "node:test";
import { createAdmission } from "../../src/call/admission.js";
import { createPace } from "../../src/call/pace.js";
import { createServiceTime } from "../../src/call/service-time.js";

test("the pace is the mean gap of answers while others wait, however they are bunched", () => {
  let now = 0;
  const pace = createPace(() => now);
  pace.answered(true);
  for (let burst = 0; burst < 20; burst += 1) {
    now += 40;
    for (let call = 0; call < 8; call += 1) pace.answered(true);
  }
  assert.ok(pace.gapMs > 4 && pace.gapMs < 7, `${pace.gapMs} ms`);
});

test("few answers, or a moment, make no pace", () => {
  let now = 0;
  const few = createPace(() => now);
  for (let call = 0; call < 10; call += 1) {
    few.answered(true);
    now += 1000;
  }
  assert.equal(few.gapMs, 0);
  const brief = createPace(() => 5);
  for (let call = 0; call < 1000; call += 1) brief.answered(true);
  assert.equal(brief.gapMs, 0);
});

test("a pace is forgotten when nobody waits any more, and not carried over what was idle", () => {
  let now = 0;
  const pace = createPace(() => now);
  const work = (calls: number, gapMs: number): void => {
    for (let call = 0; call < calls; call += 1) {
      now += gapMs;
      pace.answered(true);
    }
  };
  work(50, 10);
  assert.equal(pace.gapMs, 10);
  pace.answered(false);
  assert.equal(pace.gapMs, 0);
  now += 60_000;
  work(50, 20);
  assert.equal(pace.gapMs, 20);
});

test("who waits for more than the processes is told so: refused by the true wait, and sent away for as long", () => {
  let now = 0;
  const slots = (): number => 2;
  const serviceTime = createServiceTime({ slots, random: () => 0, now: () => now });
  const backlog = { hasPlaceFor: () => true, callsAhead: () => 99 };
  const bounds = { slots, maxQueued: 1000, maxBytes: 1e6, maxQueueWaitMs: 5000 };
  const admit = createAdmission({ ...bounds, backlog, serviceTime, now: () => now });
  const request = (inMs: number) => ({ bytesIn: 1, deadlineAt: now + inMs });
  // Each takes a tenth of a millisecond of its process, and one leaves in 4 ms: something else is short.
  const waiting = Array.from({ length: 200 }, () => admit(request(60_000)));
  for (const permit of waiting.slice(0, 100)) {
    now += 4;
    permit.answered(0.1, 1);
  }
  // One that overran its deadline in its process is no answer.
  serviceTime.record(0.1);
  assert.throws(() => admit(request(700)), { code: "overloaded", retryAfterMs: 400 });
  admit(request(900)).release();
});
