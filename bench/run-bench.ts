/** A whole run: makes what is needed, starts the servers of each workload, takes its cases, and leaves nothing running. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLoadGenerator } from "./load/generator.js";
import { describeMachine } from "./machine.js";
import { measureCase, type Measurement, type Plan } from "./measure-case.js";
import type { Options } from "./options.js";
import type { PlannedCase, PlannedWorkload } from "./plan-cases.js";
import { prepareWorkload, type PreparedWorkload } from "./prepare-workload.js";
import { plainPython, preparePython } from "./python-environment.js";
import type { Run } from "./report.js";
import type { ServerSetting } from "./servers.js";
import { startServer, type RunningServer } from "./start-server.js";
import { seededRandom } from "./statistics.js";

type Setting = Pick<ServerSetting, "root" | "python" | "processes" | "profiles">;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * @param root folder of the repository
 * @throws Error when a server cannot be started or does not answer what `main()` says
 */
export async function runBench(
  root: string,
  planned: readonly PlannedWorkload[],
  options: Options,
): Promise<Omit<Run, "command">> {
  const { rounds, seconds, processes, seed } = options;
  const bench = join(root, "bench");
  const cache = join(root, ".cache");
  const kinds = planned.flatMap(({ cases }) => cases.flatMap(({ servers }) => servers));
  const hasPeers = kinds.some(({ isPeer }) => isPeer);
  const environment = hasPeers
    ? preparePython(options.python, join(bench, "peers", "requirements.txt"), cache)
    : plainPython(options.python);
  const { python } = environment;
  const setting = {
    root,
    python,
    processes,
    profiles: options.profile ? join(cache, "profiles") : undefined,
  };
  const machine = describeMachine(root, environment);
  const date = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;

  const folder = mkdtempSync(join(tmpdir(), "artifact-gateway-bench-"));
  const generator = startLoadGenerator();
  const plan: Plan = {
    rounds,
    roundMs: seconds * 1000,
    warmUpMs: options.quick ? 500 : 2000,
    random: seededRandom(seed),
    generator,
    onRound: (text) => process.stderr.write(`${text}\n`),
  };
  const measurements: Measurement[] = [];
  try {
    for (const { workload, cases } of planned) {
      const own = join(folder, workload.name);
      const prepared = await prepareWorkload(workload, bench, own, hasPeers ? python : undefined);
      measurements.push(...(await measureWorkload(prepared, cases, plan, setting)));
    }
  } finally {
    await generator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return { machine, date, rounds, seconds, processes, seed, measurements };
}

async function measureWorkload(
  prepared: PreparedWorkload,
  cases: readonly PlannedCase[],
  plan: Plan,
  setting: Setting,
): Promise<readonly Measurement[]> {
  const { artifact, interfaceFile } = prepared;
  const running: RunningServer[] = [];
  const measurements: Measurement[] = [];
  // Whoever ends the benchmark ends its servers; then the signal does what it always does.
  const onSignal = (signal: NodeJS.Signals): void => {
    for (const server of running) server.askToStop();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    for (const kind of new Set(cases.flatMap(({ servers }) => servers))) {
      const server = await startServer(kind, { ...setting, artifact, interfaceFile });
      running.push(server);
      await server.ready;
    }
    for (const one of cases) {
      const servers = running.filter(({ kind }) => one.servers.includes(kind));
      measurements.push(...(await measureCase(one, servers, prepared, plan)));
    }
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
  return measurements;
}
