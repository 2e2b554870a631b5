/**
 * What the artifact wants to be given: tables, arguments and runtime parameters, read from `input_info.json` into one
 * canonical form. Everything behind this file knows that form only; other shapes of the file are read here.
 */
import type { Value } from "../values.js";
import { isScalarType, parseDataType, type DataType } from "./data-type.js";
import { readDefault } from "./default-value.js";
import { problemList, shown, type ProblemList } from "../problems.js";
import { isJsonObject } from "../strict-json.js";
import { DataTypeError } from "./type-scanner.js";

/** A column of a table, an argument, or a runtime parameter. */
export interface InputColumn {
  /** The artifact's own name, verbatim: the key toward `main()`. */
  readonly alias: string;
  readonly type: DataType;
  /** The type as the file spells it, for the dataset dict and for documentation. */
  readonly spelledType: string;
  /** True: the caller may leave it out or send null. */
  readonly nullable: boolean;
  /** Empty when the file says nothing. */
  readonly description: string;
  /** What stands in when the caller sends nothing; of the declared type, never null. Not on a column of a table. */
  readonly default?: NonNullable<Value>;
}

export interface InputTable {
  readonly alias: string;
  readonly description: string;
  /** True: the table may be left out or have no rows. */
  readonly nullable: boolean;
  readonly columns: readonly InputColumn[];
}

export interface InputInfo {
  readonly tables: readonly InputTable[];
  /** Named single values (GenAI pipelines). */
  readonly arguments: readonly InputColumn[];
  /** Runtime parameters: scalars handed to `main()` beside the tables. */
  readonly parameters: readonly InputColumn[];
}

/** The file, relative to the root of the artifact. */
export const INPUT_INFO_FILE = "input_info.json";

const LONGEST_ALIAS = 200;
/** The name under which the call path hands runtime parameters on, beside the tables and arguments. */
const PARAMETERS = "parameters";
const CORRECT = `Correct it in ${INPUT_INFO_FILE}.`;

const SECTIONS = ["tables", "arguments", "runtime_params"] as const;

type Role = "column" | "argument" | "parameter";

/** Alias to the path where it was read. */
type Aliases = Map<string, string>;

/**
 * Reads the canonical form: `{"tables": […], "arguments": […], "runtime_params": […]}`, each of them optional. Keys
 * that it does not know are ignored.
 * @param json what `parseStrictJson` returned
 * @throws Refusal with every problem and its path
 */
export function normaliseInputInfo(json: unknown): InputInfo {
  const problems = problemList(INPUT_INFO_FILE);
  const sections = readSections(json, problems);
  // Tables and arguments become fields of one request, so their aliases must differ.
  const fields: Aliases = new Map();
  const inputs: InputInfo = {
    tables: readTables(sections["tables"], fields, problems),
    arguments: readColumns(sections["arguments"], "arguments", "argument", fields, problems),
    parameters: readColumns(sections["runtime_params"], "runtime_params", "parameter", new Map(), problems),
  };
  const clash = inputs.parameters.length > 0 ? fields.get(PARAMETERS) : undefined;
  if (clash !== undefined) {
    const message = `\`${PARAMETERS}\` is the name under which the runtime parameters are sent.`;
    problems.add(`${clash}.alias`, message, "Give the table or argument another alias.");
  }
  problems.refuse();
  return inputs;
}

function readSections(json: unknown, problems: ProblemList): Record<string, unknown> {
  if (Array.isArray(json) && json.length === 0) return {};
  const expected = `expected an object with ${SECTIONS.map((name) => `\`${name}\``).join(", ")}`;
  if (!isJsonObject(json)) {
    problems.add("", `Found ${kindOf(json)}; ${expected}.`, CORRECT);
    return {};
  }
  // Without this, a file in another shape would count as one that asks for nothing.
  if (Object.keys(json).length > 0 && !SECTIONS.some((name) => Object.hasOwn(json, name))) {
    problems.add("", `Not in the canonical form; ${expected}.`, "Write it in the canonical form.");
  }
  return json;
}

function readTables(value: unknown, aliases: Aliases, problems: ProblemList): InputTable[] {
  return readList(value, "tables", problems, (item, path): InputTable | undefined => {
    const alias = readAlias(item["alias"], path, aliases, problems);
    const columnsPath = `${path}.columns`;
    const columns = readColumns(item["columns"], columnsPath, "column", new Map(), problems);
    if (item["columns"] === undefined || (Array.isArray(item["columns"]) && item["columns"].length === 0)) {
      problems.add(
        columnsPath,
        "A table has at least one column.",
        `Name its columns in ${INPUT_INFO_FILE}.`,
      );
    }
    const nullable = readFlag(item["nullable"], `${path}.nullable`, problems);
    const description = readDescription(item["description"], path, problems);
    return alias === undefined ? undefined : { alias, description, nullable, columns };
  });
}

function readColumns(
  value: unknown,
  path: string,
  role: Role,
  aliases: Aliases,
  problems: ProblemList,
): InputColumn[] {
  return readList(value, path, problems, (item, itemPath) => {
    const alias = readAlias(item["alias"], itemPath, aliases, problems);
    const nullable = readFlag(item["nullable"], `${itemPath}.nullable`, problems);
    const description = readDescription(item["description"], itemPath, problems);
    const type = readType(item["type"], `${itemPath}.type`, role, problems);
    if (alias === undefined || type === undefined) return undefined;
    const column: InputColumn = { alias, ...type, nullable, description };
    if (role === "column" || item["default"] === undefined) return column;
    const found = readDefault(item["default"], column, `${itemPath}.default`);
    // A default of null is what stands in for an absent value anyway.
    if ("value" in found) return found.value === null ? column : { ...column, default: found.value };
    problems.add(found.path, `The default does not fit the type; expected ${found.expected}.`, CORRECT);
    return undefined;
  });
}

/** The objects of a list, each read by `readItem`; what it could not read is left out, its problems are noted. */
function readList<T>(
  value: unknown,
  path: string,
  problems: ProblemList,
  readItem: (item: Record<string, unknown>, path: string) => T | undefined,
): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.add(path, `Found ${kindOf(value)}; expected a list.`, CORRECT);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const itemPath = `${path}[${index}]`;
    if (!isJsonObject(item)) {
      problems.add(itemPath, `Found ${kindOf(item)}; expected an object with \`alias\`.`, CORRECT);
      return [];
    }
    const read = readItem(item, itemPath);
    return read === undefined ? [] : [read];
  });
}

function readAlias(
  value: unknown,
  path: string,
  aliases: Aliases,
  problems: ProblemList,
): string | undefined {
  const at = `${path}.alias`;
  if (typeof value !== "string" || value === "" || value.length > LONGEST_ALIAS || /\p{Cc}/u.test(value)) {
    const found = typeof value === "string" ? "text that is not" : `${kindOf(value)}; expected`;
    const message = `Found ${found} 1 to ${LONGEST_ALIAS} characters without control characters.`;
    problems.add(at, message, CORRECT);
    return undefined;
  }
  const other = aliases.get(value);
  if (other !== undefined) {
    problems.add(at, `\`${shown(value)}\` is the alias of \`${other}\` too.`, "Give each its own alias.");
    return undefined;
  }
  aliases.set(value, path);
  return value;
}

function readType(
  value: unknown,
  path: string,
  role: Role,
  problems: ProblemList,
): Pick<InputColumn, "type" | "spelledType"> | undefined {
  if (typeof value !== "string") {
    problems.add(path, `Found ${kindOf(value)}; expected a type such as \`String\`.`, CORRECT);
    return undefined;
  }
  try {
    const type = parseDataType(value);
    if (role !== "parameter" || isScalarType(type)) return { type, spelledType: value };
    problems.add(path, `A runtime parameter cannot be of the type ${type.kind}; expected a scalar.`, CORRECT);
  } catch (error) {
    if (!(error instanceof DataTypeError)) throw error;
    problems.add(path, `${error.message}.`, `Correct the spelling in ${INPUT_INFO_FILE}.`);
  }
  return undefined;
}

/** `nullable`, which is true unless the file says otherwise. */
function readFlag(value: unknown, path: string, problems: ProblemList): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? true;
  problems.add(path, `Found ${kindOf(value)}; expected true or false.`, CORRECT);
  return true;
}

function readDescription(value: unknown, path: string, problems: ProblemList): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  problems.add(`${path}.description`, `Found ${kindOf(value)}; expected text.`, CORRECT);
  return "";
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isJsonObject(value)) return "an object";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "a truth value" : "a number";
}
