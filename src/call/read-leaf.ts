/** Single values that `main()` returned, read into the exact values the encoders take. */
import { compileFacetCheck } from "../contract/facets.js";
import type { FieldType } from "../contract/model.js";
import { fitsDecimal } from "../decimals.js";
import { MAX_INTEGER, MIN_INTEGER, parseDate, parseDateTime, parseDecimal } from "../lexical.js";
import { CalendarDate, DateTime, Decimal, type PythonValue, type Value } from "../values.js";
import { pathOf, type Trail } from "./path-trail.js";

/** A value is not what the contract declares. For the log: says where and what kind of thing it is, never the value. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
  constructor(trail: Trail, expected: string, found: PythonValue) {
    super(`${pathOf(trail)}: expected ${expected}, found ${kindOf(found)}`);
  }
}

/** Reads a value of one type; `trail` is the way to it. @throws Mismatch */
export type ResultReader = (value: PythonValue, trail: Trail) => Value;

type LeafType = Exclude<FieldType, { readonly kind: "array" | "map" | "struct" | "dynamic" }>;

export function leafReader(type: LeafType): ResultReader {
  const read = type.kind === "decimal" ? decimalReader(type) : LEAF_READERS[type.kind];
  const check = compileFacetCheck(type);
  if (check === undefined) return read;
  return (value, trail) => {
    const leaf = read(value, trail);
    const wrong = check(leaf);
    if (wrong === undefined) return leaf;
    throw new Mismatch(trail, `a value within its facets (${wrong})`, value);
  };
}

const LEAF_READERS = {
  string: (value, trail) => {
    if (typeof value === "string" && value.isWellFormed()) return value;
    throw new Mismatch(trail, "str", value);
  },
  boolean: (value, trail) => {
    if (typeof value === "boolean") return value;
    throw new Mismatch(trail, "bool", value);
  },
  double: (value, trail) => {
    if (typeof value === "number") return value;
    return readDouble(value, trail);
  },
  integer: (value, trail) => {
    const integer = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof integer === "bigint" && integer >= MIN_INTEGER && integer <= MAX_INTEGER) return integer;
    throw new Mismatch(trail, "a 64-bit int", value);
  },
  datetime: (value, trail) => {
    const text = value instanceof DateTime ? value.text : typeof value === "string" ? value : undefined;
    const moment = text === undefined ? undefined : parseDateTime(text);
    if (moment === undefined) throw new Mismatch(trail, "datetime with at most microseconds", value);
    return moment;
  },
  date: (value, trail) => {
    const text = value instanceof CalendarDate ? value.text : typeof value === "string" ? value : undefined;
    const day = text === undefined ? undefined : parseDate(text);
    if (day === undefined) throw new Mismatch(trail, "date", value);
    return day;
  },
} as const satisfies Record<Exclude<LeafType["kind"], "decimal">, ResultReader>;

function decimalReader({
  totalDigits,
  fractionDigits = 0,
}: Extract<FieldType, { kind: "decimal" }>): ResultReader {
  const expected = totalDigits === undefined ? "Decimal" : `decimal(${totalDigits},${fractionDigits})`;
  return (value, trail) => {
    const text =
      value instanceof Decimal ? value.text : typeof value === "bigint" ? String(value) : undefined;
    const decimal = text === undefined ? undefined : parseDecimal(text);
    if (decimal !== undefined) {
      if (totalDigits === undefined || fitsDecimal(decimal, totalDigits, fractionDigits)) return decimal;
    }
    throw new Mismatch(trail, expected, value);
  };
}

/** A double of what is none: an integer or a decimal of which it loses nothing. */
function readDouble(value: PythonValue, trail: Trail): number {
  if (typeof value === "bigint") {
    const double = Number(value);
    if (Number.isFinite(double) && BigInt(double) === value) return double;
    throw new Mismatch(trail, "a number that a double holds exactly", value);
  }
  if (value instanceof Decimal) {
    const double = Number(value.text);
    const exact = parseDecimal(value.text);
    if (exact !== undefined && Number.isFinite(double) && isSameNumber(exact.text, double)) return double;
  }
  throw new Mismatch(trail, "float", value);
}

/** Whether a decimal text and the shortest text of a double are the same number. */
function isSameNumber(text: string, double: number): boolean {
  const shortest = parseDecimal(String(double));
  const strip = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
  return shortest !== undefined && strip(shortest.text) === strip(text);
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
