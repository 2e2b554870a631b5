/** Calls that are sent to a process before their turn: none is held up for long, lost, or begun twice. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { mayWait } from "../../src/pool/ahead.js";
import { GatewayError } from "../../src/errors.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import { failure, fixture, startPool, type Answer, type Harness } from "../support/pool-harness.js";

interface Recorded extends Harness {
  readonly record: (token: string, then?: string, timeoutMs?: number) => Promise<Answer>;
  /** The tokens of the calls that have begun, in order. */
  readonly begun: () => string[];
}

/** A pool that has seen enough short calls to send others ahead. */
async function startRecorded(context: TestContext, options: Partial<PoolOptions>): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), "ahead-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "begun");
  const harness = startPool(context, fixture("faults"), options);
  await harness.pool.started;
  for (let index = 0; index < 20; index += 1) await harness.answer("answer", 1n);
  return {
    ...harness,
    record: (token, then = "", timeoutMs = 60_000) =>
      harness.call({ what: "record", detail: [path, token, then] }, { timeoutMs }),
    begun: () => readFileSync(path, "utf8").trim().split("\n"),
  };
}

const tokens = Array.from({ length: 12 }, (_, index) => `call ${index}`);

test("as many calls may wait as are answered in a moment, and none behind a long one", () => {
  const expected = [
    [0, 0],
    [0.001, 31],
    [0.1, 15],
    [0.5, 3],
    [1.4, 1],
    [2.9, 1],
    [3, 0],
    [1000, 0],
  ] as const;
  for (const queued of [0, 31]) {
    for (const [meanMs, calls] of expected) assert.equal(mayWait(meanMs, queued), calls, `${meanMs} ms`);
  }
});

test("while many wait in the queue more of them may wait in a process, and still none behind a long one", () => {
  const expected = [
    [0, 0],
    [0.1, 31],
    [0.5, 20],
    [2.9, 3],
    [3, 0],
  ] as const;
  for (const [meanMs, calls] of expected) assert.equal(mayWait(meanMs, 32), calls, `${meanMs} ms`);
});

test("calls are sent ahead, and answered in their order", async (context) => {
  const { pool, record, begun } = await startRecorded(context, {});
  const answers = tokens.map((token) => record(token));
  const { queued, running } = pool.state();
  assert.ok(running > 1, "nothing was sent ahead");
  assert.equal(queued + running, tokens.length);
  assert.deepEqual(
    (await Promise.all(answers)).map(({ value }) => value),
    tokens,
  );
  assert.deepEqual(begun(), tokens);
});

test("a call that hangs does not hold up those behind it", async (context) => {
  const { record, begun } = await startRecorded(context, { processes: 2 });
  let isOver = false;
  const hanging = failure(record("hanging", "hang", 2000)).finally(() => (isOver = true));
  const answers = await Promise.all(tokens.map((token) => record(token)));
  assert.equal(isOver, false, "the others waited for the one that hangs");
  assert.deepEqual(
    answers.map(({ value }) => value),
    tokens,
  );
  assert.equal((await hanging).code, "deadline_exceeded");
  assert.deepEqual(begun().sort(), ["hanging", ...tokens].sort());
});

test("with one process they go to the next one, and begin once", async (context) => {
  const { record, begun } = await startRecorded(context, {});
  const hanging = failure(record("hanging", "hang", 300));
  const answers = await Promise.all(tokens.map((token) => record(token)));
  assert.deepEqual(
    answers.map(({ value }) => value),
    tokens,
  );
  assert.equal((await hanging).code, "deadline_exceeded");
  assert.deepEqual(begun(), ["hanging", ...tokens]);
});

test("a process that dies takes only the call that it runs along", async (context) => {
  const { record, begun } = await startRecorded(context, {});
  const lost = failure(record("lost", "kill"));
  const answers = await Promise.all(tokens.map((token) => record(token)));
  assert.deepEqual(
    answers.map(({ value }) => value),
    tokens,
  );
  assert.equal((await lost).code, "worker_lost");
  assert.deepEqual(begun(), ["lost", ...tokens]);
});

test("whatever dies under them, no call is lost, answered twice or begun twice", async (context) => {
  const { record, begun } = await startRecorded(context, { processes: 2, spareProcesses: 1 });
  const outcomes = await Promise.all(
    Array.from({ length: 600 }, async (_, index) => {
      const token = `call ${index}`;
      const then = index % 29 === 3 ? "kill" : "";
      try {
        const { value } = await record(token, then);
        assert.equal(value, token);
        return { token, then, answered: true };
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
        assert.equal(error.code, "worker_lost");
        return { token, then, answered: false };
      }
    }),
  );
  const times = new Map<string, number>();
  for (const token of begun()) times.set(token, (times.get(token) ?? 0) + 1);
  for (const { token, then, answered } of outcomes) {
    assert.equal(answered, then === "", token);
    assert.equal(times.get(token), 1, token);
  }
});
