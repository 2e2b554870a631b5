/** `lock`: writes the contract lock of an artifact, from what carries over and from what samples show. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { StatedVariant } from "../artifact/input-info-variants.js";
import { parseDataType } from "../artifact/data-type.js";
import { DataTypeError } from "../artifact/type-scanner.js";
import { loadConfig, type Config, type Flags } from "../config.js";
import type { Profile } from "../contract/model.js";
import type { StatedType } from "../contract/state-types.js";
import { Refusal } from "../errors.js";
import { formatFindings } from "../lint/format-findings.js";
import { makeLock, type LockWishes, type MadeLock } from "../lock/make-lock.js";
import { printLock } from "../lock/print-lock.js";
import { readLock } from "../lock/read-lock.js";
import { readSample } from "../sample-inputs.js";
import { showProgress } from "./progress.js";
import { formatTable } from "./table.js";
import { tryInPython } from "./try-in-python.js";
import { withArtifact } from "./with-artifact.js";

interface LockFlags extends Omit<Flags, "sample"> {
  readonly config?: string;
  readonly out: string;
  readonly sample?: string[];
  readonly previous?: string;
  readonly profile?: Profile;
  readonly major?: number;
  readonly result?: string;
  readonly type?: string[];
  readonly variant?: StatedVariant;
}

export async function lock(path: string, flags: LockFlags): Promise<void> {
  const {
    config: configFile,
    out,
    sample = [],
    previous,
    profile,
    major,
    result,
    type = [],
    variant,
    ...settings
  } = flags;
  const config = loadConfig(settings, configFile);
  if (previous === undefined && existsSync(out)) throw refuseToForget(out);
  const before = previous === undefined ? undefined : readLock(previous);
  const stated = variant ?? before?.content.inputInfoVariant;
  const wishes: LockWishes = {
    ...(before === undefined ? {} : { previous: before }),
    ...(stated === undefined ? {} : { inputInfoVariant: stated }),
    types: new Map(type.map(readStatedType)),
    ...(profile === undefined ? {} : { profile }),
    ...(major === undefined ? {} : { major }),
    ...(result === undefined ? {} : { output: { ...readType(result, "--result"), origin: "declared" } }),
  };
  const made = await withArtifact(
    path,
    async (artifact) => {
      const done = showProgress(sample.length === 0 ? "reading" : "trying how main() wants to be called");
      try {
        return await makeLock(artifact, wishes, {
          names: sample,
          read: (service) => sample.map((file) => readSample(file, service)),
          try: (service) => tryInPython({ artifact, service, config, limitMs: limitOf(config) }),
        });
      } finally {
        done();
      }
    },
    () => stated,
  );
  await writeFile(out, printLock(made.lock));
  process.stdout.write(`${out}\n`);
  process.stderr.write(summary(made));
}

/** One attempt imports the artifact and answers every sample. */
function limitOf({ startTimeoutMs, defaultTimeoutMs }: Config): number {
  return startTimeoutMs + defaultTimeoutMs;
}

/** `application.annual_income=Numerical` */
function readStatedType(text: string): readonly [string, StatedType] {
  const [, path = "", spelled = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (path !== "") return [path, readType(spelled, "--type")];
  const remedy = "Write it like `application.annual_income=Numerical`.";
  throw new Refusal("usage", [{ where: "--type", path: "", message: "Expected a path and a type.", remedy }]);
}

function readType(spelled: string, where: string): StatedType {
  try {
    return { type: parseDataType(spelled), spelled };
  } catch (error) {
    if (!(error instanceof DataTypeError)) throw error;
    const remedy = "Spell it like `Struct[decision: String, score: Numerical]`.";
    throw new Refusal("usage", [{ where, path: "", message: `${error.message}.`, remedy }]);
  }
}

/** Without the lock before, every name and number would be given out afresh, and callers would not know. */
function refuseToForget(out: string): Refusal {
  const message = "There is a lock already, and nothing of it would carry over.";
  const remedy = `Add --previous ${out}, or write to another file.`;
  return new Refusal("usage", [{ where: out, path: "", message, remedy }]);
}

function summary({ lock: made, changes, broken, proposals, warnings }: MadeLock): string {
  const { service, major, revision, profile, main, result } = made;
  const facts = [
    ["contract", `${service} v${major}, revision ${revision}, profile ${profile}`],
    ["interface", made.interface],
    ["main()", `${main.datasetFormat}, ${main.callStyle}`],
    ["answer", result.origin === "undeclared" ? UNDECLARED : `${result.spelled ?? ""} (${result.origin})`],
    ...(broken.length === 0 ? [] : [["major raised", `callers break over ${broken.join(", ")}`]]),
  ];
  const parts = [
    formatTable(facts),
    changes.length === 0 ? "" : `${changes.length} changes; \`diff\` explains them`,
    proposals.length === 0
      ? ""
      : `proposed, please review:\n${formatTable(
          proposals.map((proposal) => [proposal.path, proposal.facet, proposal.why]),
          "  ",
        )}`,
    warnings.length === 0 ? "" : formatFindings(warnings),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const UNDECLARED = "not declared: served as a dynamic value; --sample FILE or --result TYPE changes that";
