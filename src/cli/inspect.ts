/** `inspect`: what an artifact is, what it wants, what it answers and what it is made of, without running any of it. */
import { writeFile } from "node:fs/promises";
import type { Artifact } from "../artifact/read-artifact.js";
import { loadConfig } from "../config.js";
import { contractOne, readLocks, variantIn } from "../contracted.js";
import { describeArtifact, type ContractOrProblems } from "../describe/describe-artifact.js";
import type { ArtifactDescription } from "../describe/description.js";
import { reportOf } from "../describe/report.js";
import { describeProblem, Refusal } from "../errors.js";
import { writeJson } from "../json-text.js";
import { lineageSvg } from "../lineage/drawing/lineage-svg.js";
import type { Lineage } from "../lineage/graph.js";
import { lineageDot } from "../lineage/lineage-dot.js";
import { lineageJson } from "../lineage/lineage-json.js";
import { selectLineage } from "../lineage/select-lineage.js";
import type { Lock } from "../lock/read-lock.js";
import { shown } from "../problems.js";
import { extractParts } from "./extract-parts.js";
import { installedVersions } from "./installed-versions.js";
import { printDescription } from "./print-description.js";
import { printLineage } from "./print-lineage.js";
import { printOut } from "./print-out.js";
import { PLAIN, standardOutput, type Terminal } from "./terminal.js";
import { withArtifact } from "./with-artifact.js";

export const LINEAGE_FORMS = ["tree", "json", "dot", "svg"] as const;
type LineageForm = (typeof LINEAGE_FORMS)[number];

interface InspectFlags {
  readonly json?: boolean;
  readonly full?: boolean;
  readonly lineage?: LineageForm;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly out?: string;
  readonly extract?: string;
  readonly force?: boolean;
  readonly lock?: string;
  readonly python?: string;
  readonly config?: string;
}

export async function inspect(path: string, flags: InspectFlags): Promise<void> {
  refuseContradiction(flags);
  const { lock, python, config: configFile, extract, out } = flags;
  const config = loadConfig(python === undefined ? {} : { python }, configFile);
  const locks = readLocks({ lock: lock === undefined ? [] : [lock] });
  await withArtifact(
    path,
    async (artifact) => {
      // Only what prints versions has to wait for an interpreter.
      const isAsked = extract === undefined && flags.lineage === undefined;
      const installed = isAsked ? await installedVersions(config.python) : undefined;
      const description = await describeArtifact(artifact, contractOrProblems(artifact, locks), installed);
      for (const note of description.warnings.slice(artifact.warnings.length)) {
        process.stderr.write(`warning: ${describeProblem(note)}\n`);
      }
      if (extract !== undefined) {
        await printOut(await extractParts(artifact, description, extract, flags.force === true));
        return;
      }
      const text = rendered(description, flags, out === undefined ? standardOutput() : PLAIN);
      if (out === undefined) await printOut(text);
      else await writeOut(out, text, flags.force === true);
    },
    variantIn(locks),
  );
}

/** An artifact that lacks a statement cannot be served, and can be looked at all the same. */
function contractOrProblems(artifact: Artifact, locks: readonly Lock[]): ContractOrProblems {
  try {
    return { service: contractOne(artifact, locks, false).service };
  } catch (error) {
    if (error instanceof Refusal && error.kind === "artifact") return { problems: error.problems };
    throw error;
  }
}

function rendered(description: ArtifactDescription, flags: InspectFlags, terminal: Terminal): string {
  const { lineage: form, json, full } = flags;
  const lineage = selected(description.lineage, flags);
  if (form !== undefined) return LINEAGE_WRITERS[form](lineage, description.alias, terminal);
  return json === true
    ? `${writeJson(reportOf({ ...description, lineage }), "  ")}\n`
    : printDescription({ ...description, lineage }, terminal, full === true);
}

const LINEAGE_WRITERS = {
  tree: (lineage, _, terminal) => `${printLineage(lineage, terminal)}\n`,
  json: (lineage) => `${writeJson(lineageJson(lineage), "  ")}\n`,
  dot: lineageDot,
  svg: lineageSvg,
} as const satisfies Record<LineageForm, (lineage: Lineage, alias: string, terminal: Terminal) => string>;

/** @throws Refusal `usage` for names that the lineage does not have */
function selected(whole: Lineage, { include, exclude }: InspectFlags): Lineage {
  const { lineage, unknown } = selectLineage(whole, { include, exclude });
  if (unknown.length === 0) return lineage;
  const remedy = "Use a `ref` or an `id` of `--lineage json`.";
  throw new Refusal(
    "usage",
    unknown.map((name) => ({
      where: shown(name),
      path: "",
      message: "The lineage has no such object.",
      remedy,
    })),
  );
}

function refuseContradiction({ json, lineage, extract, out, force }: InspectFlags): void {
  const what = [
    json === true ? "--json" : "",
    lineage === undefined ? "" : "--lineage",
    extract === undefined ? "" : "--extract",
  ].filter((flag) => flag !== "");
  const refuse = (where: string, message: string, remedy: string): never => {
    throw new Refusal("usage", [{ where, path: "", message, remedy }]);
  };
  if (what.length > 1) refuse(what.join(" "), "Each of them asks for another output.", "Give one of them.");
  if (out !== undefined && extract !== undefined)
    refuse("--out", "--extract has a folder of its own.", "Leave it out.");
  if (force === true && out === undefined && extract === undefined) {
    refuse("--force", "Nothing is written that could be there already.", "Give it with --out or --extract.");
  }
}

/** @throws Refusal `usage` when the file is there already, or cannot be written */
async function writeOut(path: string, text: string, isForced: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: isForced ? "w" : "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const isThere = code === "EEXIST";
    const message = isThere ? "The file is there already." : `The file cannot be written (${code}).`;
    const remedy = isThere ? "Name another file, or add --force." : "Check the folder and its permissions.";
    throw new Refusal("usage", [{ where: path, path: "", message, remedy }]);
  }
}
