/**
 * What the artifact wants to be given: tables, arguments and runtime parameters, read from `input_info.json` in any of
 * its variants into one canonical form.
 */
import type { Problem } from "../errors.js";
import { isJsonObject } from "../strict-json.js";
import { describeVariant, foundVariant, type VariantCode } from "./input-info-variants.js";
import type { InputInfo } from "./input-model.js";
import { isContainer, kindOf } from "./json-kind.js";
import { newReading, readOneWay, type Reading } from "./one-way.js";
import { CORRECT } from "./read-columns.js";
import { NO_INPUTS, waysToRead, type Inputs } from "./read-sections.js";
import { readTableList } from "./read-tables.js";

export { INPUT_INFO_FILE } from "./input-model.js";
export type { ColumnDocumentation, InputColumn, InputInfo, InputTable } from "./input-model.js";
export type { FoundVariant, VariantCode } from "./input-info-variants.js";

export interface ReaderOptions {
  /** The variant that the file is known to be; only needed where it can be read in several ways. */
  readonly variant?: VariantCode | undefined;
  /** What the metadata calls the artifact: `Pipeline`, `Model`… */
  readonly objectType?: string | undefined;
  /** Takes what is not understood and does no harm. */
  readonly warnings?: Problem[];
}

const EXPECTED =
  "expected tables with their columns, or arguments with their types, in one of the shapes of docs/artifact.md";

/**
 * Reads any of the variants V1 to V9.
 * @param json what `parseStrictJson` returned
 * @throws Refusal with every problem and its path; with the candidates, when the file can be read in several ways
 */
export function normaliseInputInfo(json: unknown, options: ReaderOptions = {}): InputInfo {
  const { variant: stated, objectType, warnings } = options;
  const reading = newReading(stated);
  const inputs = readAll(json, objectType, reading);
  const variant = foundVariant([...reading.met]);
  if (stated !== undefined && !variant.codes.includes(stated) && reading.problems.listed().length === 0) {
    const message = `It was stated to be ${describeVariant(stated)}, and reads as ${describeVariant(variant.code)}.`;
    reading.problems.add("", message, "Take the statement back, or state the variant that it is.");
  }
  reading.problems.refuse();
  warnings?.push(...reading.warnings.listed());
  return { ...inputs, variant };
}

function readAll(json: unknown, objectType: string | undefined, reading: Reading): Inputs {
  if (Array.isArray(json)) return { ...NO_INPUTS, tables: readTableList(json, "", new Map(), reading) };
  if (isJsonObject(json)) {
    if (Object.keys(json).length === 0) return NO_INPUTS;
    const [first, ...others] = waysToRead(json, objectType, reading.stated);
    if (first !== undefined) return readOneWay([first, ...others], "", reading);
  }
  const found = isContainer(json) ? "neither tables nor arguments" : kindOf(json);
  reading.problems.add("", `Found ${found}; ${EXPECTED}.`, CORRECT);
  return NO_INPUTS;
}
