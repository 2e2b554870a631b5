/** The written forms of single values in XML Schema 1.0 part 2, both ways: one table for reading and printing. */
import { compileFacetCheck } from "../contract/facets.js";
import { compareDecimals, plainDecimal } from "../decimals.js";
import type { FieldType } from "../contract/model.js";
import { parseDate, parseDateTime, parseDecimal, parseInteger } from "../lexical.js";
import { CalendarDate, DateTime, Decimal, type Value } from "../values.js";

export type ScalarKind = Exclude<FieldType["kind"], "array" | "map" | "struct" | "dynamic">;
export type ScalarType = Extract<FieldType, { readonly kind: ScalarKind }>;

interface Scalar {
  /** What a caller should have sent, in the words of an error message. */
  readonly expected: string;
  /** The value of a text; `undefined` when the text is not of the type or cannot be carried exactly. */
  readonly read: (text: string) => Value | undefined;
  /** The text of a value; `undefined` for a value of another kind. */
  readonly print: (value: Value) => string | undefined;
}

const DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const ZERO = /^[+-]?[0.]+(?:[eE].*)?$/;
const SPACE = 0x20;

/** Digits that every double keeps. */
const ALWAYS_KEPT = 15;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

const SPECIAL_DOUBLES: ReadonlyMap<string, number> = new Map([
  ["INF", Infinity],
  ["-INF", -Infinity],
  ["NaN", NaN],
]);

const SCALARS = {
  string: {
    expected: "text",
    read: (text) => text,
    print: (value) => (typeof value === "string" ? value : undefined),
  },
  boolean: {
    expected: "true, false, 1 or 0",
    read: (text) => BOOLEANS.get(collapse(text)),
    print: (value) => (typeof value === "boolean" ? String(value) : undefined),
  },
  double: {
    expected: "a 64-bit floating point number",
    read: (text) => readDouble(collapse(text)),
    print: (value) => (typeof value === "number" ? printDouble(value) : undefined),
  },
  integer: {
    expected: "a whole number of 64 bits",
    read: (text) => parseInteger(collapse(text)),
    print: (value) => (typeof value === "bigint" ? String(value) : undefined),
  },
  decimal: {
    expected: "a decimal number without exponent",
    read: (text) => parseDecimal(collapse(text)),
    print: (value) => (value instanceof Decimal ? value.text : undefined),
  },
  datetime: {
    expected: "a date and time YYYY-MM-DDThh:mm:ss, with at most microseconds and an optional time zone",
    read: (text) => {
      const collapsed = collapse(text);
      // The shared reader also takes the platform's own form with a space, which XML Schema does not have.
      return collapsed[10] === "T" ? parseDateTime(collapsed) : undefined;
    },
    print: (value) => (value instanceof DateTime ? `${value.text}Z` : undefined),
  },
  date: {
    expected: "a date YYYY-MM-DD without a time zone",
    read: (text) => parseDate(collapse(text)),
    print: (value) => (value instanceof CalendarDate ? value.text : undefined),
  },
} as const satisfies Record<ScalarKind, Scalar>;

/** A double whose digits are bounded, as its WSDL declares it: a decimal numeral. */
const PLAIN_DOUBLE: Scalar = {
  expected: "a decimal number without exponent, of no more digits than a double keeps",
  read: (text) => {
    const decimal = parseDecimal(collapse(text));
    return decimal === undefined ? undefined : sameDouble(decimal.text);
  },
  // Minus zero has no numeral of its own, and is the same number.
  print: (value) => (typeof value === "number" ? plainDecimal(value) : undefined),
};

/** How values of a type are written, and what its facets say of one. */
export interface FacetedScalar extends Scalar {
  /** What is wrong with a value that was read, as a sentence; `undefined` when nothing is. */
  readonly check: ((value: Value) => string | undefined) | undefined;
}

/** The scalar of a type, with the facets of the type. */
export function scalarOf(type: ScalarType): FacetedScalar {
  const scalar = type.kind === "double" && type.totalDigits !== undefined ? PLAIN_DOUBLE : SCALARS[type.kind];
  return { ...scalar, check: compileFacetCheck(type) };
}

/** The whitespace facet `collapse`, as far as single values can have it: XML's four characters, not Unicode's. */
export function collapse(text: string): string {
  // A first and a last character beyond the space: nothing to take away, as nearly always.
  if (text.charCodeAt(0) > SPACE && text.charCodeAt(text.length - 1) > SPACE) return text;
  return text.replace(/^[ \t\r\n]+/, "").replace(/(?<![ \t\r\n])[ \t\r\n]+$/, "");
}

function readDouble(text: string): number | undefined {
  if (!DOUBLE.test(text)) return SPECIAL_DOUBLES.get(text);
  const value = Number(text);
  // Beyond the range a double turns to infinity or to zero, which the caller did not write.
  const changed = !Number.isFinite(value) || (value === 0 && !ZERO.test(text));
  return changed ? undefined : value;
}

/** The double of a decimal numeral; `undefined` when digits would be lost, which the facets could then not count. */
function sameDouble(numeral: string): number | undefined {
  const value = Number(numeral);
  if (numeral.length <= ALWAYS_KEPT) return value;
  const kept = plainDecimal(value);
  return kept !== undefined && compareDecimals(kept, numeral) === 0 ? value : undefined;
}

function printDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  return Object.is(value, -0) ? "-0" : String(value);
}
