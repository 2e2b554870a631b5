/**
 * JSON to exact values by the types of the contract: the form of sample files, of `run`, and of declared defaults.
 * Keys are the artifact's own names. Decimals, dates and long integers may be given as text.
 */
import { identifyKey } from "../call/identify-key.js";
import type { JsonObject, JsonValue } from "../strict-json.js";
import { compareDecimals, plainDecimal } from "../decimals.js";
import { joinPath, type Violation } from "../errors.js";
import { memberPath } from "../problems.js";
import { Decimal, newStruct, type Struct, type Value } from "../values.js";
import { parseDate, parseDateTime, parseDecimal, parseInteger } from "../lexical.js";
import { compileFacetCheck } from "../contract/facets.js";
import type { DoubleType, FieldType, MapType, Message } from "../contract/model.js";

/** Where violations go: a list, or whatever ends the reading at the first by an exception of its own. */
export interface ViolationSink {
  push(violation: Violation): unknown;
}

/**
 * The record that a JSON object stands for. What does not fit is added to `violations` and left out.
 * Presence is not checked here: an absent member is an absent value, `null` is null.
 */
export function structFromJson(
  message: Message,
  json: JsonValue,
  path: string,
  violations: ViolationSink,
): Struct {
  const struct = newStruct();
  if (!isObject(json)) {
    violations.push({ path, message: "Expected a JSON object." });
    return struct;
  }
  const fields = new Map(message.fields.map((field) => [field.source, field]));
  for (const [name, member] of Object.entries(json)) {
    const field = fields.get(name);
    if (field === undefined) {
      // The name is the sender's: it is cut, and cannot steer a terminal.
      violations.push({ path: memberPath(path, name), message: "The contract has no such name here." });
      continue;
    }
    const value = valueFromJson(field.type, member, joinPath(path, name), violations);
    if (value !== undefined) struct[name] = value;
  }
  return struct;
}

/** The value that a JSON value stands for, or `undefined` when it does not fit; `violations` then says why. */
export function valueFromJson(
  type: FieldType,
  json: JsonValue,
  path: string,
  violations: ViolationSink,
): Value | undefined {
  if (json === null) return null;
  switch (type.kind) {
    case "array":
      if (!Array.isArray(json)) return refuse(path, "Expected a JSON array.", violations);
      return json.flatMap((item, index) => {
        const value = valueFromJson(type.items, item, `${path}[${index}]`, violations);
        return value === undefined ? [] : [value];
      });
    case "map": {
      if (!isObject(json)) return refuse(path, "Expected a JSON object.", violations);
      return mapFromJson(type, json, path, violations);
    }
    case "struct":
      return structFromJson(type.message, json, path, violations);
    case "dynamic":
      return dynamicFromJson(json);
    default: {
      const value = scalarFromJson(type, json);
      if (value === undefined) return refuse(path, EXPECTED[type.kind], violations);
      const violated = compileFacetCheck(type)?.(value);
      return violated === undefined ? value : refuse(path, violated, violations);
    }
  }
}

/** Entries are named by their places, as in every other protocol: a key is a value. */
function mapFromJson(type: MapType, json: JsonObject, path: string, violations: ViolationSink): Value {
  const map = new Map<Value, Value>();
  const seen = new Set<string>();
  for (const [index, [text, member]] of Object.entries(json).entries()) {
    const place = `${path}[${index}]`;
    const key = keyFromJson(type.key, text);
    const value = valueFromJson(type.value, member, `${place}.value`, violations);
    if (key === undefined) {
      refuse(`${place}.key`, `Expected a key of type ${type.key.kind}.`, violations);
      continue;
    }
    // `1` and `01` are two members and one key.
    const identity = identifyKey(key);
    if (seen.has(identity)) refuse(`${place}.key`, "Must not repeat the key of another entry.", violations);
    seen.add(identity);
    if (value !== undefined) map.set(key, value);
  }
  return map;
}

const EXPECTED = {
  string: "Expected a string.",
  boolean: "Expected true or false.",
  double: "Expected a number.",
  integer: "Expected a whole number of at most 64 bits, with a sign.",
  decimal: "Expected a decimal number, as text or as a number.",
  datetime: "Expected a date and time such as 2026-01-31T10:00:00, with at most six fraction digits.",
  date: "Expected a date such as 2026-01-31.",
} as const satisfies Partial<Record<FieldType["kind"], string>>;

function refuse(path: string, message: string, violations: ViolationSink): Value | undefined {
  violations.push({ path, message });
  return undefined;
}

function keyFromJson(type: FieldType, text: string): Value | undefined {
  const isBoolean = type.kind === "boolean" && (text === "true" || text === "false");
  const key = scalarFromJson(type, isBoolean ? text === "true" : text);
  return key === undefined || compileFacetCheck(type)?.(key) !== undefined ? undefined : key;
}

function scalarFromJson(type: FieldType, json: JsonValue): Value | undefined {
  switch (type.kind) {
    case "string":
      return typeof json === "string" ? json : undefined;
    case "boolean":
      return typeof json === "boolean" ? json : undefined;
    case "double":
      return doubleFromJson(type, json);
    case "integer":
      return isNumeric(json) ? parseInteger(textOf(json)) : undefined;
    case "decimal":
      return isNumeric(json) ? parseDecimal(textOf(json)) : undefined;
    case "datetime":
      return typeof json === "string" ? parseDateTime(json) : undefined;
    case "date":
      return typeof json === "string" ? parseDate(json) : undefined;
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return undefined;
  }
}

/** JSON has no word for what is not finite; the texts of XML Schema stand for it. */
const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  INF: Number.POSITIVE_INFINITY,
  "-INF": Number.NEGATIVE_INFINITY,
};

const DOUBLE = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const ZERO = /^-?[0.]+(?:[eE].*)?$/;

/** The nearest double, as every reader of doubles takes it: many callers write 17 digits. What is beyond all doubles is refused. */
function doubleFromJson({ totalDigits }: DoubleType, json: JsonValue): number | undefined {
  if (typeof json === "number") return json;
  if (!isNumeric(json)) return undefined;
  const text = textOf(json);
  if (Object.hasOwn(NOT_FINITE, text)) return NOT_FINITE[text];
  if (text.length > LONGEST_DOUBLE || !DOUBLE.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || (value === 0 && !ZERO.test(text))) return undefined;
  // Digits that a double loses could not be counted any more.
  const digits = totalDigits === undefined ? undefined : parseDecimal(text);
  const isLost = digits !== undefined && compareDecimals(plainDecimal(value) ?? "0", digits.text) !== 0;
  return isLost ? undefined : value;
}

/** As long as a number that is no text may be. */
const LONGEST_DOUBLE = 1000;

function isNumeric(json: JsonValue): json is number | bigint | string | Decimal {
  return ["number", "bigint", "string"].includes(typeof json) || json instanceof Decimal;
}

function textOf(json: number | bigint | string | Decimal): string {
  return json instanceof Decimal ? json.text : String(json);
}

function dynamicFromJson(json: JsonValue): Value {
  if (Array.isArray(json)) return json.map(dynamicFromJson);
  if (!isObject(json)) return json;
  const struct = newStruct();
  for (const [name, member] of Object.entries(json)) struct[name] = dynamicFromJson(member);
  return struct;
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json) && !(json instanceof Decimal);
}
