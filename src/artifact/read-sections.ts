/** The outermost object of `input_info.json`: sections under keys of their own, tables by name, or arguments by name. */
import { memberPath } from "../problems.js";
import { isJsonObject } from "../strict-json.js";
import { isArgument, readArguments } from "./arguments.js";
import { dataTypeOrReason } from "./data-type.js";
import type { VariantCode } from "./input-info-variants.js";
import type { InputColumn, InputInfo, InputTable } from "./input-model.js";
import { isContainer, isEmptyContainer, kindOf } from "./json-kind.js";
import type { Reading, Way } from "./one-way.js";
import { CORRECT, type Aliases } from "./read-columns.js";
import { readNamedTable, readTableList } from "./read-tables.js";
import { PARAMETERS, readRuntimeParameters } from "./runtime-parameters.js";
import { EVERYDAY_WORDS, findAll, SPELLINGS, type Found } from "./spellings.js";

export type Inputs = Omit<InputInfo, "variant">;
type Details = Readonly<Record<string, unknown>>;

export const NO_INPUTS: Inputs = Object.freeze({ tables: [], arguments: [], parameters: [] });

const UNUSED = "Nothing, if it is no input of main().";
const SECTION_WORDS: ReadonlySet<string> = new Set([
  ...SPELLINGS.tables,
  ...SPELLINGS.arguments,
  ...SPELLINGS.parameters,
]);

/**
 * Every way in which a non-empty object can be meant, the likeliest first; none when it is neither.
 * @param objectType what the metadata calls the artifact, if anything
 * @param stated the variant that somebody has stated this file to be
 */
export function waysToRead(
  json: Details,
  objectType: string | undefined,
  stated: VariantCode | undefined,
): Way<Inputs>[] {
  const words = Object.keys(json).filter((key) => SECTION_WORDS.has(key) && isContainer(json[key]));
  const sections = waysToReadSections(json, words, objectType);
  // A word of the platform is a section, whatever else it could be; only a statement makes it a name.
  if (stated === undefined && words.some((word) => !EVERYDAY_WORDS.has(word))) return sections;
  const ways = [...sections];
  if (Object.values(json).some(isContainer)) {
    const read = (reading: Reading): Inputs => ({ ...NO_INPUTS, tables: readBareTables(json, reading) });
    ways.push({ meaning: "tables by name", read });
  }
  if (Object.values(json).every(isArgument)) {
    const read = (reading: Reading): Inputs => ({
      ...NO_INPUTS,
      arguments: readArguments({ value: json, path: "" }, objectType, new Map(), reading),
    });
    ways.push({ variant: "V9", meaning: "arguments by name", read });
  }
  return ways;
}

function waysToReadSections(
  json: Details,
  words: readonly string[],
  objectType: string | undefined,
): Way<Inputs>[] {
  if (words.length === 0) return [];
  const list = words.map((word) => `\`${word}\``).join(", ");
  const ways: Way<Inputs>[] = [
    {
      variant: words.every((word) => SPELLINGS.arguments.some((each) => each === word)) ? "V8" : "V6",
      meaning: `sections (${list})`,
      read: (reading) => readSections(json, "tables", objectType, reading),
    },
  ];
  const { inputs } = json;
  // Beside other tables it can as well be the lineage of the artifact.
  const isAlone = words.filter((word) => SPELLINGS.tables.some((each) => each === word)).length === 1;
  if (words.includes("inputs") && isAlone && canBeArguments(inputs)) {
    ways.push({
      variant: Array.isArray(inputs) ? "V8" : "V9",
      meaning: "arguments (`inputs`)",
      read: (reading) => readSections(json, "arguments", objectType, reading),
    });
  }
  return ways;
}

/** What stands under `inputs` can be arguments, unless it lists what has columns of its own. */
function canBeArguments(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every((item) => isJsonObject(item) && findAll(item, "type", "").length > 0);
  }
  return isJsonObject(value) && Object.values(value).every(isArgument);
}

/** @param inputsAre what a section called `inputs` holds */
function readSections(
  json: Details,
  inputsAre: "tables" | "arguments",
  objectType: string | undefined,
  reading: Reading,
): Inputs {
  const argumentWords = findAll(json, "arguments", "");
  const tableWords = findAll(json, "tables", "");
  const isInputs = ({ path }: Found): boolean => path === "inputs" && inputsAre === "arguments";
  const tablesAt = onlySection(
    tableWords.filter((found) => !isInputs(found)),
    reading,
  );
  const argumentsAt = onlySection([...argumentWords, ...tableWords.filter(isInputs)], reading);
  // Tables and arguments become fields of one request, so their aliases must differ.
  const fields: Aliases = new Map();
  const tables = readTableSection(tablesAt, fields, reading);
  const rest = Object.entries(json).filter(
    ([key, value]) => !SECTION_WORDS.has(key) && isContainer(value) && !isEmptyContainer(value),
  );
  const besides = tablesAt === undefined ? readTables(rest, "", fields, reading) : [];
  if (tablesAt !== undefined) noteUnused(rest, reading);
  const args = argumentsAt === undefined ? [] : readArguments(argumentsAt, objectType, fields, reading);
  const parametersAt = onlySection(findAll(json, "parameters", ""), reading);
  const parameters = parametersAt === undefined ? [] : readRuntimeParameters(parametersAt, reading);
  notePlaceOfParameters(parameters, fields, reading);
  return { tables: [...tables, ...besides], arguments: args, parameters };
}

/** The one list or object under the spellings of a section. */
function onlySection(found: readonly Found[], { problems }: Reading): Found | undefined {
  const [section, other] = found.filter(({ value }) => isContainer(value));
  if (section !== undefined && other !== undefined) {
    const message = `\`${section.path}\` and \`${other.path}\` are the same section; which one counts is not known.`;
    problems.add(other.path, message, "Keep one of them.");
  }
  for (const { value, path } of found) {
    if (isContainer(value) || EVERYDAY_WORDS.has(path)) continue;
    problems.add(path, `Found ${kindOf(value)}; expected a list or an object.`, CORRECT);
  }
  return section;
}

function readTableSection(section: Found | undefined, fields: Aliases, reading: Reading): InputTable[] {
  if (section === undefined) return [];
  const { value, path } = section;
  if (Array.isArray(value)) return readTableList(value, path, fields, reading);
  return isJsonObject(value) ? readTables(Object.entries(value), path, fields, reading) : [];
}

/** Tables by name with nothing around them; a single value beside them cannot be one. */
function readBareTables(json: Details, reading: Reading): InputTable[] {
  const members = Object.entries(json);
  for (const [key, value] of members.filter(([, each]) => !isContainer(each))) {
    const path = memberPath("", key);
    if (typeof value === "string" && typeof dataTypeOrReason(value) !== "string") {
      const message = "Found a type beside tables; an argument, a column or a remark can be meant.";
      reading.problems.add(path, message, CORRECT);
    } else {
      reading.warnings.add(path, `Found ${kindOf(value)}; expected a table. It is not used.`, UNUSED);
    }
  }
  return readTables(
    members.filter(([, value]) => isContainer(value)),
    "",
    new Map(),
    reading,
  );
}

function readTables(
  members: readonly (readonly [string, unknown])[],
  path: string,
  fields: Aliases,
  reading: Reading,
): InputTable[] {
  return members.flatMap(
    ([name, value]) => readNamedTable(name, value, memberPath(path, name), fields, reading) ?? [],
  );
}

function noteUnused(rest: readonly (readonly [string, unknown])[], { warnings }: Reading): void {
  for (const [key] of rest) {
    warnings.add(memberPath("", key), "It stands beside the tables and is not used.", UNUSED);
  }
}

function notePlaceOfParameters(
  parameters: readonly InputColumn[],
  fields: Aliases,
  { problems }: Reading,
): void {
  const clash = parameters.length > 0 ? fields.get(PARAMETERS) : undefined;
  if (clash === undefined) return;
  const message = `\`${PARAMETERS}\` is the name under which the runtime parameters are sent.`;
  problems.add(clash, message, "Give the table or argument another alias.");
}
