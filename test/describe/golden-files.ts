/** The golden files of descriptions: what they hold now, and what they would hold. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact } from "../../src/artifact/read-artifact.js";
import { PLAIN } from "../../src/cli/terminal.js";
import { printDescription } from "../../src/cli/print-description.js";
import { contractOf } from "../../src/contract-of.js";
import { describeArtifact, type ContractOrProblems } from "../../src/describe/describe-artifact.js";
import type { ArtifactDescription } from "../../src/describe/description.js";
import { reportOf } from "../../src/describe/report.js";
import { Refusal } from "../../src/errors.js";
import { writeJson } from "../../src/json-text.js";
import { lineageSvg } from "../../src/lineage/drawing/lineage-svg.js";
import { lineageDot } from "../../src/lineage/lineage-dot.js";
import { writeBundle } from "../artifact/bundles.js";
import { repository } from "../support/served-example.js";
import { BUNDLES, EXAMPLES, type Bundle } from "./described-artifacts.js";

export const GOLDEN_FOLDER = repository("test/describe/golden");

/** The same on every machine. */
const INSTALLED = {
  python: "3.11.7",
  libraries: new Map([
    ["numpy", "1.26.4"],
    ["scikit-learn", "1.5.0"],
  ]),
};

/** The description of what lies in a folder, as `inspect` would make it. */
export async function describeFolder(folder: string): Promise<ArtifactDescription> {
  const opened = await openArtifact(folder);
  const artifact = await readArtifact(opened);
  return describeArtifact(artifact, contractOrProblems(), INSTALLED);

  function contractOrProblems(): ContractOrProblems {
    try {
      return { service: contractOf(artifact) };
    } catch (error) {
      if (error instanceof Refusal) return { problems: error.problems };
      throw error;
    }
  }
}

/** The same for files that are written for it; the folder is called `artifact`, wherever it lies. */
export async function describeBundle(bundle: Bundle): Promise<ArtifactDescription> {
  const folder = mkdtempSync(join(tmpdir(), "described-"));
  try {
    writeBundle(join(folder, "artifact"), bundle);
    return { ...(await describeFolder(join(folder, "artifact"))), source: "artifact" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** File name to content, of every artifact whose description is kept. */
export async function goldenFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const add = (name: string, description: ArtifactDescription): void => {
    files.set(`${name}.txt`, printDescription(description, PLAIN, false));
    files.set(`${name}.json`, `${writeJson(reportOf(description), "  ")}\n`);
    files.set(`${name}.dot`, lineageDot(description.lineage));
    files.set(`${name}.svg`, lineageSvg(description.lineage, description.alias));
  };
  for (const name of EXAMPLES) {
    const source = `examples/${name}/artifact`;
    add(name, { ...(await describeFolder(repository(source))), source });
  }
  for (const [name, bundle] of Object.entries(BUNDLES)) add(name, await describeBundle(bundle));
  return files;
}
