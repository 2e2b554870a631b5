import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { contractFiles } from "../src/contract-files.js";
import { DEFAULT_MAIN_OPTIONS } from "../src/contract/main-options.js";
import type { Service } from "../src/contract/model.js";
import { lockOfService } from "../src/lock/lock-of-service.js";
import type { ContractLock } from "../src/lock/lock-schema.js";
import { serviceOfLock } from "../src/lock/service-of-lock.js";
import { problemList } from "../src/problems.js";
import { sampleContracts } from "./support/arbitrary-contract.js";
import { largeContract } from "./support/large-contract.js";
import { runCommand } from "./support/run-command.js";

const PROGRAM = fileURLToPath(new URL("./support/contract-digest-program.js", import.meta.url));

function digests(service: Service): readonly string[] {
  return contractFiles(service).map(
    ({ path, content }) => `${path} ${createHash("sha256").update(content).digest("hex")}`,
  );
}

function sizes(service: Service): ReadonlyMap<string, number> {
  return new Map(contractFiles(service).map(({ path, content }) => [path, content.length]));
}

test("a contract gives the same files twice, and when it was read back from its lock", () => {
  for (const service of [largeContract(50, 2000), ...sampleContracts(50)]) {
    const first = digests(service);
    assert.deepEqual(digests(service), first);
    const lock = lockOfService(service, { revision: 1, main: DEFAULT_MAIN_OPTIONS, evidence: [] });
    const problems = problemList("contract.lock.json");
    const back = serviceOfLock(JSON.parse(JSON.stringify(lock)) as ContractLock, problems);
    problems.refuse();
    assert.deepEqual(digests(back), first);
  }
});

test("2,000 columns in 50 tables, nested eight levels, within 200 MB and alike in every zone and language", async () => {
  const expected = digests(largeContract(50, 2000));
  for (const environment of [
    { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
    { TZ: "America/St_Johns", LANG: "C", LC_ALL: "C" },
  ]) {
    const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const limits = ["--max-old-space-size=150", "--max-semi-space-size=8"];
    const output = await runCommand("env", [...settings, process.execPath, ...limits, PROGRAM]);
    assert.deepEqual(output.trim().split("\n"), expected);
  }
});

test("files grow with the columns and no faster", () => {
  const small = sizes(largeContract(25, 1000));
  for (const [path, size] of sizes(largeContract(50, 2000))) {
    const half = small.get(path) ?? 0;
    // What is the same in every file, such as the imported protos, does not grow at all.
    assert.ok(size <= 2.1 * half, `${path}: ${half} bytes, then ${size}`);
  }
});
