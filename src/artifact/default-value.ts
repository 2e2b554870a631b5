/** The default of an argument or parameter, from its JSON to the exact value that a caller would have sent. */
import { MAX_INTEGER, MIN_INTEGER, parseDate } from "../lexical.js";
import { DateTime, Decimal, newStruct, type CalendarDate, type Value } from "../values.js";
import type { DataType, ScalarType } from "./data-type.js";
import { readPythonLiteral } from "./python-literal.js";
import { memberPath } from "../problems.js";
import { isJsonObject } from "../strict-json.js";

/** The value, or what was expected at which path. */
export type DefaultReading = { readonly value: Value } | { readonly path: string; readonly expected: string };

const DECIMAL = /^-?(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const MOMENT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([01][0-9]|2[0-3])(:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?)$/;

/**
 * Reads a default of the given type; `null` fits when the argument may be null. Nothing is rounded or coerced.
 * @param path of the default in the file
 */
export function readDefault(
  json: unknown,
  column: { readonly type: DataType; readonly nullable: boolean },
  path: string,
): DefaultReading {
  if (json !== null) return readValue(json, column.type, path);
  return column.nullable ? { value: null } : { path, expected: "a value, because null is not allowed" };
}

/**
 * Reads a default as Python's `str()` wrote it: text is itself, everything else a literal, and `None` is no default.
 * Text that is `None` cannot be told from no default there, and counts as none.
 */
export function readSpelledDefault(
  spelled: unknown,
  column: { readonly type: DataType; readonly nullable: boolean },
  path: string,
): DefaultReading {
  if (typeof spelled !== "string") return readDefault(spelled, column, path);
  if (spelled === "None") return { value: null };
  if (TEXT_KINDS.has(column.type.kind)) return readDefault(spelled, column, path);
  const literal = readPythonLiteral(spelled);
  return literal === undefined
    ? { path, expected: "a Python literal such as `0.5`, `True`, `[]` or `{'a': 1}`" }
    : readDefault(literal, column, path);
}

/** What `str()` writes without quotes, so that it is no literal. */
const TEXT_KINDS: ReadonlySet<DataType["kind"]> = new Set(["string", "decimal", "datetime", "date"]);

function readValue(json: unknown, type: DataType, path: string): DefaultReading {
  switch (type.kind) {
    case "array":
      return readArray(json, type.items, path);
    case "map":
      return readMap(json, type.key, type.value, path);
    case "struct":
      return readStruct(json, type.fields, path);
    case "any":
      return { path, expected: "a stated type, without which no value can be read" };
    default: {
      const reader = SCALARS[type.kind];
      const value = reader.read(json, type);
      return value === undefined ? { path, expected: reader.expected } : { value };
    }
  }
}

interface ScalarReader {
  readonly expected: string;
  readonly read: (json: unknown, type: ScalarType) => Value | undefined;
}

const SCALARS = {
  string: { expected: "text within the declared length", read: readText },
  boolean: { expected: "true or false", read: (json) => (typeof json === "boolean" ? json : undefined) },
  numerical: { expected: "a number that a double holds exactly", read: readNumerical },
  integer: { expected: "a whole number of at most 64 bits", read: readInteger },
  decimal: { expected: "a decimal within the declared digits, as text or number", read: readDecimal },
  datetime: { expected: "a moment such as `2024-01-31 23:59:59`, as text", read: readMoment },
  date: { expected: "a date such as `2024-01-31`, as text", read: readDate },
} as const satisfies Record<ScalarType["kind"], ScalarReader>;

/** The length is that of SQL and XML Schema: characters, not UTF-16 units. */
function readText(json: unknown, type: ScalarType): string | undefined {
  if (typeof json !== "string") return undefined;
  const most = type.kind === "string" ? type.maxLength : undefined;
  return most === undefined || Array.from(json).length <= most ? json : undefined;
}

function readNumerical(json: unknown): number | undefined {
  if (typeof json === "bigint") return BigInt(Number(json)) === json ? Number(json) : undefined;
  return typeof json === "number" && Number.isFinite(json) ? json : undefined;
}

function readInteger(json: unknown): bigint | undefined {
  if (typeof json !== "bigint" && !(typeof json === "number" && Number.isSafeInteger(json))) return undefined;
  const value = BigInt(json);
  return value >= MIN_INTEGER && value <= MAX_INTEGER ? value : undefined;
}

function readDecimal(json: unknown, type: ScalarType): Decimal | undefined {
  const text = json instanceof Decimal ? json.text : json;
  if (typeof text !== "string" && typeof text !== "number" && typeof text !== "bigint") return undefined;
  const decimal = new Decimal(String(text));
  const [, whole, fraction = ""] = DECIMAL.exec(decimal.text) ?? [];
  if (whole === undefined || type.kind !== "decimal") return undefined;
  const { totalDigits, fractionDigits } = type;
  if (totalDigits === undefined || fractionDigits === undefined) return decimal;
  const wholeDigits = whole === "0" ? 0 : whole.length;
  const fits = fraction.length <= fractionDigits && wholeDigits <= totalDigits - fractionDigits;
  return fits ? decimal : undefined;
}

function readMoment(json: unknown): DateTime | undefined {
  const [, date, hour, rest] = typeof json === "string" ? (MOMENT.exec(json) ?? []) : [];
  if (date === undefined || hour === undefined || rest === undefined) return undefined;
  return parseDate(date) === undefined ? undefined : new DateTime(`${date}T${hour}${rest}`);
}

function readDate(json: unknown): CalendarDate | undefined {
  return typeof json === "string" ? parseDate(json) : undefined;
}

function readArray(json: unknown, items: DataType, path: string): DefaultReading {
  if (!Array.isArray(json)) return { path, expected: "a list" };
  const values: Value[] = [];
  for (const [index, item] of json.entries()) {
    const found = readValue(item, items, `${path}[${index}]`);
    if (!("value" in found)) return found;
    values.push(found.value);
  }
  return { value: values };
}

function readMap(json: unknown, key: ScalarType, type: DataType, path: string): DefaultReading {
  if (!isJsonObject(json)) return { path, expected: "an object" };
  const entries = new Map<Value, Value>();
  for (const [name, item] of Object.entries(json)) {
    if (key.kind !== "string") return { path, expected: "an empty object, because JSON keys are text" };
    const found = readValue(item, type, memberPath(path, name));
    if (!("value" in found)) return found;
    entries.set(name, found.value);
  }
  return { value: entries };
}

/** A field that is missing or null is absent in the value. */
function readStruct(
  json: unknown,
  fields: readonly { readonly name: string; readonly type: DataType }[],
  path: string,
): DefaultReading {
  if (!isJsonObject(json)) return { path, expected: "an object" };
  const known = new Map(fields.map((field) => [field.name, field.type]));
  const struct = newStruct();
  for (const [name, item] of Object.entries(json)) {
    const type = known.get(name);
    const at = memberPath(path, name);
    if (type === undefined) return { path: at, expected: "only the fields of the struct" };
    const found = item === null ? { value: null } : readValue(item, type, at);
    if (!("value" in found)) return found;
    struct[name] = found.value;
  }
  return { value: struct };
}
