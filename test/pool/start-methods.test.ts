/** Processes by fork or by import: what they share, what they must not share, and which artifacts are not forked. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import type { PythonValue } from "../../src/values.js";
import { memoryOf } from "../support/footprint.js";
import { fixture, PYTHON, startPool, type Harness } from "../support/pool-harness.js";

const AT_IMPORT = fixture("at-import");
const DATA_KB = 50 * 1024;

async function startAtImport(
  context: TestContext,
  behaviour: string,
  options: Partial<PoolOptions> = {},
): Promise<Harness> {
  process.env["AT_IMPORT"] = behaviour;
  const harness = startPool(context, AT_IMPORT, { processes: 3, ...options });
  await harness.pool.started;
  return harness;
}

/** The answer of each process, all asked at once. */
function answersOfAll({ answer, pool }: Harness, what: string): Promise<PythonValue[]> {
  return Promise.all(Array.from({ length: pool.state().processes }, () => answer(what)));
}

suite("by fork", () => {
  test("the artifact is imported once, and its data is in memory once", async (context) => {
    const { startMethods, pids, answer } = await startAtImport(context, "memory");
    assert.deepEqual(startMethods, ["fork"]);
    assert.equal(await answer("length"), BigInt(DATA_KB * 1024));
    for (const pid of pids) {
      assert.ok(memoryOf(pid, "Rss") > DATA_KB, "the data is there");
      // A share of the data for each of the three processes and the template, and what is its own.
      assert.ok(memoryOf(pid, "Pss") < DATA_KB / 2, `${memoryOf(pid, "Pss")} kB of process ${pid}`);
    }
  });

  test("a process that is lost is replaced without another import", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "imports-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const notes = join(folder, "notes");
    process.env["AT_IMPORT_FILE"] = notes;
    const { pool, pids, ends, until } = await startAtImport(context, "note_import");
    for (const pid of [...pids]) process.kill(pid, "SIGKILL");
    await until(() => ends.length === 3 && pool.state().ready === 3);
    const importers = readFileSync(notes, "utf8").trim().split("\n");
    assert.equal(importers.length, 1);
    assert.ok(!pids.includes(Number(importers[0])), "the template runs no calls");
  });

  test("children that nobody waits for do not keep an artifact from being forked", async (context) => {
    const { startMethods } = await startAtImport(context, "ignore_children");
    assert.deepEqual(startMethods, ["fork"]);
  });

  test("what any number of processes can share is no reason against it", async (context) => {
    const { startMethods } = await startAtImport(context, "harmless_files");
    assert.deepEqual(startMethods, ["fork"]);
  });
});

suite("by import", () => {
  test("every process imports for itself and holds data of its own", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "imports-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const notes = join(folder, "notes");
    process.env["AT_IMPORT_FILE"] = notes;
    const { pids, startMethods } = await startAtImport(context, "note_import", { startMethod: "import" });
    assert.deepEqual(startMethods, []);
    const importers = readFileSync(notes, "utf8").trim().split("\n").map(Number);
    assert.deepEqual(importers.sort(), [...pids].sort());
  });

  const reasons = [
    ["thread", "the artifact has started 1 threads"],
    ["connection", "the artifact holds a connection open"],
    ["file", "the artifact holds a file open"],
    ["program", "the artifact has started a process"],
  ] as const;
  for (const [behaviour, reason] of reasons) {
    test(`an artifact with a ${behaviour} is not forked, and it is said why`, async (context) => {
      const harness = await startAtImport(context, behaviour);
      const { startMethods, pids, ends, pool, until } = harness;
      assert.deepEqual(startMethods, [`import: ${reason}`]);
      assert.equal(new Set(pids).size, 3);
      const [pid = 0] = pids;
      process.kill(pid, "SIGKILL");
      await until(() => ends.length === 1 && pool.state().ready === 3);
      assert.ok(!(await answersOfAll(harness, "pid")).includes(BigInt(pid)));
    });
  }

  test("what an artifact has opened works in every process", async (context) => {
    const harness = await startAtImport(context, "file");
    const first = '"""Opens one file and keeps it open."""\n';
    for (const { worker, value } of await Promise.all([1, 2, 3].map(() => harness.call({ what: "read" })))) {
      assert.equal(value, first, `worker ${worker} shares its place in the file with another`);
    }
  });

  test("a program that an artifact has started stays", async (context) => {
    const harness = await startAtImport(context, "program");
    assert.deepEqual(await answersOfAll(harness, "poll"), [null, null, null]);
  });

  test("startMethod fork forks what would not be forked by itself", async (context) => {
    const { startMethods } = await startAtImport(context, "connection", { startMethod: "fork" });
    assert.deepEqual(startMethods, ["fork"]);
  });
});

suite("the shared random generators", () => {
  const hasNumpy = spawnSync(PYTHON, ["-c", "import numpy"]).status === 0;
  const generators = [
    { name: "random", what: "draw", skip: false },
    { name: "numpy", what: "draw_from_numpy", skip: hasNumpy ? false : `${PYTHON} has no numpy` },
  ] as const;
  for (const { name, what, skip } of generators) {
    test(`${name}: a seed that the artifact chose holds in every process`, { skip }, async (context) => {
      const forked = await startAtImport(context, "seeded");
      assert.deepEqual(forked.startMethods, ["fork"]);
      const imported = await startAtImport(context, "seeded", { startMethod: "import" });
      const expected = await answersOfAll(imported, what);
      assert.equal(new Set(expected).size, 1);
      assert.deepEqual(await answersOfAll(forked, what), expected);
    });

    test(`${name}: without one, processes draw differently`, { skip }, async (context) => {
      const harness = await startAtImport(context, "unseeded");
      assert.deepEqual(harness.startMethods, ["fork"]);
      assert.equal(new Set(await answersOfAll(harness, what)).size, 3);
    });
  }
});
