/** Columns, arguments and runtime parameters: from what the file says of one to its canonical form. */
import { isDeepStrictEqual } from "node:util";
import { shown, type ProblemList } from "../problems.js";
import { dataTypeOrReason, type DataType } from "./data-type.js";
import { readDocumentation } from "./column-documentation.js";
import { readDefault, readSpelledDefault } from "./default-value.js";
import { INPUT_INFO_FILE, type InputColumn } from "./input-model.js";
import { kindOf } from "./json-kind.js";
import type { Reading } from "./one-way.js";
import type { RawColumn } from "./raw-columns.js";
import { DEFAULT_KEY, findAll, type Found, type Key } from "./spellings.js";

export type Role = "column" | "argument" | "parameter";

/** Alias to the path where it was read. */
export type Aliases = Map<string, string>;

export const CORRECT = `Correct it in ${INPUT_INFO_FILE}.`;
const LONGEST_ALIAS = 200;
/** What a column without a type is spelled as. */
const UNTYPED = "Any";

/** The columns that could be read; the problems of the others are noted. */
export function readColumns(
  raw: readonly RawColumn[],
  role: Role,
  aliases: Aliases,
  reading: Reading,
): InputColumn[] {
  return raw.flatMap((column) => readColumn(column, role, aliases, reading) ?? []);
}

function readColumn(raw: RawColumn, role: Role, aliases: Aliases, reading: Reading): InputColumn | undefined {
  const { details, path } = raw;
  const { problems, warnings } = reading;
  const alias = readAlias(raw.alias, raw.path, aliases, problems);
  const nullable = readNullable(details, path, problems);
  const described = readDocumentation(details, path, raw.hasSample, warnings);
  const type = readType(raw, role, problems);
  if (alias === undefined || type === undefined) return undefined;
  const column: InputColumn = { alias, ...type, nullable, ...described };
  const fallback = role === "column" ? undefined : readFallback(column, details, path, problems);
  return fallback === undefined ? column : { ...column, default: fallback };
}

/** @param path of the thing that has the alias */
export function readAlias(
  found: Found,
  path: string,
  aliases: Aliases,
  problems: ProblemList,
): string | undefined {
  const { value } = found;
  if (typeof value !== "string" || value === "" || value.length > LONGEST_ALIAS || /\p{Cc}/u.test(value)) {
    const what = typeof value === "string" ? "text that is not" : `${kindOf(value)}; expected`;
    const message = `Found ${what} 1 to ${LONGEST_ALIAS} characters without control characters.`;
    problems.add(found.path, message, CORRECT);
    return undefined;
  }
  const other = aliases.get(value);
  if (other !== undefined) {
    const message = `\`${shown(value)}\` is the alias of \`${other}\` too.`;
    problems.add(found.path, message, "Give each its own alias.");
    return undefined;
  }
  aliases.set(value, path);
  return value;
}

/** Whether it may be null, which is so unless the file says otherwise. */
export function readNullable(
  details: Readonly<Record<string, unknown>>,
  path: string,
  problems: ProblemList,
): boolean {
  const flags = (key: Key, inverse: boolean): boolean[] =>
    findAll(details, key, path).flatMap(({ value, path: at }) => {
      if (typeof value === "boolean") return [value !== inverse];
      problems.add(at, `Found ${kindOf(value)}; expected true or false.`, CORRECT);
      return [];
    });
  const found = [...flags("nullable", false), ...flags("required", true)];
  if (new Set(found).size > 1) {
    problems.add(path, "It is said to be required and to be optional.", CORRECT);
  }
  return found[0] ?? true;
}

function readType(
  raw: RawColumn,
  role: Role,
  problems: ProblemList,
): Pick<InputColumn, "type" | "spelledType"> | undefined {
  if (raw.types === "untyped") return { type: { kind: "any" }, spelledType: UNTYPED };
  const [first, ...others] = raw.types;
  if (first === undefined) {
    problems.add(`${raw.path}.type`, "Found nothing; expected a type such as `String`.", CORRECT);
    return undefined;
  }
  const type = parseFound(first, problems);
  if (type === undefined) return undefined;
  if (role === "parameter" && (type.kind === "array" || type.kind === "map" || type.kind === "struct")) {
    const message = `A runtime parameter cannot be of the type ${type.kind}; expected a scalar.`;
    problems.add(first.path, message, CORRECT);
    return undefined;
  }
  const other = others.find((each) => !isDeepStrictEqual(parseFound(each, problems), type));
  if (other !== undefined) {
    problems.add(raw.path, `\`${first.path}\` and \`${other.path}\` give different types.`, CORRECT);
  }
  return { type, spelledType: String(first.value) };
}

function parseFound({ value, path }: Found, problems: ProblemList): DataType | undefined {
  if (typeof value !== "string") {
    problems.add(path, `Found ${kindOf(value)}; expected a type such as \`String\`.`, CORRECT);
    return undefined;
  }
  const type = dataTypeOrReason(value);
  if (typeof type !== "string") return type;
  problems.add(path, `${type}.`, `Correct the spelling in ${INPUT_INFO_FILE}.`);
  return undefined;
}

/** The default, or nothing: a default of null is what stands in for an absent value anyway. */
function readFallback(
  column: InputColumn,
  details: Readonly<Record<string, unknown>>,
  path: string,
  problems: ProblemList,
): InputColumn["default"] {
  const json = Object.hasOwn(details, DEFAULT_KEY) ? details[DEFAULT_KEY] : undefined;
  const readings = [
    ...(json === undefined ? [] : [readDefault(json, column, `${path}.${DEFAULT_KEY}`)]),
    ...findAll(details, "spelledDefault", path).map(({ value, path: at }) =>
      readSpelledDefault(value, column, at),
    ),
  ];
  for (const reading of readings.filter((each) => "expected" in each)) {
    const message = `The default does not fit the type; expected ${reading.expected}.`;
    problems.add(reading.path, message, CORRECT);
  }
  const [first, ...others] = readings.filter((each) => "value" in each).map(({ value }) => value);
  if (others.some((other) => !isDeepStrictEqual(other, first))) {
    problems.add(path, "It has two defaults that differ.", CORRECT);
  }
  return first ?? undefined;
}
