/** The sample that every process is tried with before its first call: a file like the one that `run --input` takes. */
import { readFileSync } from "node:fs";
import { compileInputsCheck } from "./call/check-inputs.js";
import { compileInputsEncoder } from "./call/encode-inputs.js";
import type { Service } from "./contract/model.js";
import { GatewayError, Refusal, type Problem, type Violation } from "./errors.js";
import { structFromJson } from "./json/decode.js";
import { parseStrictJson } from "./strict-json.js";

const REMEDY = "Correct the sample; it has the form of an input of `run`.";

/**
 * The inputs of the sample call, as Python is given them.
 * @throws Refusal `usage` when the file cannot be read or does not fit the contract
 */
export function readSampleInputs(file: string, { operation }: Service): Uint8Array {
  const json = parseStrictJson(readSample(file), file);
  const violations: Violation[] = [];
  const inputs = structFromJson(operation.request, json, "", violations);
  if (violations.length > 0) throw refuse(file, violations);
  try {
    return compileInputsEncoder(operation.request)(
      compileInputsCheck(operation.request, MOST_PROBLEMS)(inputs),
    );
  } catch (error) {
    throw error instanceof GatewayError ? refuse(file, error.violations) : error;
  }
}

const MOST_PROBLEMS = 100;

function readSample(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new Refusal("usage", [
      { where: file, path: "", message: "The sample cannot be read.", remedy: "Check the path." },
    ]);
  }
}

function refuse(file: string, violations: readonly Violation[]): Refusal {
  return new Refusal(
    "usage",
    violations.map((violation): Problem => ({ where: file, ...violation, remedy: REMEDY })),
  );
}
