/**
 * Everything at once for a while: saturation, crashes, hangs, errors, large messages, callers that go away, and processes
 * killed from outside. `POOL_SOAK_SECONDS` makes it longer, `POOL_SOAK_SEED` another one.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { GatewayError, type Code } from "../../src/errors.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import type { Value } from "../../src/values.js";
import { findProcesses, memoryInUse, returnTo, settle, settledFootprint } from "../support/footprint.js";
import { fixture, startPool, type Harness } from "../support/pool-harness.js";

const SECONDS = Number(process.env["POOL_SOAK_SECONDS"] ?? 10);
const SEED = Number(process.env["POOL_SOAK_SEED"] ?? 1);
const MEGABYTE = "m".repeat(1 << 20);
/** Callers that each wait for their answer before they call again: more than there are slots. */
const CALLERS = 32;
/** What the gateway may hold at the end beyond what it held after a third of the time, in bytes. */
const GROWTH = 24 << 20;

interface Kind {
  /** Of all kinds together. */
  readonly weight: number;
  readonly what: string;
  readonly detail?: (token: string, notes: string) => Value;
  /** What it is answered if nothing goes wrong; absent where something always does. */
  readonly answer?: (token: string) => Value;
  readonly timeoutMs?: number;
  /** How it may fail by itself; beside that, any call can be lost with its process. */
  readonly codes: readonly Code[];
  /** Whether the caller goes away at some moment. */
  readonly isLeft?: boolean;
}

const echo = { what: "answer", detail: (token: string) => token, answer: (token: string) => token };
/** Leaves a line behind each time that it is run. */
const note = { ...echo, what: "note", detail: (token: string, notes: string) => `${notes} ${token}` };
const KINDS: readonly Kind[] = [
  { weight: 350, ...echo, codes: [] },
  { weight: 350, ...note, codes: [] },
  { weight: 60, ...note, isLeft: true, codes: ["deadline_exceeded"] },
  {
    ...{ weight: 20, what: "answer", codes: [] },
    detail: (token) => token + MEGABYTE,
    answer: (token) => token + MEGABYTE,
  },
  { weight: 60, what: "sleep", detail: () => 0.01, answer: () => "slept", codes: [] },
  { weight: 80, what: "raise", codes: ["artifact_error"] },
  { weight: 20, what: "object", codes: ["output_invalid"] },
  { weight: 12, what: "hang", timeoutMs: 100, codes: ["deadline_exceeded"] },
  { weight: 6, what: "hang", isLeft: true, timeoutMs: 1000, codes: ["deadline_exceeded"] },
  { weight: 12, what: "exit", codes: [] },
  { weight: 6, what: "segfault", codes: [] },
  { weight: 6, what: "garbage", codes: [] },
  { weight: 3, what: "leave daemon", codes: [] },
];
const WEIGHT = KINDS.reduce((sum, { weight }) => sum + weight, 0);

const VARIANTS: readonly { readonly name: string; readonly options: Partial<PoolOptions> }[] = [
  { name: "one call at a time", options: { processes: 2, spareProcesses: 1 } },
  { name: "on threads", options: { processes: 2, spareProcesses: 1, concurrency: 8 } },
];

suite(`soak for ${SECONDS} s with seed ${SEED}`, () => {
  for (const { name, options } of VARIANTS) {
    test(name, { timeout: (SECONDS + 60) * 1000 }, async (context) => {
      const harness = startPool(context, fixture("faults"), {
        maxMessageBytes: 4 << 20,
        stopCancelled: true,
        ...options,
      });
      await harness.pool.started;
      await Promise.all(Array.from({ length: 16 }, () => harness.answer("sleep", 0.01)));
      const before = await settledFootprint();
      const folder = mkdtempSync(join(tmpdir(), "soak-"));
      context.after(() => rmSync(folder, { recursive: true }));
      const notes = join(folder, "notes");
      const outcome = await soak(harness, (SECONDS * 1000) / VARIANTS.length, random(SEED), notes);
      // A daemon that was left behind by a process that still runs goes with the next one that ends.
      kill("process", harness, Math.random);
      await returnTo(before);
      assert.equal(harness.pool.state().queued, 0);
      const noted = readFileSync(notes, "utf8").trim().split("\n");
      assert.equal(new Set(noted).size, noted.length, "a call was run twice");
      assert.ok(outcome.grown < GROWTH, `the gateway holds ${outcome.grown} bytes more`);
      // Enough has happened, and most of it was none of anybody's faults.
      assert.ok(outcome.calls > 50 * SECONDS, `${outcome.calls} calls`);
      assert.ok(outcome.answered > outcome.calls / 2, `${outcome.answered} of ${outcome.calls} answered`);
      assert.ok(outcome.kills > 0);
      const { calls, answered, kills } = outcome;
      context.diagnostic(`${calls} calls, ${answered} answered, ${kills} processes killed from outside`);
    });
  }
});

interface Outcome {
  readonly calls: number;
  readonly answered: number;
  readonly kills: number;
  readonly grown: number;
}

async function soak(harness: Harness, forMs: number, draw: () => number, notes: string): Promise<Outcome> {
  const endAt = performance.now() + forMs;
  const isOver = (): boolean => performance.now() > endAt;
  let calls = 0;
  let answered = 0;
  let kills = 0;

  const caller = async (name: number): Promise<void> => {
    while (!isOver()) {
      calls += 1;
      if (await makeCall(harness, draw, `${name}:${calls}`, notes)) answered += 1;
      if (calls % 200 === 0 && kill(KILLS[kills % KILLS.length] ?? "process", harness, draw)) kills += 1;
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, name) => caller(name));
  // Measured in the middle of the work, when whatever is kept for ever should have been made.
  const middle = await new Promise<number>((resolve) => {
    setTimeout(() => resolve(memoryInUse()), forMs / 3);
  });
  await Promise.all(callers);
  // Large buffers are given back a while after they are collected.
  let grown = 0;
  await settle(() => (grown = memoryInUse() - middle) < GROWTH);
  return { calls, answered, kills, grown };
}

/** Whether the call was answered. @throws AssertionError for what it must not end with */
async function makeCall(
  harness: Harness,
  draw: () => number,
  token: string,
  notes: string,
): Promise<boolean> {
  let place = draw() * WEIGHT;
  const kind = KINDS.find(({ weight }) => (place -= weight) < 0) ?? KINDS[0];
  assert.ok(kind !== undefined);
  const { what, detail = () => null, answer, timeoutMs = 20_000, codes, isLeft = false } = kind;
  const leaving = new AbortController();
  if (isLeft) setTimeout(() => leaving.abort(), draw() * 20);
  try {
    const options = { timeoutMs, signal: leaving.signal };
    const { value } = await harness.call({ what, detail: detail(token, notes) }, options);
    // A daemon's id, or the note of one that wrote garbage before it was stopped, is nothing to compare.
    if (answer !== undefined)
      assert.ok(value === answer(token), `${what} of ${token} got another call's answer`);
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const allowed: readonly Code[] = [...codes, "worker_lost", "unavailable"];
    assert.ok(allowed.includes(error.code), `${what}: ${error.code}: ${String(error.cause)}`);
    return false;
  }
}

/** Whom it hits, in turn; a lost supervisor takes everybody along and is hit less often. */
const KILLS = ["process", "process", "template", "process", "process", "supervisor"] as const;

function kill(whom: (typeof KILLS)[number], { pids }: Harness, draw: () => number): boolean {
  const found = findProcesses().filter(({ state }) => state !== "Z");
  const supervisor = found.find(({ parent }) => parent === process.pid)?.pid;
  const victims = {
    process: found.filter(({ pid }) => pids.includes(pid)),
    template: found.filter(({ pid, parent }) => parent === supervisor && !pids.includes(pid)),
    supervisor: found.filter(({ pid }) => pid === supervisor),
  }[whom];
  const victim = victims[Math.floor(draw() * victims.length)];
  if (victim === undefined) return false;
  try {
    process.kill(victim.pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/** Numbers from 0 up to 1, the same for the same seed (T. Ettinger, mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
