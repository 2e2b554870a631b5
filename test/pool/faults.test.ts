/** Whatever a call does to its process: it settles with the right code, the next one is answered, and nothing leaks. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Code } from "../../src/errors.js";
import type { EndReason } from "../../src/observe.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import type { Value } from "../../src/values.js";
import { returnTo, settledFootprint } from "../support/footprint.js";
import { failure, fixture, startPool } from "../support/pool-harness.js";

const FAULTS = fixture("faults");

interface Fault {
  /** The module of the fixture that does it. */
  readonly what: string;
  readonly code: Code;
  /** Why the process ended, one of these; nothing when it goes on. */
  readonly ends?: readonly EndReason[];
  readonly detail?: Value;
  readonly timeoutMs?: number;
  readonly options?: Partial<PoolOptions>;
}

const RAISES = { code: "artifact_error" } as const;
const NOT_DATA = { code: "output_invalid" } as const;
const BROKEN = { code: "worker_lost", ends: ["protocol_error"] } as const;
const OVERRUN = { code: "deadline_exceeded", ends: ["deadline"], timeoutMs: 200 } as const;

const MATRIX: readonly Fault[] = [
  { what: "raise", ...RAISES, detail: "4111111111111111" },
  { what: "sys exit", ...RAISES },
  { what: "interrupt", ...RAISES },
  { what: "recurse", ...RAISES },
  { what: "unprintable", ...RAISES },
  { what: "long story", ...RAISES },
  { what: "out of memory", ...RAISES },
  { what: "grow", ...RAISES, options: { memoryLimitMb: 200 } },

  { what: "object", ...NOT_DATA },
  { what: "set", ...NOT_DATA },
  { what: "cycle", ...NOT_DATA },
  { what: "deep", ...NOT_DATA },
  { what: "generator", ...NOT_DATA },
  { what: "surrogate", ...NOT_DATA },
  { what: "liar", ...NOT_DATA },
  { what: "huge", ...NOT_DATA },

  { what: "exit", code: "worker_lost", ends: ["exit"] },
  { what: "kill", code: "worker_lost", ends: ["signal"] },
  { what: "segfault", code: "worker_lost", ends: ["signal"] },
  { what: "abort", code: "worker_lost", ends: ["signal"] },
  { what: "daemonise", code: "worker_lost", ends: ["exit"] },
  { what: "half a frame", code: "worker_lost", ends: ["exit"] },
  { what: "kill parent", code: "worker_lost", ends: ["supervisor_lost"] },
  { what: "garbage", ...BROKEN },
  { what: "wrong id", ...BROKEN },
  // It notices when it cannot answer; the gateway gives it a moment to say how it ended.
  { what: "close descriptors", code: "worker_lost", ends: ["exit", "protocol_error"] },

  { what: "hang", ...OVERRUN },
  { what: "spin", ...OVERRUN },
  { what: "hold the lock", ...OVERRUN },
  { what: "deaf", ...OVERRUN },
  { what: "stop", ...OVERRUN },
  { what: "fork bomb", ...OVERRUN },
];

for (const startMethod of ["auto", "import"] as const) {
  suite(`a call that fails takes nothing else along (${startMethod})`, () => {
    for (const { what, code, ends: reasons = [], detail = null, timeoutMs, options } of MATRIX) {
      test(`${what}: ${code}, ${reasons.join(" or ") || "and its process goes on"}`, async (context) => {
        const harness = startPool(context, FAULTS, { startMethod, ...options });
        const { pool, call, answer, ends, startMethods, until } = harness;
        await pool.started;
        assert.deepEqual(startMethods, startMethod === "auto" ? ["fork"] : []);
        const pid = await answer("pid");
        const before = await settledFootprint();

        const error = await failure(call({ what, detail }, timeoutMs === undefined ? {} : { timeoutMs }));
        assert.equal(error.code, code, String(error.cause));
        assert.equal(error.started, true);
        assert.doesNotMatch(error.message, /4111|Traceback|python/);

        assert.equal(await answer("answer", "still here"), "still here");
        if (reasons.length > 0) await until(() => ends.length > 0);
        assert.equal((await answer("pid")) === pid, reasons.length === 0, "whether the process is the same");
        assert.equal(ends.length, reasons.length === 0 ? 0 : 1);
        for (const { reason } of ends) assert.ok(reasons.includes(reason), reason);
        await returnTo(before);
      });
    }
  });

  suite(`what an artifact may do to its process without failing (${startMethod})`, () => {
    const cases = [
      ["print", "printed"],
      ["surroundings", "changed"],
      ["clock", "changed"],
      ["close streams", "closed"],
      ["leave thread", "left"],
      ["hang at exit", "registered"],
      ["ignore children", "ignored"],
    ] as const;
    for (const [what, answered] of cases) {
      test(`${what}: the process goes on, and leaves when it is told to`, async (context) => {
        const { pool, call, answer, ends } = startPool(context, FAULTS, { startMethod });
        await pool.started;
        const pid = await answer("pid");
        const first = await call({ what });
        assert.equal(first.value, answered);
        const second = await call({ what: "pid" });
        assert.equal(second.value, pid);
        for (const { runMs } of [first, second]) assert.ok(runMs >= 0 && runMs < 60_000, `${runMs} ms`);
        await pool.drain(1000);
        assert.deepEqual(
          ends.map(({ reason }) => reason),
          ["drain"],
        );
      });
    }
  });
}

test("the cause of an artifact's error is kept for the log", async (context) => {
  const { pool, call } = startPool(context, FAULTS);
  await pool.started;
  const { cause } = await failure(call({ what: "raise", detail: "in the log" }));
  assert.match(String(cause), /ValueError: the secret is in the log/);
  assert.match(String((await failure(call({ what: "object" }))).cause), /result\['rows'\]\[0\]\['score'\]/);
});

test("a failure is short, however long the artifact's story is", async (context) => {
  const { pool, call } = startPool(context, FAULTS, { maxMessageBytes: 1000 });
  await pool.started;
  for (const what of ["unprintable", "long story", "recurse"]) {
    const { code, cause } = await failure(call({ what }));
    assert.equal(code, "artifact_error", what);
    assert.ok(String(cause).length < 20_000, `${what}: ${String(cause).length} characters`);
  }
});

test("an answer beside the answer ends the process and touches no other call", async (context) => {
  const { pool, call, answer, ends, until } = startPool(context, FAULTS);
  await pool.started;
  assert.equal((await failure(call({ what: "twice" }))).code, "worker_lost");
  assert.equal(await answer("answer", "mine"), "mine");
  await until(() => ends.length === 1);
  assert.equal(ends[0]?.reason, "protocol_error");
});

test("an answer too large for a message is refused by the process that gave it", async (context) => {
  const { pool, call, ends } = startPool(context, FAULTS, { maxMessageBytes: 100_000 });
  await pool.started;
  const fits = "x".repeat(99_900);
  assert.equal((await call({ what: "answer", detail: fits })).value, fits);
  const { code, cause } = await failure(call({ what: "answer", detail: `${fits}${"x".repeat(200)}` }));
  assert.equal(code, "output_invalid");
  assert.match(String(cause), /larger than 100000 bytes/);
  assert.deepEqual(ends, []);
});
