/** Starts the load generator: one process of its own for all servers, so that nobody's client is favoured. */
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Load, LoadResult } from "./load.js";

export interface LoadGenerator {
  /** One load after another, never two at a time. @throws Error when the process has ended */
  run(load: Load): Promise<LoadResult>;
  stop(): Promise<void>;
}

const PROCESS = new URL("./generator-process.js", import.meta.url);

export function startLoadGenerator(): LoadGenerator {
  // Structured cloning: requests and latencies are typed arrays, which JSON would take apart.
  const child = fork(PROCESS, { serialization: "advanced" });
  const ended = once(child, "exit").then(() => {
    throw new Error("The load generator ended by itself.");
  });
  ended.catch(() => undefined);
  return {
    async run(load) {
      const result = once(child, "message") as Promise<[LoadResult]>;
      child.send(load);
      const [answer] = await Promise.race([result, ended]);
      return answer;
    },
    async stop() {
      if (!child.connected) return;
      const exited = once(child, "exit");
      // It has nothing else to wait for.
      child.disconnect();
      await exited;
    },
  };
}
