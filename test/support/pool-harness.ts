/** A real pool over a fixture artifact, with everything it reported, and the check that nothing of it is left. */
import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import type { TestContext } from "node:test";
import { DEFAULT_MAIN_OPTIONS } from "../../src/contract/main-options.js";
import { readResult } from "../../src/call/read-result.js";
import { GatewayError } from "../../src/errors.js";
import type { EndReason, Observer } from "../../src/observe.js";
import type { MainInterface } from "../../src/pool/host-messages.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import { createPool, type Pool } from "../../src/pool/pool.js";
import { newStruct, type PythonValue, type Struct, type Value } from "../../src/values.js";
import { returnTo, takeFootprint, type Footprint } from "./footprint.js";

export interface Harness {
  readonly pool: Pool;
  readonly pids: number[];
  readonly ends: {
    readonly reason: EndReason;
    readonly pid: number | undefined;
    readonly detail: string;
    readonly traceback: string;
  }[];
  readonly lines: string[];
  /** `fork`, or `import` and why. */
  readonly startMethods: string[];
  /** Resolves when something the pool reports makes the condition true. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly call: (inputs: Record<string, Value>, options?: CallOptions) => Promise<Answer>;
  readonly answer: (what: string, detail?: Value) => Promise<PythonValue>;
  /** Dispatches inputs that are encoded already: `[tables, arguments, parameters]`. */
  readonly dispatch: (inputs: Value, options?: CallOptions) => Promise<Answer>;
}

export interface Answer {
  readonly value: PythonValue;
  readonly worker: number;
  readonly runMs: number;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Rows of the only table, for calls that may be joined with others. */
  readonly rows?: number;
}

/** Where the fixture artifacts are, seen from the compiled tests. */
export function fixture(name: string): string {
  return realpathSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
}

/** The interface of a `main()` that takes these arguments and nothing else. */
export function argumentsOf(...names: string[]): MainInterface {
  return { tables: [], arguments: names, parameters: [], options: DEFAULT_MAIN_OPTIONS };
}

/** The inputs of a call of such a `main()`. */
export function inputsOf(named: Record<string, Value>): Value {
  const struct: Struct = Object.assign(newStruct(), named);
  return [[], struct, null];
}

/** The error of a call that has to fail. */
export async function failure(call: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await call.then(
    () => assert.fail("the call should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, String(error));
  return error;
}

export const PYTHON = "python3";

/** The pools that run, and what there was before the first of them. */
const pools = new Set<Pool>();
let before: Footprint | undefined;

/** A pool of one process with nothing chosen that has a default. */
export function poolOptions(root: string): Omit<PoolOptions, "observer"> {
  return {
    service: "fixture",
    root,
    interface: argumentsOf("what", "detail"),
    python: PYTHON,
    processes: 1,
    spareProcesses: 0,
    startMethod: "auto",
    concurrency: undefined,
    sample: undefined,
    nativeThreads: 1,
    memoryLimitMb: undefined,
    pinToCpu: false,
    stopCancelled: false,
    recycleAfterCalls: 0,
    recycleAboveMb: 0,
    batchRows: 0,
    batchDelayUs: 0,
    maxMessageBytes: 1_000_000,
    maxQueued: 1000,
    maxQueuedBytes: 1_000_000_000,
    startTimeoutMs: 60_000,
  };
}

/** Takes no interest. */
export const SILENT: Observer = {
  callFinished: () => undefined,
  tls: () => undefined,
  defect: () => undefined,
  startMethodChosen: () => undefined,
  processStarted: () => undefined,
  processReady: () => undefined,
  processEnded: () => undefined,
  artifactOutput: () => undefined,
};

/**
 * Starts a pool that is drained, whatever happens, when the test ends. The test fails if anything is left of it then: a
 * process, a thread, a descriptor or a timer.
 */
export function startPool(context: TestContext, root: string, options: Partial<PoolOptions> = {}): Harness {
  const pids: number[] = [];
  const ends: Harness["ends"] = [];
  const lines: string[] = [];
  const startMethods: string[] = [];
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watch) => watch());
  const observer: Observer = {
    ...SILENT,
    defect: ({ error }) => assert.fail(String(error)),
    startMethodChosen: ({ forks, reason }) => void startMethods.push(forks ? "fork" : `import: ${reason}`),
    processStarted({ pid }) {
      pids.push(pid);
      changed();
    },
    processReady: changed,
    processEnded({ reason, pid, detail, traceback = "" }) {
      ends.push({ reason, pid, detail, traceback });
      changed();
    },
    artifactOutput({ line }) {
      lines.push(line);
      changed();
    },
  };
  if (pools.size === 0) before = takeFootprint();
  const pool = createPool({ ...poolOptions(root), observer, ...options });
  pools.add(pool);
  context.after(async () => {
    await pool.drain(0);
    pools.delete(pool);
    if (pools.size === 0 && before !== undefined) await returnTo(before);
  });

  const dispatch: Harness["dispatch"] = async (inputs, { timeoutMs = 60_000, ...more } = {}) => {
    const { result, worker, runMs } = await pool.dispatch(writePickle(inputs), {
      requestId: "test",
      deadlineAt: performance.now() + timeoutMs,
      ...more,
    });
    return { value: readResult(result), worker, runMs };
  };
  return {
    pool,
    pids,
    ends,
    lines,
    startMethods,
    dispatch,
    call: (inputs, callOptions) => dispatch(inputsOf(inputs), callOptions),
    async answer(what, detail = null) {
      return (await dispatch(inputsOf({ what, detail }))).value;
    },
    until(condition) {
      return new Promise((resolve) => {
        const watch = (): void => {
          if (!condition()) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      });
    },
  };
}
