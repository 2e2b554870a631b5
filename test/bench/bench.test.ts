/** The whole benchmark, short and of the gateway alone: what it measures must go on being what the gateway serves. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseOptions } from "../../bench/options.js";
import { renderReport, type Run } from "../../bench/report.js";
import { noFailures } from "../../bench/load/connection.js";
import { SERVERS } from "../../bench/servers.js";
import { WORKLOADS } from "../../bench/workloads.js";

const MAIN = fileURLToPath(new URL("../../bench/main.js", import.meta.url));

test("a short run measures the gateway over both protocols, without a failure", async () => {
  const out = mkdtempSync(join(tmpdir(), "bench-test-"));
  try {
    const { code, stderr } = await runBench("c1/gateway$", "--quick", "--processes", "1", "--out", out);
    assert.equal(code, 0, stderr);
    const { measurements } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Run;
    assert.deepEqual(
      measurements.map((measurement) => `${measurement.case}/${measurement.server}`),
      ["grpc/trivial/c1/gateway", "soap/trivial/c1/gateway"],
    );
    for (const { calls, failures } of measurements) {
      assert.ok(calls > 0);
      assert.deepEqual(failures, noFailures());
    }
    assert.match(readFileSync(join(out, "results.md"), "utf8"), /^\| gateway \|/m);
  } finally {
    rmSync(out, { recursive: true });
  }
});

test("a regular expression that matches nothing and a wrong option are said to be wrong", async () => {
  const nothing = await runBench("^nothing$");
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /No measurement matches/);
  const wrong = await runBench("--rounds", "0");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--rounds takes a whole number/);
});

test("only a whole run takes the place of the results that are kept", () => {
  assert.equal(parseOptions([], "bench").out, "bench");
  assert.equal(parseOptions(["--rounds", "5"], "bench").out, "bench");
  for (const argv of [["^grpc/"], ["--quick"], ["--profile"]]) {
    assert.equal(parseOptions(argv, "bench").out, undefined);
    assert.equal(parseOptions([...argv, "--out", "elsewhere"], "bench").out, "elsewhere");
  }
});

test("a report names every kind of failure, and the ratios where the gateway loses", () => {
  const round = { callsPerSecond: 1000, p50: 2, p99: 10, clientBusy: 0.5 };
  const rest = { case: "grpc/trivial/c8", rounds: [], calls: 3000 };
  const ours = {
    ...rest,
    server: "gateway",
    summary: round,
    failures: { ...noFailures(), reset: 2, answer: 1 },
  };
  const faster = { ...round, callsPerSecond: 4000, p50: 1, p99: 20 };
  const peer = { ...rest, server: "grpcio", summary: faster, failures: noFailures() };
  const machine = {
    ...{ cpu: "a processor", processors: 4, memoryGb: 8, system: "Linux", loadAverage: 0.1 },
    ...{ gateway: "0.1.0", node: "20.0.0", python: "3.11.7", packages: ["grpcio==1.2.3"] },
  };
  const settings = { date: "today", command: "npm run bench", rounds: 3, seconds: 3, processes: 2, seed: 1 };
  const report = renderReport({ machine, ...settings, measurements: [ours, peer] }, SERVERS, WORKLOADS);
  const rows = report.split("\n").map((line) => line.replaceAll(/\s+/g, " "));
  assert.ok(rows.includes("| gateway | 1000 | 2.00 | 10.00 | 2 reset, 1 answer | - | - | 50 % | - |"));
  assert.ok(rows.includes("| grpcio | 4000 | 1.00 | 20.00 | 0 | - | - | 50 % | - |"));
  assert.ok(rows.includes("| grpc/trivial/c8 | grpcio | 0.25 × | 2.00 × | 0.50 × | - |"));
});

interface Ended {
  readonly code: number | string;
  readonly stderr: string;
}

function runBench(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}
