/** What an artifact prints, reads and finds around it. */
import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { fixture, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");

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

test("megabytes without an end of line are cut, and the call is answered", async (context) => {
  const { pool, answer, lines } = startPool(context, FAULTS);
  await pool.started;
  assert.equal(await answer("megabytes", 30n), "printed");
  assert.equal(await answer("answer", "still here"), "still here");
  await pool.drain(1000);
  assert.ok(lines.length > 2, "nothing of it has come");
  const characters = lines.reduce((sum, line) => sum + line.length, 0);
  assert.ok(characters < 40_000_000, `${characters} characters`);
  assert.ok(Math.max(...lines.map((line) => line.length)) < 100_000);
});

for (const startMethod of ["auto", "import"] as const) {
  test(`what is printed at import comes once for every import (${startMethod})`, async (context) => {
    process.env["AT_IMPORT"] = "say";
    const options = { startMethod, processes: 2 };
    const { pool, lines, until } = startPool(context, fixture("at-import"), options);
    await pool.started;
    const said = startMethod === "auto" ? ["loading", "with a warning"] : repeat("loading", "with a warning");
    await until(() => lines.length === said.length);
    assert.deepEqual([...lines].sort(), said);
  });
}

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

function repeat(...lines: string[]): string[] {
  return lines.flatMap((line) => [line, line]);
}
