/** What an artifact starts, and what is killed from outside: nothing stays behind, and only running calls are lost. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { findProcesses, returnTo, settledFootprint, takeFootprint, untilGone } from "../support/footprint.js";
import { failure, fixture, startPool, type Harness } from "../support/pool-harness.js";

const FAULTS = fixture("faults");
const STAY_BEHIND = ["leave child", "escape", "leave daemon", "start program"] as const;

async function pidOf(harness: Harness): Promise<number> {
  return Number(await harness.answer("pid"));
}

/** The processes below the supervisor of a pool, by what they are. */
async function family(harness: Harness): Promise<{ supervisor: number; template: number | undefined }> {
  const supervisor = Number(await harness.answer("parent"));
  const template = findProcesses().find(
    ({ pid, parent }) => parent === supervisor && !harness.pids.includes(pid),
  );
  return { supervisor, template: template?.pid };
}

for (const startMethod of ["auto", "import"] as const) {
  suite(`what an artifact starts goes with its process (${startMethod})`, () => {
    for (const what of STAY_BEHIND) {
      test(`${what}, and the process is killed`, async (context) => {
        const harness = startPool(context, FAULTS, { startMethod });
        const { pool, answer, ends, until } = harness;
        await pool.started;
        const before = await settledFootprint();
        const pid = await pidOf(harness);
        await answer(what);
        assert.equal(takeFootprint().processes, before.processes + 1);
        process.kill(pid, "SIGKILL");
        await until(() => ends.length === 1);
        assert.equal(await answer("answer", "still here"), "still here");
        await returnTo(before);
      });
    }

    test("all of them, and the pool is drained", async (context) => {
      const { pool, answer } = startPool(context, FAULTS, { startMethod });
      await pool.started;
      for (const what of STAY_BEHIND) await answer(what);
      await pool.drain(1000);
      // Not a moment later: whoever drains may be about to end.
      assert.deepEqual(findProcesses(), []);
    });
  });
}

test("an artifact can end what it has started, and see how that ended", async (context) => {
  const { pool, answer } = startPool(context, FAULTS);
  await pool.started;
  assert.deepEqual(await answer("stop programs"), [-15n, 15n]);
  const program = await answer("start program");
  process.kill(Number(program), "SIGKILL");
  assert.equal(await answer("wait for program", BigInt(Number(program))), -9n);
});

test("a signal to leave that is meant for the gateway ends no call", async (context) => {
  const harness = startPool(context, FAULTS);
  const { pool, call, ends, until } = harness;
  await pool.started;
  const { supervisor, template } = await family(harness);
  const running = call({ what: "sleep half" });
  await until(() => harness.lines.includes("asleep"));
  for (const pid of [supervisor, template, ...harness.pids]) {
    for (const signal of ["SIGTERM", "SIGINT"] as const) if (pid !== undefined) process.kill(pid, signal);
  }
  assert.equal((await running).value, "slept");
  assert.deepEqual(ends, []);
});

suite("killed from outside", () => {
  test("a process that is idle: it is replaced", async (context) => {
    const harness = startPool(context, FAULTS);
    const { pool, pids, ends, until } = harness;
    await pool.started;
    const before = await settledFootprint();
    const [pid = 0] = pids;
    process.kill(pid, "SIGKILL");
    await until(() => ends.length === 1 && pool.state().ready === 1);
    assert.notEqual(await pidOf(harness), pid);
    await returnTo(before);
  });

  test("a process that runs a call: that call is lost, and no other", async (context) => {
    const { pool, call, answer, lines, ends, until } = startPool(context, FAULTS, { processes: 2 });
    await pool.started;
    const before = await settledFootprint();
    const other = answer("sleep", 0.3);
    const lost = failure(call({ what: "hang" }));
    const waiting = answer("answer", "waited");
    await until(() => lines.includes("hanging"));
    const hanging = Number(lines.find((line) => line.startsWith("pid "))?.slice("pid ".length));
    process.kill(hanging, "SIGKILL");
    assert.equal((await lost).code, "worker_lost");
    assert.deepEqual(await Promise.all([other, waiting]), ["slept", "waited"]);
    await until(() => ends.length === 1);
    assert.equal(ends[0]?.pid, hanging);
    await returnTo(before);
  });

  test("the template: nobody notices until a process is needed, and another one loads then", async (context) => {
    const harness = startPool(context, FAULTS, { processes: 2 });
    const { pool, answer, pids, startMethods, ends, until } = harness;
    await pool.started;
    const before = await settledFootprint();
    const { template } = await family(harness);
    assert.ok(template !== undefined);
    const running = answer("sleep", 0.2);
    process.kill(template, "SIGKILL");
    assert.equal(await running, "slept");
    assert.deepEqual(ends, []);
    const [pid = 0] = pids;
    process.kill(pid, "SIGKILL");
    await until(() => ends.length === 1 && pool.state().ready === 2);
    assert.deepEqual(startMethods, ["fork", "fork"]);
    await returnTo(before);
  });

  for (const startMethod of ["auto", "import"] as const) {
    test(`the supervisor (${startMethod}): every process goes, only running calls are lost`, async (context) => {
      const harness = startPool(context, FAULTS, { startMethod, processes: 2 });
      const { pool, call, answer, pids, lines, ends, until } = harness;
      await pool.started;
      const before = await settledFootprint();
      for (const what of STAY_BEHIND) await answer(what);
      const old = findProcesses();
      const { supervisor } = await family(harness);
      const lost = [failure(call({ what: "hang" })), failure(call({ what: "hang" }))];
      const waiting = Array.from({ length: 10 }, (_, index) => answer("answer", BigInt(index)));
      await until(() => lines.filter((line) => line === "hanging").length === 2);
      process.kill(supervisor, "SIGKILL");
      for (const error of await Promise.all(lost)) {
        assert.equal(error.code, "worker_lost");
        assert.equal(error.started, true);
      }
      assert.deepEqual(
        await Promise.all(waiting),
        Array.from({ length: 10 }, (_, index) => BigInt(index)),
      );
      await until(() => ends.length >= 2 && pool.state().ready === 2);
      assert.deepEqual(
        ends.map(({ reason }) => reason),
        ["supervisor_lost", "supervisor_lost"],
      );
      assert.equal(pids.length, 4);
      await returnTo(before);
      await untilGone(old.map(({ pid }) => pid));
    });
  }

  test("the gateway: every process goes, and what the artifact has started", async (context) => {
    // A gateway that is killed cannot remove the folder of its sockets.
    const folder = mkdtempSync(join(tmpdir(), "killed-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const program = fileURLToPath(new URL("../support/pool-program.js", import.meta.url));
    // With a call that runs: an idle process would leave by itself.
    const gateway = spawn(process.execPath, [program, ...STAY_BEHIND, "hang"], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = (await once(createInterface(gateway.stdout), "line")) as [string];
    assert.equal(said, "ready");
    const started = findProcesses().filter(({ pid }) => pid !== gateway.pid);
    assert.ok(started.length >= 3 + STAY_BEHIND.length, JSON.stringify(started));
    const ended = once(gateway, "exit");
    gateway.kill("SIGKILL");
    await ended;
    await untilGone(started.map(({ pid }) => pid));
  });
});
