/** Samples of inputs: files like the one that `run --input` takes. */
import { readFileSync } from "node:fs";
import { checkInputs } from "./call/check-inputs.js";
import { compileInputsEncoder } from "./call/encode-inputs.js";
import type { Service } from "./contract/model.js";
import { GatewayError, Refusal, type Problem, type Violation } from "./errors.js";
import { structFromJson } from "./json/decode.js";
import { parseStrictJson } from "./strict-json.js";
import type { Struct } from "./values.js";

const REMEDY = "Correct the sample; it has the form of an input of `run`.";
const MOST_PROBLEMS = 100;

/**
 * The inputs of a sample, checked as those of any call.
 * @throws Refusal `usage` when the file cannot be read or does not fit the contract
 */
export function readSample(file: string, { operation }: Service): Struct {
  const json = parseStrictJson(readBytes(file), file);
  const violations: Violation[] = [];
  const inputs = structFromJson(operation.request, json, "", violations);
  if (violations.length > 0) throw refuse(file, violations);
  try {
    return checkInputs(operation.request, inputs, MOST_PROBLEMS);
  } catch (error) {
    throw error instanceof GatewayError ? refuse(file, error.violations) : error;
  }
}

/**
 * The inputs of the call that every process is tried with before its first real one, as Python is given them.
 * @throws Refusal `usage`
 */
export function readSampleInputs(file: string, service: Service): Uint8Array {
  return compileInputsEncoder(service.operation.request)(readSample(file, service));
}

function readBytes(file: string): Uint8Array {
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
