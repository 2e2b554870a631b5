/** Several calls at once in one process: on threads where the deployer says so, as tasks of an `async def main`. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { memoryInUse, memoryOf } from "../support/footprint.js";
import { failure, fixture, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");
const ASYNC = fixture("async-main");

/** A file that is not there yet, for calls that wait for it, and what makes it. */
function gateOf(context: TestContext): { readonly path: string; readonly open: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "gate-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "open");
  return { path, open: () => writeFileSync(path, "") };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

suite("on threads", () => {
  test("as many calls as declared are in main() at once", async (context) => {
    const { pool, answer, ends } = startPool(context, FAULTS, { concurrency: 64 });
    await pool.started;
    const before = await answer("pid");
    const meeting = times(64, () => answer("meet", 64n));
    assert.deepEqual(pool.state(), { ready: 1, processes: 1, queued: 0, running: 64 });
    assert.deepEqual(new Set(await Promise.all(meeting)), new Set(["met"]));
    // And they are used again, by calls that get their own answers.
    const tokens = times(500, (index) => BigInt(index));
    assert.deepEqual(await Promise.all(tokens.map((token) => answer("answer", token))), tokens);
    assert.equal(await answer("pid"), before);
    assert.deepEqual(ends, []);
  });

  test("one more than declared has to wait", async (context) => {
    const gate = gateOf(context);
    const { pool, answer } = startPool(context, FAULTS, { concurrency: 4 });
    await pool.started;
    const held = times(4, () => answer("wait for file", gate.path));
    const waiting = answer("answer", "waited");
    assert.deepEqual(pool.state(), { ready: 1, processes: 1, queued: 1, running: 4 });
    gate.open();
    assert.deepEqual(await Promise.all([...held, waiting]), ["seen", "seen", "seen", "seen", "waited"]);
  });

  test("what one call does to itself stays with it", async (context) => {
    const { pool, call, answer } = startPool(context, FAULTS, { concurrency: 8 });
    await pool.started;
    const pid = await answer("pid");
    const sleeping = times(4, () => answer("sleep", 0.3));
    for (const what of ["raise", "sys exit", "interrupt", "recurse", "out of memory", "unprintable"]) {
      assert.equal((await failure(call({ what }))).code, "artifact_error", what);
    }
    for (const what of ["object", "deep", "liar", "huge"]) {
      assert.equal((await failure(call({ what }))).code, "output_invalid", what);
    }
    assert.deepEqual(
      await Promise.all(sleeping),
      times(4, () => "slept"),
    );
    assert.equal(await answer("pid"), pid);
  });

  for (const what of ["exit", "segfault", "close descriptors", "garbage"]) {
    test(`${what}: the calls of that process are lost, and the next one is answered`, async (context) => {
      const { pool, call, answer, ends, until } = startPool(context, FAULTS, { concurrency: 8 });
      await pool.started;
      await Promise.all(times(4, () => answer("meet", 4n)));
      const neighbours = times(3, () => failure(call({ what: "sleep", detail: 60 })));
      assert.equal((await failure(call({ what }))).code, "worker_lost");
      for (const { code } of await Promise.all(neighbours)) assert.equal(code, "worker_lost");
      assert.equal(await answer("answer", "still here"), "still here");
      await until(() => ends.length === 1);
    });
  }

  test("an overrun costs its caller only; more than a quarter of the slots cost the process", async (context) => {
    const gate = gateOf(context);
    const harness = startPool(context, FAULTS, { concurrency: 8, startMethod: "auto" });
    const { pool, call, answer, ends, until } = harness;
    await pool.started;
    const pid = await answer("pid");
    const neighbours = times(2, () => answer("wait for file", gate.path));
    const overrun = (): Promise<unknown> => failure(call({ what: "hang" }, { timeoutMs: 50 }));
    await overrun();
    await overrun();
    // Two of eight are abandoned: the process goes on with what it has, and takes more.
    assert.equal(await answer("pid"), pid);
    assert.equal(pool.state().running, 4);
    await overrun();
    // Three are too many: it finishes what is wanted while another one serves.
    const next = await answer("pid");
    assert.notEqual(next, pid);
    assert.equal(ends.length, 0);
    gate.open();
    assert.deepEqual(await Promise.all(neighbours), ["seen", "seen"]);
    await until(() => ends.length === 1);
    assert.equal(ends[0]?.reason, "stuck");
    assert.equal(BigInt(ends[0].pid ?? 0), pid);
    assert.equal(await answer("pid"), next);
  });

  test("a replacement is as wide as the process before", async (context) => {
    const { pool, call, answer } = startPool(context, FAULTS, { concurrency: 16 });
    await pool.started;
    await failure(call({ what: "exit" }));
    assert.deepEqual(new Set(await Promise.all(times(16, () => answer("meet", 16n)))), new Set(["met"]));
  });
});

suite("async def main", () => {
  test("calls overlap without being declared to", async (context) => {
    const { pool, answer } = startPool(context, ASYNC);
    await pool.started;
    assert.deepEqual(new Set(await Promise.all(times(64, () => answer("meet", 64n)))), new Set(["met"]));
    const tokens = times(500, (index) => BigInt(index));
    assert.deepEqual(await Promise.all(tokens.map((token) => answer("answer", token))), tokens);
  });

  test("an overrun is cancelled in Python, and its neighbours go on", async (context) => {
    const { pool, call, answer, ends } = startPool(context, ASYNC);
    await pool.started;
    const neighbours = times(5, () => answer("sleep", 0.3));
    const overrun = await failure(call({ what: "hang", detail: "overrun" }, { timeoutMs: 50 }));
    assert.equal(overrun.code, "deadline_exceeded");
    assert.equal(overrun.started, true);
    assert.deepEqual(
      await Promise.all(neighbours),
      times(5, () => "slept"),
    );
    assert.deepEqual(await answer("cancelled"), ["overrun"]);
    assert.equal(pool.state().running, 0);
    assert.deepEqual(ends, []);
  });

  test("a call whose caller has gone is cancelled, with stopCancelled", async (context) => {
    const { pool, call, answer, lines, ends, until } = startPool(context, ASYNC, { stopCancelled: true });
    await pool.started;
    const caller = new AbortController();
    const gone = failure(call({ what: "hang", detail: "gone" }, { signal: caller.signal }));
    await until(() => lines.includes("hanging"));
    caller.abort();
    assert.equal((await gone).code, "deadline_exceeded");
    assert.deepEqual(await answer("cancelled"), ["gone"]);
    assert.deepEqual(ends, []);
  });

  test("a call that is cancelled before its first step frees its slot, too", async (context) => {
    const { pool, call, answer, ends } = startPool(context, ASYNC, { concurrency: 8, stopCancelled: true });
    await pool.started;
    for (let round = 0; round < 20; round++) {
      const caller = new AbortController();
      const gone = failure(call({ what: "hang" }, { signal: caller.signal }));
      caller.abort();
      await gone;
      // The answer to the cancelled call comes at the latest between these two.
      await answer("answer", "still here");
      await answer("answer", "still here");
      assert.equal(pool.state().running, 0, `round ${round}`);
    }
    assert.deepEqual(ends, []);
  });

  test("calls that will not be cancelled cost the process, when they are too many", async (context) => {
    const { pool, call, answer, ends, until } = startPool(context, ASYNC, { concurrency: 4 });
    await pool.started;
    const pid = await answer("pid");
    for (let calls = 0; calls < 2; calls++) await failure(call({ what: "insist" }, { timeoutMs: 50 }));
    assert.notEqual(await answer("pid"), pid);
    await until(() => ends.length === 1);
    assert.equal(ends[0]?.reason, "stuck");
  });

  test("what one call does to itself stays with it", async (context) => {
    const { pool, call, answer, ends } = startPool(context, ASYNC);
    await pool.started;
    const neighbours = times(3, () => answer("sleep", 0.2));
    assert.equal((await failure(call({ what: "raise" }))).code, "artifact_error");
    assert.equal((await failure(call({ what: "sys exit" }))).code, "artifact_error");
    assert.equal((await failure(call({ what: "object" }))).code, "output_invalid");
    assert.equal(await answer("clock"), "changed");
    assert.deepEqual(
      await Promise.all(neighbours),
      times(3, () => "slept"),
    );
    assert.deepEqual(ends, []);
  });

  for (const [what, timeoutMs, code] of [
    ["exit", 60_000, "worker_lost"],
    ["close descriptors", 60_000, "worker_lost"],
    ["spin", 200, "deadline_exceeded"],
  ] as const) {
    test(`${what}: the next call is answered`, async (context) => {
      const { pool, call, answer } = startPool(context, ASYNC, { concurrency: 2 });
      await pool.started;
      assert.equal((await failure(call({ what }, { timeoutMs }))).code, code);
      assert.equal(await answer("answer", "still here"), "still here");
    });
  }

  test("calls that are joined are no longer together than a frame may be, and no process is lost", async (context) => {
    const joined = { batchRows: 1000, batchDelayUs: 100_000, maxMessageBytes: 10_000 };
    const { pool, call, ends } = startPool(context, ASYNC, { ...joined, concurrency: 1 });
    await pool.started;
    const details = times(12, (index) => String(index).repeat(4000));
    const answers = await Promise.all(details.map((detail) => call({ what: "answer", detail }, { rows: 1 })));
    assert.deepEqual(
      answers.map(({ value }) => value),
      details,
    );
    assert.deepEqual(ends, []);
  });
});

suite("memory", () => {
  test("two hundred waiting calls take a few megabytes of the gateway", async (context) => {
    const gate = gateOf(context);
    const { pool, answer } = startPool(context, FAULTS);
    await pool.started;
    const held = answer("wait for file", gate.path);
    const detail = "x".repeat(1000);
    const before = memoryInUse();
    const waiting = times(200, () => answer("answer", detail));
    assert.equal(pool.state().queued, 200);
    const grown = memoryInUse() - before;
    assert.ok(grown < 8 << 20, `${grown} bytes`);
    gate.open();
    assert.equal(await held, "seen");
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set([detail]));
  });

  for (const [how, root, what] of [
    ["threads", FAULTS, "sleep"],
    ["tasks", ASYNC, "sleep"],
  ] as const) {
    test(`two hundred running calls take some megabytes of Python, as ${how}`, async (context) => {
      const { pool, answer, pids } = startPool(context, root, { concurrency: 200 });
      await pool.started;
      await answer("answer", 1n);
      const [pid = 0] = pids;
      const before = memoryOf(pid, "Pss");
      const running = times(200, () => answer(what, 1));
      await Promise.race(running);
      const grown = memoryOf(pid, "Pss") - before;
      assert.ok(grown < 40 * 1024, `${grown} kB`);
      await Promise.all(running);
    });
  }
});
