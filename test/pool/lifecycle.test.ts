/** From the start of a pool to its end: what cannot be loaded, what takes its time, and what drain leaves behind. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { Refusal } from "../../src/errors.js";
import type { EndReason } from "../../src/observe.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import { findProcesses } from "../support/footprint.js";
import { argumentsOf, failure, fixture, inputsOf, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");
const AT_IMPORT = fixture("at-import");
const START_METHODS = ["auto", "import"] as const;

/** A path at which there is nothing yet, until the end of the test. */
function freshPath(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "lifecycle-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "file");
}

function sampleOf(what: string): Uint8Array {
  return writePickle(inputsOf({ what, detail: null }));
}

suite("an artifact that cannot be loaded refuses the start", () => {
  test("an import error, with the traceback for the log", async (context) => {
    const { pool, ends, call } = startPool(context, fixture("import-error"));
    await assert.rejects(pool.started, Refusal);
    assert.equal(ends[0]?.reason, "load_failed");
    assert.match(ends[0].traceback, /a_library_that_nobody_has_installed/);
    assert.equal((await failure(call({ what: "pid" }))).code, "unavailable");
  });

  test("a Python that does not exist", async (context) => {
    const { pool, ends } = startPool(context, FAULTS, { python: "/nowhere/python3" });
    await assert.rejects(pool.started, Refusal);
    assert.equal(ends[0]?.reason, "spawn_failed");
  });

  test("a main() that takes something else than is declared", async (context) => {
    const options = { interface: argumentsOf("what", "detail", "surprise") };
    const { pool, ends } = startPool(context, FAULTS, options);
    await assert.rejects(pool.started, /main\(\) has no parameter for the arguments surprise/);
    assert.equal(ends[0]?.reason, "load_failed");
  });

  const endings: readonly (readonly [string, readonly EndReason[]])[] = [
    ["system_exit", ["load_failed"]],
    ["end", ["exit"]],
    ["kill", ["signal"]],
    ["kill_parent", ["supervisor_lost"]],
    ["close_descriptors", ["exit"]],
  ];
  for (const startMethod of START_METHODS) {
    for (const [behaviour, reasons] of endings) {
      test(`${behaviour} (${startMethod})`, async (context) => {
        process.env["AT_IMPORT"] = behaviour;
        const { pool, ends, call } = startPool(context, AT_IMPORT, { startMethod });
        await assert.rejects(pool.started, Refusal);
        const [first] = ends;
        assert.ok(first !== undefined && reasons.includes(first.reason), first?.reason);
        assert.equal((await failure(call({ what: "pid" }))).code, "unavailable");
      });
    }

    test(`what a failed import leaves behind is gone before anybody can ask (${startMethod})`, async (context) => {
      process.env["AT_IMPORT"] = "orphan";
      const { pool, until, ends } = startPool(context, AT_IMPORT, { startMethod });
      await assert.rejects(pool.started, Refusal);
      await until(() => ends.length > 0);
      assert.equal(ends[0]?.reason, "load_failed");
      // The footprint is compared when the pool is drained: a child in a session of its own must not outlive it.
    });
  }
});

suite("what an artifact writes to the host's descriptors at import is not believed", () => {
  for (const startMethod of START_METHODS) {
    for (let which = 0; which < 10; which++) {
      test(`forgery ${which} (${startMethod})`, async (context) => {
        Object.assign(process.env, { AT_IMPORT: "forge", AT_IMPORT_FORGERY: String(which) });
        const { pool, ends } = startPool(context, AT_IMPORT, { startMethod });
        await assert.rejects(pool.started, Refusal);
        assert.ok(
          ends[0] !== undefined && ["signal", "load_failed"].includes(ends[0].reason),
          ends[0]?.reason,
        );
      });
    }
  }
});

suite("an artifact that can be loaded later", () => {
  for (const startMethod of START_METHODS) {
    test(`an import that fails once heals by itself (${startMethod})`, async (context) => {
      Object.assign(process.env, { AT_IMPORT: "fail_once", AT_IMPORT_FILE: freshPath(context) });
      const { pool, answer, ends, until } = startPool(context, AT_IMPORT, { startMethod });
      await assert.rejects(pool.started, Refusal);
      await until(() => pool.state().ready === 1);
      assert.equal(typeof (await answer("pid")), "bigint");
      assert.deepEqual(
        ends.map(({ reason }) => reason),
        ["load_failed"],
      );
      assert.match(ends[0]?.traceback ?? "", /the database is not there yet/);
    });

    test(`a warm-up that fails once heals by itself (${startMethod})`, async (context) => {
      Object.assign(process.env, { AT_IMPORT: "nothing", AT_IMPORT_FILE: freshPath(context) });
      const options = { startMethod, sample: sampleOf("fail once") };
      const { pool, answer, ends, until } = startPool(context, AT_IMPORT, options);
      await assert.rejects(pool.started, Refusal);
      await until(() => pool.state().ready === 1);
      assert.equal(await answer("fail once"), "healed");
      assert.equal(ends[0]?.reason, "warm_up_failed");
      assert.match(ends[0].traceback, /raised for the first sample/);
    });
  }

  test("an import that never ends is given up", async (context) => {
    process.env["SLOW_IMPORT_UNTIL"] = "/nowhere/at/all";
    const { pool, ends } = startPool(context, fixture("slow-import"), {
      interface: argumentsOf("value"),
      startTimeoutMs: 500,
    });
    await assert.rejects(pool.started, Refusal);
    assert.equal(ends[0]?.reason, "start_timeout");
  });

  test("calls are unavailable until the artifact is loaded", async (context) => {
    const gate = freshPath(context);
    process.env["SLOW_IMPORT_UNTIL"] = gate;
    const { pool, call } = startPool(context, fixture("slow-import"), { interface: argumentsOf("value") });
    const error = await failure(call({ value: 1n }));
    assert.equal(error.code, "unavailable");
    assert.ok((error.retryAfterMs ?? 0) > 0);
    assert.equal(pool.state().ready, 0);
    writeFileSync(gate, "");
    await pool.started;
    assert.equal((await call({ value: 1n })).value, 1n);
  });
});

suite("warm-up", () => {
  for (const startMethod of START_METHODS) {
    test(`the sample is run before the first call (${startMethod})`, async (context) => {
      process.env["AT_IMPORT"] = "nothing";
      const options = { startMethod, processes: 2, sample: sampleOf("calls") };
      const { pool, answer } = startPool(context, AT_IMPORT, options);
      await pool.started;
      // Each process has it behind itself, by fork or by its own doing: the first call is its second.
      assert.equal(await answer("calls"), 2n);
      assert.equal(await answer("calls"), 3n);
    });
  }

  test("a sample that fails refuses the start, with the traceback", async (context) => {
    process.env["AT_IMPORT"] = "nothing";
    const { pool, ends } = startPool(context, AT_IMPORT, { sample: sampleOf("raise") });
    await assert.rejects(pool.started, Refusal);
    assert.equal(ends[0]?.reason, "warm_up_failed");
    assert.match(ends[0].traceback, /ValueError: raised for the sample/);
  });

  test("a sample whose answer is not data refuses the start", async (context) => {
    process.env["AT_IMPORT"] = "nothing";
    const { pool, ends } = startPool(context, AT_IMPORT, { sample: sampleOf("object") });
    await assert.rejects(pool.started, /result is builtins\.object, which is not data/);
    assert.equal(ends[0]?.reason, "warm_up_failed");
  });
});

suite("drain", () => {
  test("lets the calls in hand finish and leaves no process behind", async (context) => {
    const { pool, call, answer } = startPool(context, FAULTS, { processes: 2 });
    await pool.started;
    const inHand = [answer("sleep", 0.3), answer("sleep", 0.3), answer("sleep", 0.1)];
    const drained = pool.drain(60_000);
    assert.equal((await failure(call({ what: "pid" }))).code, "unavailable");
    assert.deepEqual(await Promise.all(inHand), ["slept", "slept", "slept"]);
    await drained;
    assert.deepEqual(findProcesses(), []);
  });

  test("does not wait longer than its grace", async (context) => {
    const { pool, call } = startPool(context, FAULTS);
    await pool.started;
    const hanging = failure(call({ what: "hang" }));
    await pool.drain(100);
    assert.equal((await hanging).code, "worker_lost");
    assert.deepEqual(findProcesses(), []);
  });

  test("while the artifact is being loaded", async (context) => {
    process.env["SLOW_IMPORT_UNTIL"] = "/nowhere/at/all";
    const { pool, until, pids } = startPool(context, fixture("slow-import"), {
      interface: argumentsOf("value"),
      startMethod: "import",
    });
    await until(() => pids.length === 1);
    await pool.drain(100);
    await assert.rejects(pool.started, /the gateway was stopped/);
    assert.deepEqual(findProcesses(), []);
  });

  test("before anything has been started", async (context) => {
    const { pool } = startPool(context, FAULTS);
    await pool.drain(0);
    assert.deepEqual(findProcesses(), []);
  });
});
