/**
 * Admission, service time and queue together under more load than their processes can take, on a clock of their own:
 * what is served in time, what is started in vain, and who pays for it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAdmission, type Permit } from "../../src/call/admission.js";
import { createServiceTime } from "../../src/call/service-time.js";
import { GatewayError } from "../../src/errors.js";
import { createCall, createCallQueue, type Call } from "../../src/pool/call-queue.js";
import { createHeap } from "../../src/pool/heap.js";

const SLOTS = 4;
const SERVICE_MS = 20;
const DEADLINE_MS = 1000;
/** Until a process that was ended over its call is replaced. */
const RESTART_MS = 50;
const END_MS = 60_000;
/** Calls for each second that the processes can take. */
const CAPACITY = (SLOTS * 1000) / SERVICE_MS;

interface Tally {
  offered: number;
  served: number;
  /** Refused at once, with a time to come back. */
  refused: number;
  /** Waited until the deadline. */
  expired: number;
  /** Started and not finished by the deadline. */
  overran: number;
}

/** Numbers from 0 up to 1, the same in every run: a linear congruential generator (Numerical Recipes, ranqd1). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Calls arrive at random at these rates (each second, by caller) for a minute. @returns what became of them, by caller */
function overload(rates: Readonly<Record<string, number>>): Map<string, Tally> {
  const random = randomOf(1);
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
  let now = 0;
  const events = createHeap<{ readonly at: number; readonly run: () => void }>((a, b) => a.at < b.at);
  const after = (delay: number, run: () => void): void => events.add({ at: now + delay, run });

  const clock = { now: () => now };
  const serviceTime = createServiceTime({ slots: () => SLOTS, random, ...clock });
  const { retryAfterMs } = serviceTime;
  const queue = createCallQueue({ maxCalls: 1000, maxBytes: 1e6, retryAfterMs, ...clock });
  const bounds = { slots: () => SLOTS, maxQueued: 1000, maxBytes: 1e6, maxQueueWaitMs: 10_000 };
  const admit = createAdmission({ ...bounds, backlog: queue, serviceTime, ...clock });

  const tallies = new Map<string, Tally>();
  const waiting = new Map<Call, { readonly permit: Permit; readonly tally: Tally }>();
  let free = SLOTS;

  const leave = (call: Call, how: keyof Tally, serviceMs?: number): void => {
    const entry = waiting.get(call);
    assert.ok(entry !== undefined, "a call left twice");
    waiting.delete(call);
    if (serviceMs !== undefined) entry.permit.answered(serviceMs, 0);
    entry.permit.release();
    entry.tally[how] += 1;
  };
  const feed = (): void => {
    for (let call = free > 0 ? queue.take() : undefined; call !== undefined;) {
      const taken = call;
      const leftMs = taken.deadlineAt - now;
      const takesMs = exponential(SERVICE_MS);
      const inTime = takesMs < leftMs;
      free -= 1;
      after(Math.min(takesMs, leftMs), () =>
        leave(taken, inTime ? "served" : "overran", Math.min(takesMs, leftMs)),
      );
      after(inTime ? takesMs : leftMs + RESTART_MS, () => {
        free += 1;
        feed();
      });
      call = free > 0 ? queue.take() : undefined;
    }
  };
  const arrive = (caller: string, tally: Tally): void => {
    tally.offered += 1;
    const context = { requestId: "", caller, deadlineAt: now + DEADLINE_MS };
    try {
      const permit = admit({ ...context, bytesIn: 1 });
      const made = createCall(tally.offered, new Uint8Array(1), context);
      const reject = (error: Error): void =>
        leave(call, error instanceof GatewayError && error.code === "overloaded" ? "refused" : "expired");
      const call: Call = { ...made, outcome: { ...made.outcome, reject } };
      waiting.set(call, { permit, tally });
      queue.add(call);
      feed();
    } catch (error) {
      assert.ok(error instanceof GatewayError && error.code === "overloaded");
      tally.refused += 1;
    }
  };
  for (const [caller, rate] of Object.entries(rates)) {
    const tally = { offered: 0, served: 0, refused: 0, expired: 0, overran: 0 };
    tallies.set(caller, tally);
    const next = (): void =>
      after(exponential(1000 / rate), () => {
        if (now > END_MS) return;
        arrive(caller, tally);
        next();
      });
    next();
  }
  for (let event = events.first; event !== undefined; event = events.first) {
    events.remove(event);
    now = event.at;
    event.run();
  }
  assert.deepEqual([waiting.size, queue.size, free], [0, 0, SLOTS]);
  return tallies;
}

function tallyOf(tallies: Map<string, Tally>, caller: string): Tally {
  const tally = tallies.get(caller);
  assert.ok(tally !== undefined);
  const { offered, served, refused, expired, overran } = tally;
  assert.equal(served + refused + expired + overran, offered);
  return tally;
}

for (const load of [0.8, 1.5, 3, 10]) {
  test(`at ${load} times what the processes can take, they are kept busy with calls that are answered in time`, () => {
    const { offered, served, expired, overran } = tallyOf(overload({ one: load * CAPACITY }), "one");
    const possible = Math.min(offered, (CAPACITY * END_MS) / 1000);
    assert.ok(served > 0.97 * possible, `${served} of ${possible} served`);
    assert.ok(expired + overran < 0.01 * offered, `${expired} expired, ${overran} were started in vain`);
  });
}

test("a caller who asks for twice what there is takes nothing from one who asks for little", () => {
  const tallies = overload({ greedy: 2 * CAPACITY, modest: 0.2 * CAPACITY });
  const [greedy, modest] = [tallyOf(tallies, "greedy"), tallyOf(tallies, "modest")];
  assert.ok(modest.served > 0.99 * modest.offered, `${modest.served} of ${modest.offered}`);
  assert.ok(greedy.served > (0.75 * (CAPACITY * END_MS)) / 1000, `${greedy.served}`);
});
