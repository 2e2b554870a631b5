/** What a file says about a table, column or argument for people to read. */
import { Decimal } from "../values.js";
import type { ProblemList } from "../problems.js";
import type { ColumnDocumentation, InputColumn } from "./input-model.js";
import { isJsonObject } from "../strict-json.js";
import { kindOf } from "./json-kind.js";
import { findAll, type Found, type Key } from "./spellings.js";

type Details = Readonly<Record<string, unknown>>;

const REMEDY = "Nothing, if nobody misses it.";

/**
 * Description and documentation; what cannot be used is left out with a warning, because it changes no value.
 * @param hasSample true where `values` is a sample of the data rather than the list of the allowed ones
 */
export function readDocumentation(
  details: Details,
  path: string,
  hasSample: boolean,
  warnings: ProblemList,
): Pick<InputColumn, "description" | "documentation"> {
  const description = readDescription(details, path, warnings);
  const unit = readText(details, "unit", path, warnings);
  const source = readText(details, "source", path, warnings);
  const nullMeaning = readText(details, "nullMeaning", path, warnings);
  const allowedValues = readAllowedValues(details, path, hasSample, warnings);
  const documentation: ColumnDocumentation = {
    ...(unit === undefined ? {} : { unit }),
    ...(source === undefined ? {} : { source }),
    ...(nullMeaning === undefined ? {} : { nullMeaning }),
    ...(allowedValues === undefined ? {} : { allowedValues }),
  };
  return Object.keys(documentation).length === 0 ? { description } : { description, documentation };
}

/** Empty when the file says nothing. */
export function readDescription(details: Details, path: string, warnings: ProblemList): string {
  return readText(details, "description", path, warnings) ?? "";
}

function readText(details: Details, key: Key, path: string, warnings: ProblemList): string | undefined {
  const [found] = findAll(details, key, path);
  if (found === undefined) return undefined;
  const text = scalarText(found.value);
  if (text === undefined) note(found, "text", warnings);
  return text;
}

function readAllowedValues(
  details: Details,
  path: string,
  hasSample: boolean,
  warnings: ProblemList,
): readonly string[] | undefined {
  const [found] = [
    ...findAll(details, "allowedValues", path),
    ...(hasSample ? [] : findAll(details, "values", path)),
  ];
  if (found === undefined) return undefined;
  // An object has the meaning of each value beside it.
  const values: readonly unknown[] = isJsonObject(found.value)
    ? Object.keys(found.value)
    : Array.isArray(found.value)
      ? found.value
      : [undefined];
  const texts = values.filter((value) => value !== null).map(scalarText);
  const sound = texts.filter((text) => text !== undefined);
  if (sound.length === texts.length) return sound;
  note(found, "a list of single values", warnings);
  return undefined;
}

function scalarText(value: unknown): string | undefined {
  if (value instanceof Decimal) return value.text;
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

function note({ value, path }: Found, expected: string, warnings: ProblemList): void {
  warnings.add(path, `Found ${kindOf(value)}; expected ${expected}. It is not used.`, REMEDY);
}
