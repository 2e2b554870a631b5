/** A whole run: makes what is needed, starts the servers of each workload, takes its cases, and leaves nothing running. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allowedCores, moveToCores, splitCores } from "./cores.js";
import { createEnvironments } from "./environments.js";
import { startLoadGenerator } from "./load/generator.js";
import { describeMachine } from "./machine.js";
import { measureCase, type Plan } from "./measure-case.js";
import type { Measurement } from "./measurement.js";
import type { Options } from "./options.js";
import type { PlannedRun, PlannedWorkload } from "./plan-cases.js";
import type { Run } from "./report/run.js";
import type { ScenarioResult } from "./scenarios/scenario.js";
import type { RunningServer } from "./start-server.js";
import { seededRandom } from "./statistics.js";
import { createWorkbench, type Omission, type Workbench } from "./workbench.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * @param root folder of the repository
 * @throws Error when the gateway cannot be started, or a server does not answer what `main()` says
 */
export async function runBench(
  root: string,
  { workloads, scenarios }: PlannedRun,
  options: Options,
): Promise<Omit<Run, "command">> {
  const { rounds, seconds, processes, seed, python } = options;
  const cores = splitCores(allowedCores(), options.cores);
  if (cores !== undefined) moveToCores(cores.generator);
  const environments = createEnvironments(python, join(root, "bench"), join(root, ".cache"));
  const machine = describeMachine(root, python);
  const date = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;

  const folder = mkdtempSync(join(tmpdir(), "artifact-gateway-bench-"));
  const bench = createWorkbench(root, folder, options, cores, environments);
  const generator = startLoadGenerator();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const plan: Plan = {
    rounds,
    roundMs: seconds * 1000,
    warmUpMs: options.quick ? 500 : 2000,
    seed,
    random: seededRandom(seed),
    generator,
    onRound: say,
  };
  // Whoever ends the benchmark ends its servers and what it has made; then the signal does what it always does.
  const onSignal = (signal: NodeJS.Signals): void => {
    bench.askAllToStop();
    rmSync(folder, { recursive: true, force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const omissions: Omission[] = [];
  const measurements: Measurement[] = [];
  const findings: ScenarioResult[] = [];
  try {
    for (const planned of workloads) {
      measurements.push(...(await measureWorkload(bench, planned, plan, omissions)));
    }
    for (const { name, kind, run } of scenarios) {
      say(name);
      try {
        findings.push({ name, kind, ...(await run(bench)) });
      } catch (error) {
        omissions.push({ name, reason: reasonOf(error) });
      }
    }
  } finally {
    await generator.stop();
    for (const signal of SIGNALS) process.off(signal, onSignal);
    rmSync(folder, { recursive: true, force: true });
  }
  const packages = environments.packages();
  const circumstances = { machine, packages, cores, date, rounds, seconds, processes, seed };
  return { ...circumstances, measurements, findings, omissions };
}

async function measureWorkload(
  bench: Workbench,
  { workload, cases }: PlannedWorkload,
  plan: Plan,
  omissions: Omission[],
): Promise<readonly Measurement[]> {
  const kinds = [...new Set(cases.flatMap(({ servers }) => servers))];
  const prepared = await bench.prepare(workload, kinds);
  if ("reason" in prepared) {
    omissions.push({ name: workload.name, reason: prepared.reason });
    return [];
  }
  const running: RunningServer[] = [];
  const measurements: Measurement[] = [];
  const omit = (name: string, error: unknown): void => void omissions.push({ name, reason: reasonOf(error) });
  try {
    for (const kind of kinds) {
      try {
        running.push(await bench.start(kind, prepared));
      } catch (error) {
        // Without a peer there is something to compare with still; without the gateway there is nothing.
        if (kind.role === "gateway") throw error;
        omit(`${workload.name}/${kind.name}`, error);
      }
    }
    for (const one of cases) {
      const servers = running.filter(({ kind }) => one.servers.includes(kind));
      measurements.push(...(await measureCase(one, servers, prepared, plan, omit)));
    }
  } finally {
    await Promise.all(running.map((server) => bench.stop(server)));
  }
  return measurements;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
