/** Calls that wait too long, run too long, or are not wanted any more. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { failure, fixture, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");
const YEAR_MS = 365 * 24 * 3600 * 1000;

for (const what of ["hang", "exit"]) {
  test(`${what}: a spare, loaded before, answers the next call`, async (context) => {
    const { pool, call, answer, pids } = startPool(context, FAULTS, { spareProcesses: 1 });
    await pool.started;
    const loaded = [...pids];
    assert.equal(loaded.length, 2);
    assert.deepEqual(pool.state(), { ready: 1, processes: 1, queued: 0, running: 0 });
    const before = await answer("pid");
    await failure(call({ what }, { timeoutMs: 100 }));
    const after = await answer("pid");
    assert.notEqual(after, before);
    assert.ok(loaded.includes(Number(after)), "the answer came from a process started afterwards");
  });
}

test("a spare does not run calls beside the others", async (context) => {
  const { pool, answer } = startPool(context, FAULTS, { spareProcesses: 1 });
  await pool.started;
  const calls = [answer("sleep", 0.2), answer("pid")];
  assert.deepEqual(pool.state(), { ready: 1, processes: 1, queued: 1, running: 1 });
  await Promise.all(calls);
});

test("calls wait their turn, one at a time in each process", async (context) => {
  const { pool, answer } = startPool(context, FAULTS, { processes: 2 });
  await pool.started;
  const pids = await Promise.all(Array.from({ length: 40 }, () => answer("pid")));
  assert.equal(new Set(pids).size, 2);
  assert.deepEqual(pool.state(), { ready: 2, processes: 2, queued: 0, running: 0 });
});

test("a call that waits past its deadline never reaches Python", async (context) => {
  const { pool, call, answer } = startPool(context, FAULTS);
  await pool.started;
  const running = answer("sleep", 0.5);
  const error = await failure(call({ what: "pid" }, { timeoutMs: 50 }));
  assert.equal(error.code, "deadline_exceeded");
  assert.equal(error.started, false);
  assert.equal(await running, "slept");
});

test("a caller that goes away while it waits is let go at once", async (context) => {
  const { pool, call, answer } = startPool(context, FAULTS);
  await pool.started;
  const running = answer("sleep", 0.5);
  const caller = new AbortController();
  const waiting = failure(call({ what: "pid" }, { signal: caller.signal }));
  assert.equal(pool.state().queued, 1);
  caller.abort();
  assert.equal((await waiting).started, false);
  assert.equal(pool.state().queued, 0);
  assert.equal(await running, "slept");
});

suite("a caller that goes away while its call runs", () => {
  test("the call is finished, if nothing else is asked for", async (context) => {
    const { pool, call, lines, ends, until } = startPool(context, FAULTS);
    await pool.started;
    const caller = new AbortController();
    const running = call({ what: "sleep half" }, { signal: caller.signal });
    await until(() => lines.includes("asleep"));
    caller.abort();
    assert.equal((await running).value, "slept");
    assert.deepEqual(ends, []);
  });

  test("the process is ended, with stopCancelled", async (context) => {
    const { pool, call, answer, lines, ends, until } = startPool(context, FAULTS, { stopCancelled: true });
    await pool.started;
    const caller = new AbortController();
    const running = failure(call({ what: "hang" }, { signal: caller.signal }));
    await until(() => lines.includes("hanging"));
    caller.abort();
    const { code, started } = await running;
    assert.equal(code, "deadline_exceeded");
    assert.equal(started, true);
    assert.equal(await answer("answer", "still here"), "still here");
    await until(() => ends.length === 1);
    assert.equal(ends[0]?.reason, "cancelled");
  });
});

for (const jumpMs of [YEAR_MS, -YEAR_MS]) {
  test(`a clock that is put ${jumpMs > 0 ? "forward" : "back"} moves no deadline`, async (context) => {
    const { pool, call, answer, ends, until } = startPool(context, FAULTS);
    await pool.started;
    const wallClock = Date.now.bind(Date);
    const running = answer("sleep", 0.2);
    const waiting = answer("answer", "waited");
    const late = failure(call({ what: "hang" }, { timeoutMs: 500 }));
    context.mock.method(Date, "now", () => wallClock() + jumpMs);
    assert.equal(await running, "slept");
    assert.equal(await waiting, "waited");
    assert.equal((await late).code, "deadline_exceeded");
    await until(() => ends.length === 1);
    assert.equal(ends[0]?.reason, "deadline");
  });
}

test("an answer that comes after the deadline is dropped, and reaches nobody else", async (context) => {
  const { pool, call, answer, ends } = startPool(context, FAULTS, { concurrency: 8 });
  await pool.started;
  const pid = await answer("pid");
  const late = failure(call({ what: "sleep", detail: 0.3 }, { timeoutMs: 50 }));
  assert.equal((await late).code, "deadline_exceeded");
  // It still runs, and what it answers must not be taken for the answer to one of these.
  assert.equal(pool.state().running, 1);
  const others = Array.from({ length: 20 }, (_, index) => answer("answer", BigInt(index)));
  assert.deepEqual(
    await Promise.all(others),
    others.map((_, index) => BigInt(index)),
  );
  assert.equal(await answer("sleep", 0.5), "slept");
  assert.equal(pool.state().running, 0);
  assert.equal(await answer("pid"), pid);
  assert.deepEqual(ends, []);
});
