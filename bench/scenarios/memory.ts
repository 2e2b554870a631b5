/** `memory/<workload>/p<processes>/<server>`: memory of a server behind its first calls, by its number of processes. */
import { firstAnswer } from "../first-answer.js";
import { runLoad } from "../load/run-load.js";
import { readTreeMemory, total } from "../process-tree.js";
import { SERVERS, type ServerKind } from "../servers.js";
import type { Workload } from "../workloads.js";
import { workloadNamed, type Finding, type Scenario } from "./scenario.js";
import type { Workbench } from "../workbench.js";

const PROCESSES = [1, 2, 4, 8] as const;
const SERVER_NAMES = ["gateway", "grpcio", "fastapi"] as const;
/** Enough calls for every process to get some, so that each has made what it makes at its first call. */
const LOAD = { connections: 16, streams: 1, durationMs: 1000 } as const;
const TIMEOUT_MS = 10_000;
const MEGABYTE = 1024 ** 2;

export const MEMORY: readonly Scenario[] = ["trivial", "sklearn1"].map(workloadNamed).flatMap((workload) =>
  SERVERS.filter(({ name }) => SERVER_NAMES.some((wanted) => wanted === name)).flatMap((kind) =>
    PROCESSES.map((processes) => ({
      name: `memory/${workload.name}/p${processes}/${kind.name}`,
      kind: "memory" as const,
      run: (bench: Workbench) => measureMemory(bench, kind, workload, processes),
    })),
  ),
);

async function measureMemory(
  bench: Workbench,
  kind: ServerKind,
  workload: Workload,
  processes: number,
): Promise<Finding> {
  const one = await bench.prepare(workload, [kind]);
  if ("reason" in one) throw new Error(one.reason);
  const server = await bench.start(kind, one, { processes });
  try {
    const dialect = kind.speaks.grpc ?? kind.speaks.soap;
    if (dialect === undefined) throw new TypeError(`${kind.name} speaks nothing.`);
    const call = one.calls[dialect];
    const target = { ...call.request, port: server.port, timeoutMs: TIMEOUT_MS };
    const expected = await firstAnswer(target, call, one.answer);
    const { failures } = await runLoad({ ...LOAD, target, expected });
    const memory = readTreeMemory(server.pid);
    if (memory === undefined) throw new Error("this system does not tell the memory of a process");
    return {
      figures: {
        "PSS MB": total(memory) / MEGABYTE,
        "node MB": memory.node / MEGABYTE,
        "python MB": memory.python / MEGABYTE,
      },
      failures: Object.values(failures).reduce((sum, count) => sum + count, 0),
    };
  } finally {
    await bench.stop(server);
  }
}
