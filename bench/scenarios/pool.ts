/** `pool/row30/c<calls in flight>`: the pool without a network, against the same bytes over bare pipes. */
import { join } from "node:path";
import { percentile } from "../statistics.js";
import type { Workbench } from "../workbench.js";
import type { PoolResult, PoolTask } from "./pool-process.js";
import { runInProcess } from "./run-in-process.js";
import { prepared, workloadNamed, type Finding, type Scenario } from "./scenario.js";

const PROCESS = new URL("./pool-process.js", import.meta.url);
const CONCURRENCIES = [1, 16] as const;

export const POOL: readonly Scenario[] = CONCURRENCIES.map((concurrency) => ({
  name: `pool/row30/c${concurrency}`,
  kind: "pool",
  run: (bench) => measurePool(bench, concurrency),
}));

async function measurePool(bench: Workbench, concurrency: number): Promise<Finding> {
  const { artifact, inputFile, python } = await prepared(bench, workloadNamed("trivial"));
  const { processes, seconds, rounds } = bench.options;
  const echoProgram = join(bench.root, "bench", "peers", "pipe_echo.py");
  const durationMs = seconds * rounds * 1000;
  const task: PoolTask = { artifact, inputFile, python, echoProgram, processes, concurrency, durationMs };
  const result = await runInProcess<PoolResult>(PROCESS, bench.cores?.servers, task);
  const { calls, echoes, callingMs, cpuMs, bytes, failures } = result;
  const pool = percentile([calls], 50);
  const pipe = percentile([echoes], 50);
  return {
    figures: {
      bytes,
      "calls/s": calls.length / (callingMs / 1000),
      "p50 µs": pool * 1000,
      "p99 µs": percentile([calls], 99) * 1000,
      "pipe p50 µs": pipe * 1000,
      "pipe p99 µs": percentile([echoes], 99) * 1000,
      // An echo is one call at a time: with more in flight, the two say nothing of one another.
      ...(concurrency === 1 ? { "p50 / pipe p50": pool / pipe } : {}),
      "Node CPU µs/call": (cpuMs * 1000) / calls.length,
    },
    failures,
  };
}
