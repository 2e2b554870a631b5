/**
 * The process that measures the pool without a network: one row of inputs to `main()` and back, in turn with the same
 * bytes over bare pipes. It is a process of its own because its processor time is what is measured.
 */
import { readFileSync } from "node:fs";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { compileInputsEncoder } from "../../src/call/encode-inputs.js";
import { loadConfig } from "../../src/config.js";
import { contractOne } from "../../src/contracted.js";
import { serveArtifact } from "../../src/serve-artifact.js";
import { structFromJson } from "../../src/json/decode.js";
import { createLog, createLogObserver } from "../../src/ops/logger.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { startPipeEcho } from "./pipe-echo.js";

export interface PoolTask {
  readonly artifact: string;
  readonly inputFile: string;
  readonly python: string;
  readonly echoProgram: string;
  readonly processes: number;
  /** Calls in flight. */
  readonly concurrency: number;
  readonly durationMs: number;
}

export interface PoolResult {
  /** Milliseconds of each call, and of each echo. */
  readonly calls: Float64Array;
  readonly echoes: Float64Array;
  /** Time in which calls were made, and processor time of this process meanwhile, in milliseconds. */
  readonly callingMs: number;
  readonly cpuMs: number;
  /** Bytes of the inputs as they travel. */
  readonly bytes: number;
  readonly failures: number;
}

/** Length of one turn of calls or echoes: short, so that a noisy moment hits both. */
const TURN_MS = 100;
/** The first part of the time is a warm-up and is not counted. */
const WARM_UP_SHARE = 0.25;
const DEADLINE_MS = 10_000;
const GRACE_MS = 1000;

async function measurePool(task: PoolTask): Promise<PoolResult> {
  const opened = await openArtifact(task.artifact);
  const artifact = await readArtifact(opened);
  const { python, processes } = task;
  const flags = { python, processes: String(processes), spareProcesses: "0", logLevel: "error" };
  const log = createLog({ level: "error" });
  const { pool, service } = serveArtifact(
    contractOne(artifact, [], false),
    loadConfig(flags),
    createLogObserver(log),
  );
  const { request } = service.operation;
  const json = parseStrictJson(readFileSync(task.inputFile), task.inputFile);
  const inputs = compileInputsEncoder(request)(structFromJson(request, json, "", []));
  const echo = await startPipeEcho(python, task.echoProgram);
  await pool.started;

  const calls: number[] = [];
  const echoes: number[] = [];
  let callingMs = 0;
  let cpuMs = 0;
  let failures = 0;
  const began = performance.now();
  const warmUntil = began + task.durationMs * WARM_UP_SHARE;
  const isWarm = (): boolean => performance.now() >= warmUntil;
  const callOne = async (): Promise<void> => {
    const sent = performance.now();
    try {
      await pool.dispatch(inputs, { requestId: "bench", deadlineAt: sent + DEADLINE_MS });
      if (isWarm()) calls.push(performance.now() - sent);
    } catch {
      failures += 1;
    }
  };
  const callFor = async (until: number): Promise<void> => {
    while (performance.now() < until) await callOne();
  };
  while (performance.now() < began + task.durationMs) {
    const warm = isWarm();
    const turn = performance.now();
    const cpuBefore = process.cpuUsage();
    await Promise.all(Array.from({ length: task.concurrency }, () => callFor(turn + TURN_MS)));
    const { user, system } = process.cpuUsage(cpuBefore);
    const turned = performance.now();
    if (warm) {
      callingMs += turned - turn;
      cpuMs += (user + system) / 1000;
    }
    while (performance.now() < turned + TURN_MS) {
      const sent = performance.now();
      await echo.send(inputs);
      if (isWarm()) echoes.push(performance.now() - sent);
    }
  }
  await echo.stop();
  await pool.drain(GRACE_MS);
  await log.close();
  await opened.close();
  const samples = { calls: Float64Array.from(calls), echoes: Float64Array.from(echoes) };
  return { ...samples, callingMs, cpuMs, bytes: inputs.length, failures };
}

process.once("message", (task: PoolTask) => {
  void measurePool(task).then((result) => process.send?.(result, () => process.disconnect()));
});
