import assert from "node:assert/strict";
import { test } from "node:test";
import { createCircuit, type Circuit } from "../../src/pool/circuit.js";

interface Harness {
  readonly circuit: Circuit;
  readonly passMs: (duration: number) => void;
  readonly fail: (times: number) => void;
}

/** With the longest pauses that chance can give. */
function harness(failures = 3): Harness {
  let clock = 0;
  const circuit = createCircuit({ failures, now: () => clock, random: () => 1 });
  return {
    circuit,
    passMs: (duration) => void (clock += duration),
    fail(times) {
      for (let count = 0; count < times; count += 1) circuit.failed();
    },
  };
}

test("it opens when lives in a row end without an answer, and one answer breaks the row", () => {
  const { circuit, fail } = harness();
  fail(2);
  circuit.answered();
  fail(2);
  assert.deepEqual([circuit.state, circuit.mayStart(), circuit.retryAfterMs], ["closed", true, 0]);
  fail(1);
  assert.deepEqual([circuit.state, circuit.mayStart(), circuit.retryAfterMs], ["open", false, 1000]);
});

test("after the pause one start is let through, and no other", () => {
  const { circuit, fail, passMs } = harness();
  fail(3);
  passMs(999.5);
  assert.deepEqual([circuit.mayStart(), circuit.retryAfterMs], [false, 1]);
  passMs(0.5);
  assert.equal(circuit.mayStart(), true);
  assert.deepEqual([circuit.state, circuit.mayStart()], ["half_open", false]);
  assert.ok(circuit.retryAfterMs > 0);
});

test("a probe that fails doubles the pause, up to a minute", () => {
  const { circuit, fail, passMs } = harness();
  fail(3);
  const pauses = Array.from({ length: 8 }, () => {
    const pause = circuit.retryAfterMs;
    passMs(pause);
    assert.equal(circuit.mayStart(), true);
    fail(1);
    return pause;
  });
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});

test("a probe that loads closes it on trial: one more failure opens it for longer, an answer ends the trial", () => {
  const { circuit, fail, passMs } = harness();
  fail(3);
  passMs(1000);
  circuit.mayStart();
  circuit.loaded();
  assert.deepEqual([circuit.state, circuit.mayStart()], ["closed", true]);
  fail(1);
  assert.deepEqual([circuit.state, circuit.retryAfterMs], ["open", 2000]);
  passMs(2000);
  circuit.mayStart();
  circuit.loaded();
  circuit.answered();
  fail(2);
  assert.equal(circuit.state, "closed");
  fail(1);
  assert.equal(circuit.retryAfterMs, 1000);
});

test("what was under way when it opened counts: a load and an answer close it, a failure changes nothing", () => {
  const { circuit, fail } = harness();
  fail(4);
  assert.equal(circuit.retryAfterMs, 1000);
  circuit.loaded();
  assert.equal(circuit.state, "closed");
  fail(1);
  assert.equal(circuit.state, "open");
  circuit.answered();
  assert.equal(circuit.state, "closed");
});

test("a load while it is closed changes nothing", () => {
  const { circuit, fail } = harness();
  fail(1);
  circuit.loaded();
  fail(1);
  assert.equal(circuit.state, "closed");
  circuit.loaded();
  fail(1);
  assert.equal(circuit.state, "open");
});

test("pauses have jitter, between half and all of the pause", () => {
  const circuit = createCircuit({ failures: 1, now: () => 0, random: () => 0 });
  circuit.failed();
  assert.equal(circuit.retryAfterMs, 500);
});
