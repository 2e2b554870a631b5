/** Takes the measurements: every case over all of its servers, round by round, so that a noisy minute hits them alike. */
import { openConnection, type LoadResult } from "./load/closed-loop.js";
import type { Failure, Target } from "./load/connection.js";
import type { LoadGenerator } from "./load/generator.js";
import type { PreparedWorkload } from "./prepare-workload.js";
import { readMachineUsage, shareOfOthers } from "./other-work.js";
import { readProcessTree } from "./process-tree.js";
import type { Call } from "./requests.js";
import type { RunningServer } from "./start-server.js";
import { median, percentile, shuffle } from "./statistics.js";

/** Calls in flight, one on each connection: what a server balances over its processes. */
export const CONCURRENCIES = [1, 8, 64] as const;

export interface Case {
  /** `grpc/trivial/c64`. */
  readonly name: string;
  readonly protocol: Target["protocol"];
  readonly concurrency: number;
}

export interface Round {
  readonly callsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Processor time of the server's processes for one call, in microseconds. */
  readonly serverCpuUs?: number;
  /** Share of one processor that the load generator used; near 1, it is what was measured. */
  readonly clientBusy: number;
  /** Share of all processors that was not there for the benchmark: noise. */
  readonly othersBusy?: number;
}

export interface Measurement {
  readonly case: string;
  readonly server: string;
  /** Medians of the rounds, p50 and p99 over all calls of all rounds, in milliseconds. */
  readonly summary: Round;
  readonly rounds: readonly Round[];
  readonly calls: number;
  /** Of every call, those of the warm-up too. */
  readonly failures: Readonly<Record<Failure, number>>;
  /** Resident memory of the server's processes behind the warm-up and at the end. */
  readonly rssBytes?: { readonly start: number; readonly end: number };
}

export interface Plan {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly random: () => number;
  readonly generator: LoadGenerator;
  readonly onRound: (text: string) => void;
}

const TIMEOUT_MS = 10_000;
const WARM_UP_CONNECTIONS = 8;

interface MeasuredRound {
  readonly load: LoadResult;
  readonly serverCpuMs: number | undefined;
  readonly othersBusy: number | undefined;
}

interface Entrant {
  readonly server: RunningServer;
  readonly target: Target;
  readonly expected: Uint8Array;
  readonly warmUp: LoadResult;
  readonly rssAtStart: number | undefined;
  readonly rounds: MeasuredRound[];
}

/** @throws Error when a server's first answer is not what `main()` says */
export async function measureCase(
  { name, protocol, concurrency }: Case,
  servers: readonly RunningServer[],
  { workload, calls }: PreparedWorkload,
  plan: Plan,
): Promise<readonly Measurement[]> {
  const { generator, roundMs, warmUpMs } = plan;
  const shape = { connections: concurrency, streams: 1 };
  // One call at a time would leave a server cold: compilers count calls.
  const warmUpShape = { connections: Math.max(concurrency, WARM_UP_CONNECTIONS), streams: 1 };
  const entrants: Entrant[] = [];
  for (const server of servers) {
    const call = calls[protocol];
    const target = { ...call.request, port: server.port, timeoutMs: TIMEOUT_MS };
    const expected = await firstAnswer(server, target, call, workload.answer);
    const warmUp = await generator.run({ target, expected, ...warmUpShape, durationMs: warmUpMs });
    const rssAtStart = readProcessTree(server.pid)?.rssBytes;
    entrants.push({ server, target, expected, warmUp, rssAtStart, rounds: [] });
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { server, target, expected, rounds } of shuffle(entrants, plan.random)) {
      const run = (): Promise<LoadResult> =>
        generator.run({ target, expected, ...shape, durationMs: roundMs });
      const measured = await measureRound(server, run);
      rounds.push(measured);
      const { load } = measured;
      const rate = Math.round(load.latencies.length / (load.elapsedMs / 1000));
      plan.onRound(`${name}/${server.kind.name} round ${round}: ${rate} calls/s`);
    }
  }
  return entrants.map((entrant) => summarise(name, entrant));
}

async function measureRound({ pid }: RunningServer, run: () => Promise<LoadResult>): Promise<MeasuredRound> {
  const before = { server: readProcessTree(pid), machine: readMachineUsage() };
  const load = await run();
  const after = { server: readProcessTree(pid), machine: readMachineUsage() };
  return {
    load,
    serverCpuMs: before.server && after.server && after.server.cpuMs - before.server.cpuMs,
    othersBusy: before.machine && after.machine && shareOfOthers(before.machine, after.machine),
  };
}

/** One call by itself: what it answers is read, and every later answer must be the same bytes. */
async function firstAnswer(
  { kind }: RunningServer,
  target: Target,
  call: Call,
  answer: PreparedWorkload["workload"]["answer"],
): Promise<Uint8Array> {
  const connection = await openConnection(target);
  const first = await connection.call();
  connection.close();
  if ("failure" in first)
    throw new Error(`${kind.name} failed its first call over ${target.protocol}: ${first.failure}.`);
  if (call.isAnswer(first.payload, answer)) return first.payload;
  throw new Error(`${kind.name} answers something else than main() over ${target.protocol}.`);
}

function summarise(name: string, { server, warmUp, rounds: measured, rssAtStart }: Entrant): Measurement {
  const loads = measured.map(({ load }) => load);
  const rounds = measured.map(({ load, serverCpuMs, othersBusy }): Round => {
    const calls = load.latencies.length;
    return {
      callsPerSecond: calls / (load.elapsedMs / 1000),
      p50: percentile([load.latencies], 50),
      p99: percentile([load.latencies], 99),
      ...(serverCpuMs === undefined ? {} : { serverCpuUs: (serverCpuMs * 1000) / calls }),
      clientBusy: load.clientCpuMs / load.elapsedMs,
      ...(othersBusy === undefined ? {} : { othersBusy }),
    };
  });
  const samples = loads.map(({ latencies }) => latencies);
  const cpu = rounds.flatMap(({ serverCpuUs }) => serverCpuUs ?? []);
  const others = rounds.flatMap(({ othersBusy }) => othersBusy ?? []);
  const rssAtEnd = readProcessTree(server.pid)?.rssBytes;
  return {
    case: name,
    server: server.kind.name,
    summary: {
      callsPerSecond: median(rounds.map(({ callsPerSecond }) => callsPerSecond)),
      p50: percentile(samples, 50),
      p99: percentile(samples, 99),
      ...(cpu.length === 0 ? {} : { serverCpuUs: median(cpu) }),
      clientBusy: median(rounds.map(({ clientBusy }) => clientBusy)),
      ...(others.length === 0 ? {} : { othersBusy: median(others) }),
    },
    rounds,
    calls: samples.reduce((total, { length }) => total + length, 0),
    failures: addFailures([warmUp, ...loads]),
    ...(rssAtStart === undefined || rssAtEnd === undefined
      ? {}
      : { rssBytes: { start: rssAtStart, end: rssAtEnd } }),
  };
}

function addFailures(loads: readonly LoadResult[]): Record<Failure, number> {
  const sum = (failure: Failure): number =>
    loads.reduce((total, { failures }) => total + failures[failure], 0);
  return {
    connect: sum("connect"),
    reset: sum("reset"),
    timeout: sum("timeout"),
    malformed: sum("malformed"),
    status: sum("status"),
    answer: sum("answer"),
  };
}
