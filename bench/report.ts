/** The results as text for people: the file that a run writes, and nobody edits. */
import type { Machine } from "./machine.js";
import type { Measurement, Round } from "./measure-case.js";
import type { ServerKind } from "./servers.js";
import type { Workload } from "./workloads.js";

export interface Run {
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly processes: number;
  readonly seed: number;
  readonly measurements: readonly Measurement[];
}

type Row = readonly string[];

/** Its measurements are compared with those of everybody else. */
const OURS = "gateway";

const TERMS = [
  "The peers call the very same `main()` with the very same dict, and every server of a protocol gets the very same request bytes.",
  "The gateway has one Node process beside its Python processes; the peers have none.",
  "**c8**: eight calls in flight, one on each of eight connections, the next one sent when the last one is answered. One load generator, a process of its own on the same machine, drives all servers.",
  "**calls/s**: median of the rounds. **p50**, **p99**: over all calls of all rounds.",
  "**failures**: calls without the right status and the right bytes, the warm-up included.",
  "**CPU µs/call**: processor time of all processes of the server. **RSS**: their resident memory, summed, behind the warm-up and at the end of the case.",
  "**generator**: share of one processor that the load generator used; near 100 %, calls/s says what it can send, not what the server can answer.",
  "**others**: share of all processors that went to something else than the benchmark, or that the hypervisor withheld: noise.",
];

/** Markdown, aligned so that it can be read as it is. */
export function renderReport(
  run: Run,
  servers: readonly ServerKind[],
  workloads: readonly Workload[],
): string {
  const { measurements } = run;
  const cases = [...new Set(measurements.map((measurement) => measurement.case))];
  const named = (name: string): boolean =>
    measurements.some((one) => one.server === name || one.case.split("/")[1] === name);
  const ratios = measurements.flatMap((peer) => ratioRow(peer, measurements));
  const blocks = [
    "# Benchmark",
    "Written by `npm run bench`; not edited by hand.",
    list(circumstances(run)),
    "## Who and what",
    list([
      ...[...servers, ...workloads]
        .filter(({ name }) => named(name))
        .map(({ name, description }) => `**${name}**: ${description}`),
      ...TERMS,
    ]),
    "## Results",
    ...cases.map((name) => {
      const rows = measurements.filter((measurement) => measurement.case === name).map(resultRow);
      return `### ${name}\n\n${table(RESULT_HEAD, rows)}`;
    }),
  ];
  if (ratios.length > 0) {
    blocks.push(
      "## The gateway against each peer",
      "The gateway's figure divided by the peer's. It does better where calls/s is above 1 and the others are below 1.",
      table(RATIO_HEAD, ratios),
    );
  }
  return `${blocks.join("\n\n")}\n`;
}

function circumstances({ machine, date, command, seed, rounds, seconds, processes }: Run): readonly string[] {
  const { cpu, processors, memoryGb, system, loadAverage, gateway, node, python, packages } = machine;
  const libraries = packages.map((name) => name.replace("==", " ")).join(", ");
  return [
    `run: ${date}, \`${command}\`, seed ${seed}`,
    `rounds: ${rounds} of ${seconds} s for each server, interleaved, behind a warm-up`,
    `machine: ${cpu}, ${processors} processors, ${memoryGb} GB, ${system}; load average before the run ${loadAverage}`,
    `versions: artifact-gateway ${gateway}, Node ${node}, Python ${python}${libraries === "" ? "" : `; ${libraries}`}`,
    `Python processes of every server: ${processes}`,
  ];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

const RESULT_HEAD = [
  "server",
  "calls/s",
  "p50 ms",
  "p99 ms",
  "failures",
  "CPU µs/call",
  "RSS MB start → end",
  "generator",
  "others",
];

function resultRow({ server, summary, failures, rssBytes }: Measurement): Row {
  const { callsPerSecond, p50, p99, serverCpuUs, clientBusy, othersBusy } = summary;
  return [
    server,
    callsPerSecond.toFixed(0),
    p50.toFixed(2),
    p99.toFixed(2),
    describeFailures(failures),
    serverCpuUs?.toFixed(0) ?? "-",
    rssBytes === undefined ? "-" : `${megabytes(rssBytes.start)} → ${megabytes(rssBytes.end)}`,
    percent(clientBusy),
    othersBusy === undefined ? "-" : percent(othersBusy),
  ];
}

const RATIO_HEAD = ["case", "peer", "calls/s", "p50", "p99", "CPU/call"];

function ratioRow(peer: Measurement, measurements: readonly Measurement[]): readonly Row[] {
  const ours = measurements.find((other) => other.server === OURS && other.case === peer.case);
  if (ours === undefined || peer.server === OURS) return [];
  const ratio = (pick: (round: Round) => number | undefined): string => {
    const value = (pick(ours.summary) ?? NaN) / (pick(peer.summary) ?? NaN);
    return Number.isNaN(value) ? "-" : `${value.toFixed(2)} ×`;
  };
  return [
    [
      peer.case,
      peer.server,
      ratio(({ callsPerSecond }) => callsPerSecond),
      ratio(({ p50 }) => p50),
      ratio(({ p99 }) => p99),
      ratio(({ serverCpuUs }) => serverCpuUs),
    ],
  ];
}

/** `0`, or how many of which kind. */
function describeFailures(failures: Measurement["failures"]): string {
  const found = Object.entries(failures).filter(([, count]) => count > 0);
  return found.length === 0 ? "0" : found.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}

/** A Markdown table; the first column is text, the others are figures. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? cell).length)),
  );
  const line = (row: Row): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}
