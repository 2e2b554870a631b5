import assert from "node:assert/strict";
import { test } from "node:test";
import { noFailures } from "../../bench/load/connection.js";
import { countFailures, type Measurement } from "../../bench/measurement.js";
import { plotsOf } from "../../bench/report/plots.js";
import { renderReport } from "../../bench/report/report.js";
import type { Run } from "../../bench/report/run.js";
import { SERVERS } from "../../bench/servers.js";

const FIGURES = { callsPerSecond: 1000, p50: 2, p99: 10, p999: 20, clientBusy: 0.5 };

const OURS: Measurement = {
  case: "grpc/trivial/c8",
  server: "gateway",
  summary: FIGURES,
  rounds: [],
  calls: 3000,
  failures: { ...noFailures(), reset: 2, answer: 1 },
  isOverload: false,
};

const PEER: Measurement = {
  ...OURS,
  server: "grpcio",
  summary: { ...FIGURES, callsPerSecond: 4000, p50: 1, p99: 20 },
  failures: noFailures(),
};

test("a report names every kind of failure, and the ratios where the gateway loses", () => {
  const rows = rowsOf(runOf({ measurements: [OURS, PEER] }));
  const rest = "- | - | - | - | 50 % | - |";
  assert.ok(rows.includes(`| gateway | 1000 | 2.00 | 10.00 | 20.00 | 2 reset, 1 answer | ${rest}`));
  assert.ok(rows.includes(`| grpcio | 4000 | 1.00 | 20.00 | 20.00 | 0 | ${rest}`));
  assert.ok(rows.includes("| grpc/trivial/c8 | grpcio | 0.25 × | 2.00 × | 0.50 × | 1.00 × | - | - |"));
});

test("a percentile that so few calls cannot have is not reported", () => {
  const rows = rowsOf(runOf({ measurements: [{ ...OURS, calls: 50, failures: noFailures() }] }));
  assert.ok(rows.includes("| gateway | 1000 | 2.00 | - | - | 0 | - | - | - | - | 50 % | - |"));
});

test("what could not be measured is in the report, with its error", () => {
  const reason = "mlserver ended before it was ready.\nStarting\nTypeError: no such thing\nBye";
  const rows = rowsOf(runOf({ omissions: [{ name: "trivial/mlserver", reason }] }));
  assert.ok(
    rows.includes("- **trivial/mlserver**: mlserver ended before it was ready. (TypeError: no such thing)"),
  );
});

test("a scenario has a column for each figure and one for its failures", () => {
  const figures = { repetitions: 100, "p50 ms": 3.14159 };
  const findings = [
    { name: "recovery/fragile/kill/spare0", kind: "recovery" as const, figures, failures: 2 },
  ];
  const rows = rowsOf(runOf({ findings }));
  assert.ok(rows.includes("| scenario | repetitions | p50 ms | failures |"));
  assert.ok(rows.includes("| recovery/fragile/kill/spare0 | 100 | 3.14 | 2 |"));
});

test("calls that are turned away fail, but not where more is asked than can be done", () => {
  const failures = { ...noFailures(), overloaded: 5, reset: 1 };
  assert.equal(countFailures({ failures, isOverload: false }), 6);
  assert.equal(countFailures({ failures, isOverload: true }), 1);
});

test("the plots of a run are the same every time, and to scale", () => {
  const plots = plotsOf([OURS, PEER]);
  assert.deepEqual(plots, plotsOf([OURS, PEER]));
  assert.deepEqual(
    plots.map(({ file }) => file),
    ["plots/grpc-trivial-calls.svg", "plots/grpc-trivial-latency.svg"],
  );
  const [calls = ""] = plots.map(({ svg }) => svg);
  // The longest bar fills the room, the other a quarter of it.
  const widths = [...calls.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  assert.deepEqual(widths, [115, 460]);
});

test("every server has a colour of its own, the same in both plots", () => {
  const plots = plotsOf(SERVERS.map(({ name }) => ({ ...OURS, server: name })));
  const [calls = [], latencies = []] = plots.map(({ svg }) =>
    [...svg.matchAll(/height="14" fill="(#\w+)"/g)].map(([, colour = ""]) => colour),
  );
  assert.equal(new Set(calls).size, SERVERS.length);
  assert.deepEqual([...new Set(latencies)], calls);
});

test("a server that answered nothing is drawn without a bar", () => {
  const nothing = { callsPerSecond: 0, p50: NaN, p99: NaN, p999: NaN, clientBusy: 0 };
  for (const { svg } of plotsOf([OURS, { ...PEER, summary: nothing }])) {
    assert.doesNotMatch(svg, /NaN|Infinity/);
  }
  assert.deepEqual(plotsOf([{ ...OURS, summary: nothing }]), []);
});

function runOf(part: Partial<Run>): Run {
  return {
    machine: {
      ...{ cpu: "a processor", processors: 4, memoryGb: 8, system: "Linux", loadAverage: 0.1 },
      ...{ gateway: "0.1.0", node: "20.0.0", python: "3.11.7" },
    },
    packages: ["grpcio==1.2.3"],
    cores: { servers: [0, 1], generator: [2, 3] },
    ...{ date: "today", command: "npm run bench", rounds: 3, seconds: 3, processes: 2, seed: 1 },
    ...{ measurements: [], findings: [], omissions: [] },
    ...part,
  };
}

function rowsOf(run: Run): readonly string[] {
  return renderReport(run, [])
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " "));
}
