import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  createAdmission,
  type Admission,
  type AdmissionOptions,
  type Permit,
} from "../../src/call/admission.js";
import type { Backlog } from "../../src/call/flow.js";
import { createServiceTime, type ServiceTime } from "../../src/call/service-time.js";
import { GatewayError } from "../../src/errors.js";

interface Harness {
  readonly admit: Admission;
  readonly serviceTime: ServiceTime;
  /** What the queue says. */
  readonly backlog: { hasPlace: boolean; ahead: number };
}

function harness(options: Partial<AdmissionOptions> = {}): Harness {
  const serviceTime = createServiceTime({ slots: () => 2, random: () => 0 });
  const state = { hasPlace: true, ahead: 0 };
  const backlog: Backlog = { hasPlaceFor: () => state.hasPlace, callsAhead: () => state.ahead };
  const bounds = { slots: () => 2, maxQueued: 10, maxBytes: 1000, maxQueueWaitMs: 500 };
  const admit = createAdmission({ ...bounds, backlog, serviceTime, now: () => 0, ...options });
  return { admit, serviceTime, backlog: state };
}

const REQUEST = { deadlineAt: 10_000, bytesIn: 1 };

function refused(admit: () => Permit, message: RegExp, retryAfterMs: number): void {
  assert.throws(admit, (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.deepEqual([error.code, error.retryAfterMs, error.started], ["overloaded", retryAfterMs, false]);
    assert.match(error.message, message);
    return true;
  });
}

test("the calls and the bytes on their way are bounded, and places come back once", () => {
  const bound = fc.record({ maxQueued: fc.nat(5), maxBytes: fc.nat(50) });
  const step = fc.record({
    kind: fc.constantFrom("admit", "answered", "release", "releaseAgain"),
    bytesIn: fc.nat(20),
    pick: fc.nat(),
  });
  fc.assert(
    fc.property(bound, fc.array(step), ({ maxQueued, maxBytes }, steps) => {
      const { admit } = harness({ maxQueued, maxBytes });
      const held: { readonly permit: Permit; readonly bytes: number; readonly hasPlace: boolean }[] = [];
      const gone: Permit[] = [];
      for (const { kind, bytesIn, pick } of steps) {
        const bytes = held.reduce((sum, one) => sum + one.bytes, 0);
        const places = held.filter(({ hasPlace }) => hasPlace).length;
        const at = pick % Math.max(1, held.length);
        if (kind === "admit") {
          const request = { ...REQUEST, bytesIn };
          if (places >= maxQueued + 4 || bytes + bytesIn > maxBytes) {
            assert.throws(() => admit(request), { code: "overloaded" });
          } else {
            held.push({ permit: admit(request), bytes: bytesIn, hasPlace: true });
          }
        } else if (kind === "answered") {
          for (const one of held.splice(at, 1)) {
            one.permit.answered(1, bytesIn);
            held.push(one.hasPlace ? { ...one, bytes: bytesIn, hasPlace: false } : one);
          }
        } else if (kind === "release") {
          for (const { permit } of held.splice(at, 1)) {
            permit.release();
            gone.push(permit);
          }
        } else {
          const permit = gone[pick % Math.max(1, gone.length)];
          permit?.answered(1, bytesIn);
          permit?.release();
        }
      }
    }),
    { seed: 6, numRuns: 300 },
  );
});

test("with a free slot a call is let in, whatever the estimate says", () => {
  const { admit, serviceTime, backlog } = harness();
  serviceTime.record(100_000);
  Object.assign(backlog, { hasPlace: false, ahead: 100 });
  admit(REQUEST);
  const permit = admit(REQUEST);
  refused(() => admit(REQUEST), /Too many/, 60_000);
  permit.answered(100_000, 0);
  admit(REQUEST);
});

test("a call that would wait longer than allowed is refused", () => {
  const { admit, serviceTime, backlog } = harness();
  serviceTime.record(100);
  admit(REQUEST);
  admit(REQUEST);
  backlog.ahead = 9;
  admit(REQUEST);
  backlog.ahead = 10;
  refused(() => admit(REQUEST), /too long/, 550);
});

test("a call that could not be answered by its deadline is refused, one that is late already is told so", () => {
  const { admit, serviceTime, backlog } = harness();
  serviceTime.record(100);
  admit(REQUEST);
  admit(REQUEST);
  backlog.ahead = 3;
  // 200 ms until it would start, twice that to be sure, and 100 ms for itself.
  admit({ ...REQUEST, deadlineAt: 500 });
  refused(() => admit({ ...REQUEST, deadlineAt: 499 }), /deadline/, 200);
  assert.throws(() => admit({ ...REQUEST, deadlineAt: 0 }), { code: "deadline_exceeded" });
});

test("a permit hands the measured time on, and only one time", () => {
  const { admit, serviceTime } = harness();
  admit(REQUEST).release();
  assert.equal(serviceTime.meanMs, 0);
  const permit = admit(REQUEST);
  permit.answered(40, 0);
  permit.answered(1000, 0);
  permit.release();
  assert.equal(serviceTime.meanMs, 40);
});
