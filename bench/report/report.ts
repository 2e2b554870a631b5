/** The results as text for people: the file that a run writes, and nobody edits. */
import { LOADS } from "../loads.js";
import type { Measurement } from "../measurement.js";
import { SCENARIO_KINDS, type ScenarioKind, type ScenarioResult } from "../scenarios/scenario.js";
import { SERVERS } from "../servers.js";
import { WORKLOADS } from "../workloads.js";
import { list, table } from "./markdown.js";
import type { Plot } from "./plots.js";
import { ratioTable, resultTable } from "./result-tables.js";
import type { Run } from "./run.js";

const TERMS = [
  "The peers call the very same `main()` with the very same dict. Every server of a protocol gets the very same request bytes; peers that do not speak SOAP stand beside it in the JSON that they do speak.",
  "The gateway has one Node process beside its Python processes, and one that they are forked from; a peer has what its row says.",
  "**calls/s**: median of the rounds; of an open loop beside the rate at which calls arrived. **p50**, **p99**, **p99.9**: over all calls of all rounds; of an open loop from the time a call was to be sent, so that no wait is left out.",
  "**failures**: calls without the right status and the right bytes, the warm-up included. **overloaded**: turned away at once, which under more than full load is no failure.",
  "**CPU µs/call**: processor time of all processes of the server, and what of it its Node and its Python processes used. **PSS**: their memory, shared pages divided among them, behind the warm-up and at the end of the case.",
  "**generator**: share of one processor that the load generator used; near 100 % in a closed loop, calls/s says what it can send, not what the server can answer. Of an open loop: 99 of 100 calls left the generator no later than this behind their time.",
  "**others**: share of all processors that went to something else than the benchmark, or that the hypervisor withheld: noise.",
];

const SCENARIO_TERMS = {
  bare: "`main()` called again and again in one Python process, without a server.",
  codec:
    "A SOAP request with rows of thirty columns (five each of text, decimal, 64-bit integer, double, boolean, date or date and time) and a reply with the same rows, in the same process, one behind the other. **gateway**: from the bytes of the request to what Python gets, and from what Python answers to the bytes of the reply, with every check. **other**, which takes turns with it: `complete-reader` is the gateway with a comment in the request, which its quick reader leaves to the complete one; `soap-package` is xmlToObject and objectToDocumentXML of the npm package `soap`, which validate nothing; `libxml2-wasm` and `lxml` parse the request and validate it against the schema, and neither read its values nor write a reply. Processor time by turn, the collector's included.",
  pool: "The pool without a network, and the same bytes to a Python process and back over a pair of bare pipes.",
  recovery:
    "All processes of the gateway are lost at once in each repetition: `kill` by SIGKILL in the middle of a call, `overrun` by not answering before a deadline of 100 ms. Eight further calls wait behind the deadly ones. The time is from the sending of the deadly calls, or from their deadline, to the first answer of those that waited. A failure is a call that failed beside the deadly ones, or a deadly one that ended otherwise than it should.",
  memory: "PSS of all processes of a server behind its first calls, by the number of its Python processes.",
  loop: "Two callers send (`in`) or ask for (`out`) messages of four megabytes, one after another, or 16 send messages of 200 kB (`middling`), while 100 small calls a second arrive by themselves. **small**: latencies of those, without and beside the large ones. **loop**: by how much a timer of the gateway's main thread came late while large messages flowed; **idle**: while there were none; **at start**: in the first two seconds of large messages. **peak**: most memory of the server's own process.",
  stream:
    "A million requests of one row through one `EvaluateStream`, written as fast as the server takes them; every answer has to be the same bytes. **PSS max**: most memory of the server's Node and of its Python processes, looked at four times a second. **peak**: most resident memory of the server's own process.",
  refusal:
    "Requests of a megabyte that must be refused, each made to be dear: processor time of the whole way from the socket to the refusal, threads included, by the calls that one connection could make in a second. A failure is a request that was not refused for what it is.",
} as const satisfies Record<ScenarioKind, string>;

/** Markdown. @param plots drawn of the same run; their files lie beside the report */
export function renderReport(run: Run, plots: readonly Plot[]): string {
  const { measurements, findings, omissions } = run;
  const cases = [...new Set(measurements.map((measurement) => measurement.case))];
  const ratios = ratioTable(measurements);
  const blocks = [
    "# Benchmark",
    "Written by `npm run bench`; not edited by hand.",
    list(circumstances(run)),
    "## Who and what",
    list([...explain(measurements), ...TERMS]),
    ...section("## Not measured", list(omissions.map(describeOmission))),
    ...section("## The gateway against each peer", ratios === undefined ? "" : `${RATIO_TERMS}\n\n${ratios}`),
    ...section("## Plots", plots.map(({ title, file }) => `![${title}](${file})`).join("\n\n")),
    ...(cases.length === 0 ? [] : ["## Results"]),
    ...cases.map((name) => {
      const rows = measurements.filter((measurement) => measurement.case === name);
      return `### ${name}\n\n${resultTable(rows)}`;
    }),
    ...SCENARIO_KINDS.flatMap((kind) => scenarioSection(kind, findings)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const RATIO_TERMS =
  "The gateway's figure divided by the peer's. It does better where calls/s is above 1 and the others are below 1.";

function circumstances({ machine, packages, cores, ...run }: Run): readonly string[] {
  const { cpu, processors, memoryGb, system, loadAverage, gateway, node, python } = machine;
  const libraries = packages.map((name) => name.replace("==", " ")).join(", ");
  return [
    `run: ${run.date}, \`${run.command}\`, seed ${run.seed}`,
    `rounds: ${run.rounds} of ${run.seconds} s for each server, interleaved, behind a warm-up`,
    `machine: ${cpu}, ${processors} processors, ${memoryGb} GB, ${system}; load average before the run ${loadAverage}`,
    cores === undefined
      ? "processors: servers and load generator share all of them"
      : `processors: each server with all it starts is bound to ${cores.servers.join(" and ")}, the load generator to ${cores.generator.join(" and ")}`,
    `versions: artifact-gateway ${gateway}, Node ${node}, Python ${python}${libraries === "" ? "" : `; ${libraries}`}`,
    `Python processes of every server: ${run.processes}`,
  ];
}

/** Of the servers, workloads and loads, those that were measured. */
function explain(measurements: readonly Measurement[]): readonly string[] {
  const names = new Set(measurements.flatMap((one) => [one.server, ...one.case.split("/").slice(1)]));
  const loads = Object.entries(LOADS).map(([name, { description }]) => ({ name, description }));
  return [...SERVERS, ...WORKLOADS, ...loads]
    .filter(({ name }) => names.has(name))
    .map(({ name, description }) => `**${name}**: ${description}`);
}

function describeOmission({ name, reason }: Run["omissions"][number]): string {
  const [first = "", ...said] = reason.split("\n");
  // Of what a server said before it gave up, its error is what matters.
  const error = said.findLast((line) => /error|exception/i.test(line)) ?? said.at(-1);
  return `**${name}**: ${first}${error === undefined ? "" : ` (${error.trim()})`}`;
}

function section(heading: string, content: string): readonly string[] {
  return content === "" ? [] : [heading, content];
}

function scenarioSection(kind: ScenarioKind, findings: readonly ScenarioResult[]): readonly string[] {
  const rows = findings.filter((finding) => finding.kind === kind);
  const columns = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  if (rows.length === 0) return [];
  const cells = rows.map(({ name, figures, failures }) => [
    name,
    ...columns.map((column) => figure(figures[column])),
    String(failures),
  ]);
  return [`## ${kind}`, SCENARIO_TERMS[kind], table(["scenario", ...columns, "failures"], cells)];
}

/** Whole, or with as many digits as mean something. */
function figure(value: number | undefined): string {
  if (value === undefined) return "-";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
