/**
 * Whether what `main()` returned is what the contract promises, read into the exact values the encoders take.
 * Nothing is coerced: a text where a number is declared is an error of the artifact, not a number.
 */
import { fitsDecimal, MAX_INTEGER, MIN_INTEGER, parseDate, parseDateTime, parseDecimal } from "../lexical.js";
import type { FieldType, Message } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import {
  CalendarDate,
  DateTime,
  Decimal,
  newStruct,
  type PythonValue,
  type Struct,
  type Value,
} from "../values.js";
import { readDataset } from "./dataset.js";

/**
 * The result as the contract declares it.
 * @param type type of the `result` field
 * @throws GatewayError `output_invalid`; its cause, for the log, says where and what, its message does not
 */
export function checkResult(type: FieldType, returned: PythonValue): Value {
  try {
    return readValue(type, returned, "result");
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new GatewayError(
      "output_invalid",
      "The artifact returned something its contract does not declare.",
      {
        started: true,
        cause: error,
      },
    );
  }
}

class Mismatch extends Error {
  override readonly name = "Mismatch";
  constructor(path: string, expected: string, found: PythonValue) {
    super(`${path}: expected ${expected}, found ${kindOf(found)}`);
  }
}

function readValue(type: FieldType, value: PythonValue, path: string): Value {
  switch (type.kind) {
    case "string":
      if (typeof value === "string" && value.isWellFormed()) return value;
      throw new Mismatch(path, "str", value);
    case "boolean":
      if (typeof value === "boolean") return value;
      throw new Mismatch(path, "bool", value);
    case "double":
      return readDouble(value, path);
    case "integer":
      return readInteger(value, path);
    case "decimal":
      return readDecimal(type, value, path);
    case "datetime":
      return readMoment(value, path);
    case "date":
      return readDay(value, path);
    case "array": {
      const items = type.items.kind === "struct" ? (readDataset(type.items.message, value) ?? value) : value;
      if (!Array.isArray(items)) throw new Mismatch(path, "list", value);
      if (items.length > type.maxItems) throw new Mismatch(path, `at most ${type.maxItems} elements`, value);
      return items.map((item, index) => readValue(type.items, item, `${path}[${index}]`));
    }
    case "map": {
      if (!(value instanceof Map)) throw new Mismatch(path, "dict", value);
      if (value.size > type.maxItems) throw new Mismatch(path, `at most ${type.maxItems} entries`, value);
      return new Map(
        [...value].map(([key, item], index): [Value, Value] => [
          readValue(type.key, key, `${path}.key[${index}]`),
          readValue(type.value, item, `${path}.value[${index}]`),
        ]),
      );
    }
    case "struct":
      return readStruct(type.message, value, path);
    case "dynamic":
      return readDynamic(value, path);
  }
}

function readStruct(message: Message, value: PythonValue, path: string): Struct {
  if (!(value instanceof Map)) throw new Mismatch(path, "dict", value);
  const known = new Set<PythonValue>(message.fields.map(({ source }) => source));
  for (const key of value.keys()) {
    // Outputs are closed: a caller's buffer has no room for a field its contract does not name.
    if (!known.has(key)) throw new Mismatch(path, "only declared keys", key);
  }
  const struct = newStruct();
  for (const field of message.fields) {
    const item = value.get(field.source);
    if (item !== undefined && item !== null) {
      struct[field.source] = readValue(field.type, item, `${path}.${field.source}`);
    } else if (field.required) {
      throw new Mismatch(`${path}.${field.source}`, "a value", null);
    }
  }
  return struct;
}

function readDouble(value: PythonValue, path: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") {
    const double = Number(value);
    if (Number.isFinite(double) && BigInt(double) === value) return double;
    throw new Mismatch(path, "a number that a double holds exactly", value);
  }
  if (value instanceof Decimal) {
    const double = Number(value.text);
    const exact = parseDecimal(value.text);
    if (exact !== undefined && Number.isFinite(double) && sameNumber(exact.text, double)) return double;
  }
  throw new Mismatch(path, "float", value);
}

/** Whether a decimal text and the shortest text of a double are the same number. */
function sameNumber(text: string, double: number): boolean {
  const shortest = parseDecimal(String(double));
  const strip = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
  return shortest !== undefined && strip(shortest.text) === strip(text);
}

function readInteger(value: PythonValue, path: string): bigint {
  const integer = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof integer === "bigint" && integer >= MIN_INTEGER && integer <= MAX_INTEGER) return integer;
  throw new Mismatch(path, "a 64-bit int", value);
}

function readDecimal(
  type: Extract<FieldType, { kind: "decimal" }>,
  value: PythonValue,
  path: string,
): Decimal {
  const text = value instanceof Decimal ? value.text : typeof value === "bigint" ? String(value) : undefined;
  const decimal = text === undefined ? undefined : parseDecimal(text);
  const { totalDigits, fractionDigits } = type;
  if (decimal !== undefined) {
    if (totalDigits === undefined || fitsDecimal(decimal, totalDigits, fractionDigits ?? 0)) return decimal;
  }
  throw new Mismatch(
    path,
    totalDigits === undefined ? "Decimal" : `decimal(${totalDigits},${fractionDigits ?? 0})`,
    value,
  );
}

function readMoment(value: PythonValue, path: string): DateTime {
  const text = value instanceof DateTime ? value.text : typeof value === "string" ? value : undefined;
  const moment = text === undefined ? undefined : parseDateTime(text);
  if (moment === undefined) throw new Mismatch(path, "datetime with at most microseconds", value);
  return moment;
}

function readDay(value: PythonValue, path: string): CalendarDate {
  const text = value instanceof CalendarDate ? value.text : typeof value === "string" ? value : undefined;
  const day = text === undefined ? undefined : parseDate(text);
  if (day === undefined) throw new Mismatch(path, "date", value);
  return day;
}

/** Data that nothing declares: as it is, with text keys. */
function readDynamic(value: PythonValue, path: string): Value {
  if (value instanceof Uint8Array) throw new Mismatch(path, "data that every protocol can carry", value);
  if (Array.isArray(value)) return value.map((item, index) => readDynamic(item, `${path}[${index}]`));
  if (value instanceof Map) {
    const struct = newStruct();
    for (const [key, item] of value) {
      if (typeof key !== "string") throw new Mismatch(path, "dict with str keys", key);
      struct[key] = readDynamic(item, `${path}.${key}`);
    }
    return struct;
  }
  return value;
}

function kindOf(value: PythonValue): string {
  if (value === null) return "None";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (value instanceof Map) return `dict of ${value.size}`;
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Decimal) return "Decimal";
  return value instanceof DateTime ? "datetime" : "date";
}
