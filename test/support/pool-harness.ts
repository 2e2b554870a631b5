/** A real pool over a fixture artifact, with everything it reported. */
import { realpathSync } from "node:fs";
import type { TestContext } from "node:test";
import { readResult } from "../../src/call/read-result.js";
import type { EndReason, Observer } from "../../src/observe.js";
import type { MainInterface } from "../../src/pool/host-messages.js";
import { writePickle } from "../../src/pickle/pickle-writer.js";
import type { PoolOptions } from "../../src/pool/pool-options.js";
import { createPool, type Pool } from "../../src/pool/pool.js";
import { newStruct, type PythonValue, type Struct, type Value } from "../../src/values.js";

export interface Harness {
  readonly pool: Pool;
  readonly pids: number[];
  readonly ends: {
    readonly reason: EndReason;
    readonly pid: number | undefined;
    readonly traceback: string;
  }[];
  readonly lines: string[];
  /** `fork`, or `import` and why. */
  readonly startMethods: string[];
  /** Resolves when something the pool reports makes the condition true. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly call: (inputs: Record<string, Value>, options?: CallOptions) => Promise<Answer>;
  readonly answer: (what: string, detail?: Value) => Promise<PythonValue>;
}

export interface Answer {
  readonly value: PythonValue;
  readonly worker: number;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Where the fixture artifacts are, seen from the compiled tests. */
export function fixture(name: string): string {
  return realpathSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
}

/** The interface of a `main()` that takes these arguments and nothing else. */
export function argumentsOf(...names: string[]): MainInterface {
  return { tables: [], arguments: names, parameters: [] };
}

export const PYTHON = "python3";

/** Starts a pool that is drained, whatever happens, when the test ends. */
export function startPool(context: TestContext, root: string, options: Partial<PoolOptions> = {}): Harness {
  const pids: number[] = [];
  const ends: Harness["ends"] = [];
  const lines: string[] = [];
  const startMethods: string[] = [];
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watch) => watch());
  const observer: Observer = {
    callFinished: () => undefined,
    startMethodChosen: ({ forks, reason }) => void startMethods.push(forks ? "fork" : `import: ${reason}`),
    processStarted: ({ pid }) => void pids.push(pid),
    processReady: changed,
    processEnded({ reason, pid, traceback = "" }) {
      ends.push({ reason, pid, traceback });
      changed();
    },
    artifactOutput({ line }) {
      lines.push(line);
      changed();
    },
  };
  const pool = createPool({
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
    maxMessageBytes: 1_000_000,
    startTimeoutMs: 60_000,
    observer,
    ...options,
  });
  context.after(() => pool.drain(0));

  const call: Harness["call"] = async (inputs, { timeoutMs = 60_000, signal } = {}) => {
    const struct: Struct = Object.assign(newStruct(), inputs);
    const { result, worker } = await pool.dispatch(writePickle([[], struct, null]), {
      requestId: "test",
      deadlineAt: performance.now() + timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return { value: readResult(result), worker };
  };
  return {
    pool,
    pids,
    ends,
    lines,
    startMethods,
    call,
    async answer(what, detail = null) {
      return (await call({ what, detail })).value;
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
