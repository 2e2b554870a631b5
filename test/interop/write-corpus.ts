/**
 * `node dist/test/interop/write-corpus.js FOLDER`: the contracts that foreign tools are fed, made by the command line.
 * Writes the artifacts below `FOLDER/artifacts` and the files that `generate` makes of them, and of the examples, below
 * `FOLDER/contracts`.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contractFiles } from "../../src/contract-files.js";
import type { Service } from "../../src/contract/model.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { runCommand } from "../support/run-command.js";
import { generatedArtifacts, type GeneratedArtifact } from "./generated-artifacts.js";
import { SERVED_ARTIFACTS } from "./serve-command.js";

/** How many contracts have facets, notes and a past, which a command cannot give them without a lock. */
const DRAWN = 24;

/** `generate` runs at once; each is a process of its own. */
const AT_ONCE = 4;

const GENERATE = ["dist/src/cli/main.js", "generate"];

/** A contract with `EvaluateOne`, which a lock gives. */
const LOCKED = ["test/interop/fixtures/single_row", "--lock", "test/interop/fixtures/single_row.lock.json"];

function writeArtifact(folder: string, { name, inputInfo, outputType }: GeneratedArtifact): string {
  const artifact = join(folder, name);
  mkdirSync(join(artifact, "python_dict"), { recursive: true });
  writeFileSync(join(artifact, "input_info.json"), JSON.stringify(inputInfo));
  writeFileSync(
    join(artifact, "metadata.json"),
    JSON.stringify({ alias: name, output_type: outputType ?? null }),
  );
  writeFileSync(join(artifact, "python_dict/__init__.py"), "def main(**inputs):\n    return None\n");
  return artifact;
}

async function generateAll(artifacts: readonly string[], out: string): Promise<void> {
  const waiting = [...artifacts];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      await runCommand(process.execPath, [...GENERATE, next, "--out", out]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A contract that nobody could mistake for another. */
function renamed(service: Service, index: number): Service {
  const alias = `drawn_${index}`;
  const namespace = `urn:artifact-gateway:${alias}:v1`;
  return {
    ...service,
    alias,
    major: 1,
    name: `Drawn${index}Service`,
    namespace,
    protoPackage: `${alias}.v1`,
  };
}

function writeContract(out: string, service: Service): void {
  for (const { path, content } of contractFiles(service)) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: write-corpus FOLDER");
rmSync(folder, { recursive: true, force: true });
const artifacts = generatedArtifacts().map((artifact) => writeArtifact(join(folder, "artifacts"), artifact));
await generateAll([...SERVED_ARTIFACTS, ...artifacts], join(folder, "contracts"));
await runCommand(process.execPath, [...GENERATE, ...LOCKED, "--out", join(folder, "contracts")]);
for (const service of sampleContracts(DRAWN).map(renamed)) writeContract(join(folder, "contracts"), service);
