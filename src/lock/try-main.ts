/**
 * Finds out how an artifact's `main()` wants to be called: each dataset format and call style that its inputs allow is tried
 * with real samples, and the first that answers all of them is chosen. Only for `lock`; `serve` never experiments.
 */
import { isDeepStrictEqual } from "node:util";
import { compileResultCheck } from "../call/check-result.js";
import { DATASET_FORMATS, DEFAULT_MAIN_OPTIONS, type MainOptions } from "../contract/main-options.js";
import type { FieldType, Service } from "../contract/model.js";
import { GatewayError, Refusal, type Code } from "../errors.js";
import type { PythonValue, Struct } from "../values.js";

/** How the samples went in one Python process. */
export type Trial =
  | { readonly outcome: "answered"; readonly results: readonly PythonValue[] }
  /** `reason` is for people: the kind of error and its place in the artifact, never a value. */
  | { readonly outcome: Code | "start_failed"; readonly reason: string };

/**
 * Runs `main()` once for each sample in a Python process that is started for this and ended after it, within a time limit.
 * It rejects for defects alone.
 */
export type TryMain = (options: MainOptions, samples: readonly Struct[]) => Promise<Trial>;

/** What is kept of one attempt. */
export interface Attempt extends Pick<MainOptions, "callStyle" | "datasetFormat"> {
  readonly outcome: Trial["outcome"];
  /** Empty for one that answered. */
  readonly reason: string;
  /** Of those that answered: whether with the same results as the one that was chosen. */
  readonly sameResults?: boolean;
}

export interface MainFound {
  readonly chosen: MainOptions;
  /** Every attempt, in the order in which they were made. */
  readonly evidence: readonly Attempt[];
  /** What the chosen one answered to each sample. */
  readonly results: readonly PythonValue[];
}

export interface MainTrials {
  /** The artifact, as it was named. */
  readonly source: string;
  readonly service: Service;
  /** Inputs as they are decoded from JSON; at least one. */
  readonly samples: readonly Struct[];
  readonly tryMain: TryMain;
  /** The choices that are not tried. */
  readonly base?: MainOptions;
}

/**
 * Tries what can be tried, one attempt after the other.
 * @throws Refusal `usage` without samples; `artifact`, with every attempt and its reason, when none answers all samples as
 * the contract declares
 */
export async function findMainOptions(trials: MainTrials): Promise<MainFound> {
  const { source, service, samples, tryMain, base = DEFAULT_MAIN_OPTIONS } = trials;
  if (samples.length === 0) throw refuseWithoutSamples(source);
  const checkResults = compileResultsCheck(service.operation.response.fields[0].type);
  const made: { readonly options: MainOptions; readonly trial: Trial }[] = [];
  for (const { callStyle, datasetFormats } of candidates(service, base)) {
    for (const datasetFormat of datasetFormats) {
      const options: MainOptions = { ...base, callStyle, datasetFormat };
      const trial = checkResults(await tryMain(options, samples));
      made.push({ options, trial });
      // What the signature of main() does not allow, it allows with no other format either.
      if (trial.outcome === "start_failed") break;
    }
  }
  for (const { options: chosen, trial } of made) {
    if (!("results" in trial)) continue;
    const { results } = trial;
    return { chosen, results, evidence: made.map((one) => attemptOf(one.options, one.trial, results)) };
  }
  throw refuseAll(
    source,
    made.map(({ options, trial }) => attemptOf(options, trial, [])),
  );
}

interface Candidate extends Pick<MainOptions, "callStyle"> {
  readonly datasetFormats: readonly MainOptions["datasetFormat"][];
}

/** What the inputs allow. A style that a signature shows by names comes before one that fits almost any signature. */
function candidates({ operation }: Service, { datasetFormat }: MainOptions): readonly Candidate[] {
  const count = (role: string): number =>
    operation.request.fields.filter((field) => field.role === role).length;
  const tables = count("table");
  if (tables > 0) {
    return [
      { callStyle: "tables", datasetFormats: DATASET_FORMATS },
      { callStyle: "arguments", datasetFormats: tables === 1 ? ["row"] : [] },
      { callStyle: "data", datasetFormats: DATASET_FORMATS },
    ];
  }
  if (count("argument") === 0) return [{ callStyle: "none", datasetFormats: [datasetFormat] }];
  return [
    { callStyle: "arguments", datasetFormats: [datasetFormat] },
    { callStyle: "data", datasetFormats: [datasetFormat] },
  ];
}

/** An answer that the contract does not allow is no answer. */
function compileResultsCheck(type: FieldType): (trial: Trial) => Trial {
  const check = compileResultCheck(type);
  return (trial) => {
    if (!("results" in trial)) return trial;
    for (const [index, result] of trial.results.entries()) {
      try {
        check(result);
      } catch (error) {
        if (!(error instanceof GatewayError) || !(error.cause instanceof Error)) throw error;
        // The way into data that nothing declares is made of keys, and those can be values.
        const found =
          type.kind === "dynamic" ? error.cause.message.replace(/^.*: /s, "") : error.cause.message;
        return { outcome: error.code, reason: `sample ${index + 1}: ${found}` };
      }
    }
    return trial;
  };
}

function attemptOf(
  { callStyle, datasetFormat }: MainOptions,
  trial: Trial,
  chosen: readonly PythonValue[],
): Attempt {
  if (!("results" in trial)) return { callStyle, datasetFormat, ...trial };
  const { outcome, results } = trial;
  return { callStyle, datasetFormat, outcome, reason: "", sameResults: isDeepStrictEqual(results, chosen) };
}

function refuseWithoutSamples(source: string): Refusal {
  const message = "How main() wants to be called cannot be tried without a sample.";
  return new Refusal("usage", [{ where: source, path: "", message, remedy: "Name one with --sample." }]);
}

function refuseAll(source: string, attempts: readonly Attempt[]): Refusal {
  const remedy = "Correct the artifact or the sample, or state `main` in the contract lock by hand.";
  return new Refusal(
    "artifact",
    attempts.map(({ callStyle, datasetFormat, outcome, reason }) => ({
      where: source,
      path: "python_dict",
      message: `main() called with callStyle ${callStyle} and datasetFormat ${datasetFormat}: ${outcome}: ${reason}.`,
      remedy,
    })),
  );
}
