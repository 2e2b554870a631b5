/** Takes the measurements: every case over all of its servers, round by round, so that a noisy minute hits them alike. */
import type { Dialect } from "./calls/call.js";
import { firstAnswer } from "./first-answer.js";
import type { LoadGenerator } from "./load/generator.js";
import type { Load, LoadResult } from "./load/load.js";
import { CAPACITY_LOAD, LOADS, type LoadName, type LoadShape } from "./loads.js";
import { addFailures, figuresOf, summarise, type MeasuredRound, type Measurement } from "./measurement.js";
import { readMachineUsage, shareOfOthers } from "./other-work.js";
import type { PreparedWorkload } from "./prepare-workload.js";
import { readTreeCpu, readTreeMemory, type ByKind } from "./process-tree.js";
import type { Group } from "./servers.js";
import type { RunningServer } from "./start-server.js";
import { shuffle } from "./statistics.js";

export interface Case {
  /** `grpc/trivial/c64`. */
  readonly name: string;
  readonly group: Group;
  readonly load: LoadName;
}

export interface Plan {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly seed: number;
  readonly random: () => number;
  readonly generator: LoadGenerator;
  readonly onRound: (text: string) => void;
}

const TIMEOUT_MS = 10_000;
const WARM_UP_CONNECTIONS = 8;
/** Calls of an open loop that a connection may carry at a time where the protocol can. */
const OPEN_STREAMS = { soap: 1, json: 1, grpc: 8, openInference: 8 } as const satisfies Record<
  Dialect,
  number
>;

interface Entrant {
  readonly server: RunningServer;
  /** One round of the load, but for its length. */
  readonly load: Omit<Load, "durationMs">;
  readonly warmUp: LoadResult;
  readonly memoryAtStart: ByKind | undefined;
  readonly rounds: MeasuredRound[];
}

/**
 * The measurements of one case.
 * @param omit is told of a peer whose first answer is not what `main()` says; it takes no part
 * @throws Error when that is the gateway
 */
export async function measureCase(
  { name, group, load }: Case,
  servers: readonly RunningServer[],
  prepared: PreparedWorkload,
  plan: Plan,
  omit: (server: string, error: unknown) => void,
): Promise<readonly Measurement[]> {
  const shape: LoadShape = LOADS[load];
  const entrants: Entrant[] = [];
  for (const server of servers) {
    try {
      entrants.push(await enter(server, group, shape, prepared, plan));
    } catch (error) {
      if (server.kind.role === "gateway") throw error;
      omit(`${name}/${server.kind.name}`, error);
    }
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { server, load: entered, rounds } of shuffle(entrants, plan.random)) {
      const measured = await measureRound(server, () =>
        plan.generator.run({ ...entered, durationMs: plan.roundMs }),
      );
      rounds.push(measured);
      const rate = Math.round(figuresOf(measured).callsPerSecond);
      plan.onRound(`${name}/${server.kind.name} round ${round}: ${rate} calls/s`);
    }
  }
  return entrants.map((entrant) => conclude(name, shape, entrant));
}

/** The first call, the warm-up, and for an open loop the capacity. */
async function enter(
  server: RunningServer,
  group: Group,
  shape: LoadShape,
  { calls, answer }: PreparedWorkload,
  { generator, warmUpMs, roundMs, seed }: Plan,
): Promise<Entrant> {
  const { kind, pid, port } = server;
  const dialect = kind.speaks[group];
  if (dialect === undefined) throw new TypeError(`${kind.name} takes no part in ${group}.`);
  const call = calls[dialect];
  const target = { ...call.request, port, timeoutMs: TIMEOUT_MS };
  const expected = await firstAnswer(target, call, answer).catch((error: unknown) => {
    throw new Error(`${kind.name} over ${group}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const common = { target, expected };
  const { shareOfCapacity } = shape;
  // One call at a time would leave a server cold: compilers count calls.
  const connections =
    shareOfCapacity === undefined
      ? Math.max(shape.connections, WARM_UP_CONNECTIONS)
      : LOADS[CAPACITY_LOAD].connections;
  const warmUp = await generator.run({ ...common, connections, streams: 1, durationMs: warmUpMs });
  const memoryAtStart = readTreeMemory(pid);
  const rest = { server, warmUp, memoryAtStart, rounds: [] };
  if (shareOfCapacity === undefined) {
    return { ...rest, load: { ...common, connections: shape.connections, streams: 1 } };
  }
  const full = await generator.run({ ...common, connections, streams: 1, durationMs: roundMs });
  const perSecond = (shareOfCapacity * full.latencies.length) / (full.elapsedMs / 1000);
  const streams = OPEN_STREAMS[dialect];
  const arrivals = { perSecond, seed };
  return { ...rest, load: { ...common, connections: shape.connections, streams, arrivals } };
}

async function measureRound({ pid }: RunningServer, run: () => Promise<LoadResult>): Promise<MeasuredRound> {
  const before = { cpu: readTreeCpu(pid), machine: readMachineUsage() };
  const load = await run();
  const after = { cpu: readTreeCpu(pid), machine: readMachineUsage() };
  return {
    load,
    cpuMs: before.cpu && after.cpu && difference(before.cpu, after.cpu),
    othersBusy: before.machine && after.machine && shareOfOthers(before.machine, after.machine),
  };
}

function difference(before: ByKind, after: ByKind): ByKind {
  return {
    node: after.node - before.node,
    python: after.python - before.python,
    other: after.other - before.other,
  };
}

function conclude(name: string, shape: LoadShape, entrant: Entrant): Measurement {
  const { server, warmUp, rounds: measured, memoryAtStart, load } = entrant;
  const loads = measured.map((round) => round.load);
  const rounds = measured.map(figuresOf);
  const memoryAtEnd = readTreeMemory(server.pid);
  return {
    case: name,
    server: server.kind.name,
    summary: summarise(rounds, loads),
    rounds,
    calls: loads.reduce((sum, { latencies }) => sum + latencies.length, 0),
    ...(load.arrivals === undefined ? {} : { offeredPerSecond: load.arrivals.perSecond }),
    failures: addFailures([warmUp, ...loads]),
    isOverload: shape.isOverload,
    ...(memoryAtStart === undefined || memoryAtEnd === undefined
      ? {}
      : { pssBytes: { start: memoryAtStart, end: memoryAtEnd } }),
  };
}
