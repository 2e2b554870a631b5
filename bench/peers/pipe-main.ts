/** `main()` in a Python process of its own, for a peer that is no Python program: the other end of `pipe_main.py`. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { defer, type Deferred } from "../../src/deferred.js";

export type JsonObject = Readonly<Record<string, unknown>>;

export interface PipeMain {
  /** Resolves when the process has loaded the artifact. */
  readonly ready: Promise<void>;
  /** Calls that are not answered yet. */
  readonly running: number;
  /**
   * What `main()` answers.
   * @param tables rows by the name of their table, values by the name of their column
   */
  call(tables: JsonObject): Promise<JsonObject>;
}

/** @param command the interpreter, `pipe_main.py` and its arguments; the process ends when this one does */
export function startPipeMain([file, ...args]: readonly [string, ...string[]]): PipeMain {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ready = defer<undefined>();
  const waiting = new Map<number, Deferred<JsonObject>>();
  let calls = 0;
  createInterface(child.stdout).on("line", (line) => {
    if (line === "ready") {
      ready.resolve(undefined);
      return;
    }
    const [id, answer] = JSON.parse(line) as [number, JsonObject];
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  return {
    ready: ready.promise,
    get running() {
      return waiting.size;
    },
    call(tables) {
      calls += 1;
      const outcome = defer<JsonObject>();
      waiting.set(calls, outcome);
      child.stdin.write(`${JSON.stringify([calls, tables])}\n`);
      return outcome.promise;
    },
  };
}
