import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { describeProblem } from "../../src/errors.js";
import { PYTHON } from "../support/pool-harness.js";
import { repository, serveExample } from "../support/served-example.js";
import { postSoap, soapRequest, soapResult } from "../support/soap-client.js";
import { problemsOf, scratchFolder } from "./bundles.js";

const FLAT = repository("test/fixtures/artifacts/flat");
const INPUTS = { application: [{ application_id: "A-1", annual_income: 25000 }] };

/** `run` on one call; the answer on standard output. */
async function run(artifact: string, inputs: object, folder: string): Promise<unknown> {
  const input = join(folder, "input.json");
  writeFileSync(input, JSON.stringify(inputs));
  const command = [repository("dist/src/cli/main.js"), "run", artifact, "--input", input, "--python", PYTHON];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return JSON.parse(stdout);
}

test("an artifact of one module runs from its folder and from an archive", async (t) => {
  const folder = scratchFolder(t);
  assert.equal(await run(FLAT, INPUTS, folder), "APPROVE");
  assert.equal(await run(FLAT, { ...INPUTS, parameters: { product: "LOAN" } }, folder), "DECLINE");
  const zip = join(folder, "bundle.zip");
  execFileSync("python3", ["-m", "zipfile", "-c", zip, FLAT]);
  assert.equal(await run(zip, INPUTS, folder), "APPROVE");
});

test("an artifact of one module answers SOAP calls", async () => {
  const served = await serveExample(FLAT, { processes: "1", python: PYTHON });
  try {
    const { status, text } = await postSoap(served.base, served.service, soapRequest(served.service, INPUTS));
    assert.equal(status, 200, text);
    assert.equal(soapResult(served.service, text), "APPROVE");
  } finally {
    await served.gateway.stop();
  }
});

test("the versions of an artifact of one module are those at its root", async () => {
  const artifact = await readArtifact(await openArtifact(FLAT));
  assert.equal(artifact.versions.python, "3.9.1");
  assert.deepEqual(artifact.warnings, []);
});

test("a module beside a package of the same name is named, and the package counts", async (t) => {
  const folder = join(scratchFolder(t), "both");
  cpSync(FLAT, folder, { recursive: true });
  cpSync(join(FLAT, "python_dict.py"), join(folder, "python_dict/__init__.py"));
  cpSync(join(FLAT, "thresholds.json"), join(folder, "python_dict/thresholds.json"));
  const { warnings } = await readArtifact(await openArtifact(folder));
  assert.deepEqual(warnings.map(describeProblem), [
    "python_dict.py: It is not used: Python imports python_dict/__init__.py. " +
      "Nothing, if that is the one that was approved.",
  ]);
  assert.equal(await run(folder, INPUTS, scratchFolder(t)), "APPROVE");
  rmSync(join(folder, "python_dict/__init__.py"));
  rmSync(join(folder, "python_dict.py"));
  const problems = await problemsOf(async () => readArtifact(await openArtifact(folder)));
  assert.match(
    problems.map(describeProblem).join(),
    /python_dict\/__init__\.py: The file is missing\. It, or else python_dict\.py, holds main\(\)/,
  );
});

test("a module without main() is named as the file it is", async (t) => {
  const folder = join(scratchFolder(t), "flat");
  cpSync(FLAT, folder, { recursive: true });
  writeFileSync(join(folder, "python_dict.py"), "def mian(data):\n    return None\n");
  await assert.rejects(run(folder, INPUTS, scratchFolder(t)), /python_dict\.py defines no main\(\) function/);
});
