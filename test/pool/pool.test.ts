import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { GatewayError, Refusal } from "../../src/errors.js";
import { CalendarDate, DateTime, Decimal, type PythonValue } from "../../src/values.js";
import { argumentsOf, fixture, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => assert.fail("the call should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, String(error));
  return error;
}

suite("a call that fails takes nothing else along", () => {
  const cases = [
    ["raise", "artifact_error"],
    ["sys.exit", "artifact_error"],
    ["recurse", "artifact_error"],
    ["object", "output_invalid"],
    ["set", "output_invalid"],
    ["cycle", "output_invalid"],
    ["generator", "output_invalid"],
    ["huge", "output_invalid"],
    ["exit", "worker_lost"],
    ["kill", "worker_lost"],
    ["garbage", "worker_lost"],
    ["segfault", "worker_lost"],
    ["abort", "worker_lost"],
    ["daemonise", "worker_lost"],
    ["close descriptors", "worker_lost"],
    ["half a frame", "worker_lost"],
    ["wrong id", "worker_lost"],
    ["out of memory", "artifact_error"],
  ] as const;
  for (const [what, code] of cases) {
    test(`${what}: ${code}, and the next call is answered`, async (context) => {
      const { pool, call, answer } = startPool(context, FAULTS);
      await pool.started;
      const error = await failure(call({ what, detail: "4111111111111111" }));
      assert.equal(error.code, code);
      assert.equal(error.started, true);
      assert.doesNotMatch(error.message, /4111|Traceback|python/);
      assert.equal(await answer("answer", "still here"), "still here");
    });
  }
});

test("the cause of an artifact's error is kept for the log", async (context) => {
  const { pool, call } = startPool(context, FAULTS);
  await pool.started;
  const { cause } = await failure(call({ what: "raise", detail: "in the log" }));
  assert.match(String(cause), /ValueError: the secret is in the log/);
  assert.match(String((await failure(call({ what: "object" }))).cause), /result\['rows'\]\[0\]\['score'\]/);
});

for (const what of ["hang", "spin", "hold the lock", "deaf"]) {
  test(`${what}: the deadline ends the process, and a new one answers`, async (context) => {
    const { pool, call, answer, ends, until } = startPool(context, FAULTS);
    await pool.started;
    const before = await answer("pid");
    const error = await failure(call({ what }, { timeoutMs: 200 }));
    assert.equal(error.code, "deadline_exceeded");
    assert.equal(error.started, true);
    assert.notEqual(await answer("pid"), before);
    await until(() => ends.length > 0);
    assert.deepEqual(
      ends.map(({ reason }) => reason),
      ["deadline"],
    );
  });
}

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

test("a process killed while it is idle is replaced", async (context) => {
  const { pool, answer, pids, ends, until } = startPool(context, FAULTS);
  await pool.started;
  const [pid = 0] = pids;
  process.kill(pid, "SIGKILL");
  await until(() => ends.length === 1 && pool.state().ready === 1);
  assert.notEqual(await answer("pid"), BigInt(pid));
});

test("an answer beside the answer ends the process and touches no other call", async (context) => {
  const { pool, call, answer, ends, until } = startPool(context, FAULTS);
  await pool.started;
  assert.equal((await failure(call({ what: "twice" }))).code, "worker_lost");
  assert.equal(await answer("answer", "mine"), "mine");
  await until(() => ends.length === 1);
  assert.equal(ends[0]?.reason, "protocol_error");
});

test("an artifact that changes its surroundings changes its own process only, and goes on", async (context) => {
  const { pool, answer } = startPool(context, FAULTS);
  await pool.started;
  assert.equal(await answer("surroundings"), "changed");
  assert.equal(await answer("answer", "still here"), "still here");
});

test("values that only look like data come as the data they are", async (context) => {
  const { pool, answer } = startPool(context, FAULTS);
  await pool.started;
  assert.deepEqual(
    await answer("values"),
    new Map<PythonValue, PythonValue>([
      ["decimal", new Decimal("1.50")],
      ["exponent", new Decimal("1000")],
      ["date", new CalendarDate("2026-01-31")],
      ["moment", new DateTime("2026-01-31T10:00:00.000005")],
      ["enum", "red"],
      ["array", [1.5, 2n, new Decimal("3")]],
      [
        "named tuple",
        new Map<PythonValue, PythonValue>([
          ["x", 1n],
          ["y", "two"],
        ]),
      ],
      ["ordered", new Map([["a", 1n]])],
      ["default", new Map([["b", [2n]]])],
      ["subclass", 7n],
      ["nan", Number.NaN],
      ["bytes", new Uint8Array([0, 255])],
    ]),
  );
});

test("what an artifact prints becomes lines and never disturbs the protocol", async (context) => {
  const { pool, answer, lines, until } = startPool(context, FAULTS);
  await pool.started;
  assert.equal(await answer("print"), "printed");
  await until(() => lines.length === 3);
  assert.deepEqual([...lines].sort(), ["raw bytes on descriptor 1", "to stderr", "to stdout"]);
});

test("a flood of output is cut, and said to be", async (context) => {
  const { pool, answer, lines, until } = startPool(context, FAULTS);
  await pool.started;
  assert.equal(await answer("flood"), "flooded");
  await pool.drain(1000);
  await until(() => lines.some((line) => line.includes("lines left out")));
  assert.ok(lines.length < 5000, `${lines.length} lines`);
});

test("standard input is empty and the working directory is the artifact's root", async (context) => {
  const { pool, answer } = startPool(context, FAULTS);
  await pool.started;
  assert.equal(await answer("stdin"), "");
  assert.equal(await answer("cwd"), FAULTS);
});

test("numerical libraries share the cores between the processes, unless they are told otherwise", async (context) => {
  process.env["MKL_NUM_THREADS"] = "7";
  context.after(() => Reflect.deleteProperty(process.env, "MKL_NUM_THREADS"));
  const processes = availableParallelism();
  const { pool, answer } = startPool(context, FAULTS, { processes });
  await pool.started;
  assert.equal(await answer("environment", "OMP_NUM_THREADS"), "1");
  assert.equal(await answer("environment", "MKL_NUM_THREADS"), "7");
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

test("an artifact that cannot be imported refuses the start, with the traceback for the log", async (context) => {
  const { pool, ends, call } = startPool(context, fixture("import-error"));
  await assert.rejects(pool.started, Refusal);
  assert.equal(ends[0]?.reason, "load_failed");
  assert.match(ends[0].traceback, /a_library_that_nobody_has_installed/);
  assert.equal((await failure(call({ what: "pid" }))).code, "unavailable");
});

test("a Python that does not exist refuses the start", async (context) => {
  const { pool, ends } = startPool(context, FAULTS, { python: "/nowhere/python3" });
  await assert.rejects(pool.started, Refusal);
  assert.equal(ends[0]?.reason, "spawn_failed");
});

test("an artifact that never finishes its import is given up", async (context) => {
  process.env["SLOW_IMPORT_UNTIL"] = "/nowhere/at/all";
  const { pool, ends } = startPool(context, fixture("slow-import"), {
    interface: argumentsOf("value"),
    startTimeoutMs: 500,
  });
  await assert.rejects(pool.started, Refusal);
  assert.equal(ends[0]?.reason, "start_timeout");
});

test("calls are unavailable until the artifact is loaded", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "slow-import-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const gate = join(folder, "go");
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

test("drain lets the calls in hand finish and leaves no process behind", async (context) => {
  const { pool, call, answer, pids } = startPool(context, FAULTS, { processes: 2 });
  await pool.started;
  const inHand = [answer("sleep", 0.3), answer("sleep", 0.3), answer("sleep", 0.1)];
  const drained = pool.drain(60_000);
  assert.equal((await failure(call({ what: "pid" }))).code, "unavailable");
  assert.deepEqual(await Promise.all(inHand), ["slept", "slept", "slept"]);
  await drained;
  for (const pid of pids) assert.ok(!existsSync(`/proc/${pid}`), `process ${pid} is still there`);
});

test("drain does not wait longer than its grace", async (context) => {
  const { pool, call, pids } = startPool(context, FAULTS);
  await pool.started;
  const hanging = failure(call({ what: "hang" }));
  await pool.drain(100);
  assert.equal((await hanging).code, "worker_lost");
  for (const pid of pids) assert.ok(!existsSync(`/proc/${pid}`), `process ${pid} is still there`);
});

test("a child that the artifact forks goes with its process", async (context) => {
  const { pool, answer, ends, until } = startPool(context, FAULTS);
  await pool.started;
  const pid = Number(await answer("leave child"));
  const children = groupOf(pid);
  assert.equal(children.length, 2);
  process.kill(pid, "SIGKILL");
  await until(() => ends.length === 1);
  assert.deepEqual(
    children.filter((child) => isRunning(child)),
    [],
  );
});

/** Processes of a group that still run; a zombie waits only for whoever reaps it. */
function groupOf(group: number): number[] {
  return readProcesses()
    .filter((found) => found.group === group && found.state !== "Z")
    .map(({ pid }) => pid);
}

function isRunning(pid: number): boolean {
  return readProcesses().some((found) => found.pid === pid && found.state !== "Z");
}

function readProcesses(): { pid: number; group: number; state: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state = "", , group = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return [{ pid: Number(name), group: Number(group), state }];
      } catch {
        return [];
      }
    });
}
