/** What is known of one server in one case: the figures of its rounds, and what they come to. */
import type { Failure } from "./load/connection.js";
import type { LoadResult } from "./load/load.js";
import type { ByKind } from "./process-tree.js";
import { total } from "./process-tree.js";
import { median, percentile } from "./statistics.js";

export interface Figures {
  readonly callsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Processor time of the server's processes for one call, in microseconds. */
  readonly cpuUs?: number;
  /** Of that, what its Node and its Python processes used. */
  readonly nodeCpuUs?: number;
  readonly pythonCpuUs?: number;
  /** Share of one processor that the load generator used; near 1 in a closed loop, it is what was measured. */
  readonly clientBusy: number;
  /** Of an open loop: how late the load generator itself was, in milliseconds. */
  readonly lateMs?: number;
  /** Share of all processors that was not there for the benchmark: noise. */
  readonly othersBusy?: number;
}

export interface Measurement {
  /** `grpc/trivial/c64`. */
  readonly case: string;
  readonly server: string;
  /** Medians of the rounds; percentiles over all calls of all rounds. */
  readonly summary: Figures;
  readonly rounds: readonly Figures[];
  readonly calls: number;
  /** Of an open loop: calls that arrived in a second. */
  readonly offeredPerSecond?: number;
  /** Of every call, those of the warm-up too. */
  readonly failures: Readonly<Record<Failure, number>>;
  /** More was asked than can be done: calls that were turned away are no failures. */
  readonly isOverload: boolean;
  /** Memory of the server's processes (PSS) behind the warm-up and at the end. */
  readonly pssBytes?: { readonly start: ByKind; readonly end: ByKind };
}

/** Of fewer calls, such a percentile is the slowest of them, and is not reported. */
export const CALLS_FOR = { p50: 1, p99: 100, p999: 1000 } as const;

export interface MeasuredRound {
  readonly load: LoadResult;
  readonly cpuMs: ByKind | undefined;
  readonly othersBusy: number | undefined;
}

/** Calls that failed and should not have. */
export function countFailures({
  failures,
  isOverload,
}: Pick<Measurement, "failures" | "isOverload">): number {
  const all = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return isOverload ? all - failures.overloaded : all;
}

/** The figures of one round. */
export function figuresOf({ load, cpuMs, othersBusy }: MeasuredRound): Figures {
  const calls = load.latencies.length;
  const perCall = (milliseconds: number): number => (milliseconds * 1000) / calls;
  return {
    callsPerSecond: calls / (load.elapsedMs / 1000),
    ...percentilesOf([load.latencies]),
    ...(cpuMs === undefined
      ? {}
      : { cpuUs: perCall(total(cpuMs)), nodeCpuUs: perCall(cpuMs.node), pythonCpuUs: perCall(cpuMs.python) }),
    clientBusy: load.clientCpuMs / load.elapsedMs,
    ...(load.lateMs === undefined ? {} : { lateMs: load.lateMs }),
    ...(othersBusy === undefined ? {} : { othersBusy }),
  };
}

const OPTIONAL = ["cpuUs", "nodeCpuUs", "pythonCpuUs", "lateMs", "othersBusy"] as const;

/** What several rounds come to. */
export function summarise(rounds: readonly Figures[], loads: readonly LoadResult[]): Figures {
  const optional = OPTIONAL.flatMap((name) => {
    const values = rounds.flatMap((round) => round[name] ?? []);
    return values.length === 0 ? [] : [[name, median(values)] as const];
  });
  return {
    callsPerSecond: median(rounds.map(({ callsPerSecond }) => callsPerSecond)),
    ...percentilesOf(loads.map(({ latencies }) => latencies)),
    clientBusy: median(rounds.map(({ clientBusy }) => clientBusy)),
    ...Object.fromEntries(optional),
  };
}

function percentilesOf(samples: readonly Float64Array[]): Pick<Figures, "p50" | "p99" | "p999"> {
  return { p50: percentile(samples, 50), p99: percentile(samples, 99), p999: percentile(samples, 99.9) };
}

/** The failures of several loads. */
export function addFailures(loads: readonly LoadResult[]): Record<Failure, number> {
  const sum = (failure: Failure): number =>
    loads.reduce((counted, { failures }) => counted + failures[failure], 0);
  return {
    connect: sum("connect"),
    reset: sum("reset"),
    timeout: sum("timeout"),
    malformed: sum("malformed"),
    overloaded: sum("overloaded"),
    status: sum("status"),
    answer: sum("answer"),
  };
}
