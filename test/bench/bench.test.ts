/** The whole benchmark, short and of the gateway alone: what it measures must go on being what the gateway serves. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseOptions } from "../../bench/options.js";
import { noFailures } from "../../bench/load/connection.js";
import type { Run } from "../../bench/report/run.js";

const MAIN = fileURLToPath(new URL("../../bench/main.js", import.meta.url));

test("a short run measures the gateway over both protocols, without a failure", async () => {
  const out = mkdtempSync(join(tmpdir(), "bench-test-"));
  try {
    const { code, stderr } = await runBench(
      "trivial/c1/gateway$",
      "--quick",
      "--processes",
      "1",
      "--out",
      out,
    );
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
    const report = readFileSync(join(out, "results.md"), "utf8");
    assert.match(report, /^\| gateway \|/m);
    for (const [, file = ""] of report.matchAll(/!\[.*?\]\((.*?)\)/g)) {
      assert.match(readFileSync(join(out, file), "utf8"), /^<svg [\s\S]*<\/svg>\n$/);
    }
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

test(
  "the pool is measured without a network, beside bare pipes",
  { skip: process.platform !== "linux" },
  async () => {
    const out = mkdtempSync(join(tmpdir(), "bench-test-"));
    try {
      const { code, stderr } = await runBench("^pool/row30/c1$", "--quick", "--processes", "1", "--out", out);
      assert.equal(code, 0, stderr);
      const { findings, omissions } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Run;
      assert.deepEqual(omissions, []);
      const figures = findings[0]?.figures ?? {};
      assert.ok((figures["calls/s"] ?? 0) > 0);
      assert.ok((figures["pipe p50 µs"] ?? 0) > 0);
    } finally {
      rmSync(out, { recursive: true });
    }
  },
);

test("only a whole run takes the place of the results that are kept", () => {
  assert.equal(parseOptions([], "bench").out, "bench");
  assert.equal(parseOptions(["--rounds", "5"], "bench").out, "bench");
  for (const argv of [["^grpc/"], ["--quick"], ["--profile"]]) {
    assert.equal(parseOptions(argv, "bench").out, undefined);
    assert.equal(parseOptions([...argv, "--out", "elsewhere"], "bench").out, "elsewhere");
  }
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
