/** The tables of the measurements: each case by itself, and the gateway against each peer. */
import { CALLS_FOR, type Figures, type Measurement } from "../measurement.js";
import { total, type ByKind } from "../process-tree.js";
import { SERVERS } from "../servers.js";
import { percent, table, type Row } from "./markdown.js";

const RESULT_HEAD = [
  "server",
  "calls/s",
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
  "failures",
  "CPU µs/call",
  "node",
  "python",
  "PSS MB start → end",
  "generator",
  "others",
];

/** One case: a row for each server. */
export function resultTable(measurements: readonly Measurement[]): string {
  return table(RESULT_HEAD, measurements.map(resultRow));
}

function resultRow({ server, summary, calls, offeredPerSecond, failures, pssBytes }: Measurement): Row {
  const { callsPerSecond, p50, p99, p999, cpuUs, nodeCpuUs, pythonCpuUs, clientBusy, lateMs, othersBusy } =
    summary;
  const offered = offeredPerSecond === undefined ? "" : ` of ${offeredPerSecond.toFixed(0)}`;
  return [
    server,
    `${callsPerSecond.toFixed(0)}${offered}`,
    p50.toFixed(2),
    calls < CALLS_FOR.p99 ? "-" : p99.toFixed(2),
    calls < CALLS_FOR.p999 ? "-" : p999.toFixed(2),
    describeFailures(failures),
    cpuUs?.toFixed(0) ?? "-",
    nodeCpuUs?.toFixed(0) ?? "-",
    pythonCpuUs?.toFixed(0) ?? "-",
    pssBytes === undefined ? "-" : `${megabytes(pssBytes.start)} → ${megabytes(pssBytes.end)}`,
    lateMs === undefined ? percent(clientBusy) : `${lateMs.toFixed(1)} ms late`,
    othersBusy === undefined ? "-" : percent(othersBusy),
  ];
}

/** `0`, or how many of which kind. */
function describeFailures(failures: Measurement["failures"]): string {
  const found = Object.entries(failures).filter(([, count]) => count > 0);
  return found.length === 0 ? "0" : found.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function megabytes(bytes: ByKind): string {
  return (total(bytes) / 1024 ** 2).toFixed(0);
}

const RATIO_HEAD = ["case", "peer", "calls/s", "p50", "p99", "p99.9", "CPU/call", "PSS"];

/** The gateway's figures divided by those of everybody else in the same case; `undefined` without both. */
export function ratioTable(measurements: readonly Measurement[]): string | undefined {
  const rows = measurements.flatMap((peer) => ratioRow(peer, measurements));
  return rows.length === 0 ? undefined : table(RATIO_HEAD, rows);
}

function ratioRow(peer: Measurement, measurements: readonly Measurement[]): readonly Row[] {
  const ours = measurements.find((other) => isOurs(other) && other.case === peer.case);
  if (ours === undefined || isOurs(peer)) return [];
  const calls = Math.min(ours.calls, peer.calls);
  const ratio = (pick: (figures: Figures) => number | undefined): string =>
    times(pick(ours.summary), pick(peer.summary));
  return [
    [
      peer.case,
      peer.server,
      ratio(({ callsPerSecond }) => callsPerSecond),
      ratio(({ p50 }) => p50),
      calls < CALLS_FOR.p99 ? "-" : ratio(({ p99 }) => p99),
      calls < CALLS_FOR.p999 ? "-" : ratio(({ p999 }) => p999),
      ratio(({ cpuUs }) => cpuUs),
      times(ours.pssBytes && total(ours.pssBytes.end), peer.pssBytes && total(peer.pssBytes.end)),
    ],
  ];
}

function times(ours: number | undefined, theirs: number | undefined): string {
  const value = (ours ?? NaN) / (theirs ?? NaN);
  return Number.isNaN(value) ? "-" : `${value.toFixed(2)} ×`;
}

function isOurs({ server }: Measurement): boolean {
  return SERVERS.some(({ name, role }) => name === server && role === "gateway");
}
