/** Whether a value is within the facets that the contract gives its type: one check for every protocol, both ways. */
import { compareDecimals, fitsDecimal, plainDecimal } from "../decimals.js";
import { Decimal, type Value } from "../values.js";
import type { Bounds, DecimalType, DoubleType, FieldType, IntegerType, StringType } from "./model.js";

/** What is wrong with a value of the type, for people and without the value; `undefined` when nothing is. */
export type FacetCheck = (value: Value) => string | undefined;

/** Compiles the check of one single value; `undefined` for a type that has no facets. */
export function compileFacetCheck(type: FieldType): FacetCheck | undefined {
  switch (type.kind) {
    case "string":
      return stringCheck(type);
    case "double":
      return doubleCheck(type);
    case "integer":
      return integerCheck(type);
    case "decimal":
      return decimalCheck(type);
    default:
      return undefined;
  }
}

function stringCheck({ maxLength, allowed }: StringType): FacetCheck | undefined {
  if (allowed !== undefined) {
    const known = new Set(allowed);
    return (value) =>
      typeof value !== "string" || known.has(value)
        ? undefined
        : "Must be one of the values that the contract lists.";
  }
  if (maxLength === undefined) return undefined;
  const message = `Must have at most ${maxLength} characters.`;
  return (value) => (typeof value === "string" && isLonger(value, maxLength) ? message : undefined);
}

/** A text has no more characters than UTF-16 code units, so most need no counting. */
function isLonger(text: string, maxLength: number): boolean {
  if (text.length <= maxLength) return false;
  let count = 0;
  for (const character of text) if (character !== "" && ++count > maxLength) return true;
  return false;
}

function doubleCheck(type: DoubleType): FacetCheck | undefined {
  const { totalDigits, fractionDigits } = type;
  if (totalDigits === undefined || fractionDigits === undefined) {
    return boundsCheck(type, (value, bound) =>
      typeof value === "number" ? compareNumbers(value, Number(bound)) : undefined,
    );
  }
  const digits = `Must be a number of at most ${digitsText(totalDigits, fractionDigits)}.`;
  const checkBounds = boundsCheck(type, (value, bound) => {
    const text = typeof value === "number" ? plainDecimal(value) : undefined;
    return text === undefined ? undefined : compareDecimals(text, bound);
  });
  return (value) => {
    if (typeof value !== "number") return undefined;
    const text = plainDecimal(value);
    if (text === undefined || !fitsDecimal(new Decimal(text), totalDigits, fractionDigits)) return digits;
    return checkBounds?.(value);
  };
}

function integerCheck(type: IntegerType): FacetCheck | undefined {
  const { totalDigits } = type;
  const checkBounds = boundsCheck(type, (value, bound) =>
    typeof value === "bigint" ? compareDecimals(String(value), bound) : undefined,
  );
  if (totalDigits === undefined) return checkBounds;
  const limit = 10n ** BigInt(totalDigits);
  const digits = `Must have at most ${totalDigits} digits.`;
  return (value) => {
    if (typeof value === "bigint" && (value >= limit || value <= -limit)) return digits;
    return checkBounds?.(value);
  };
}

function decimalCheck(type: DecimalType): FacetCheck | undefined {
  const { totalDigits, fractionDigits } = type;
  const checkBounds = boundsCheck(type, (value, bound) =>
    value instanceof Decimal ? compareDecimals(value.text, bound) : undefined,
  );
  if (totalDigits === undefined || fractionDigits === undefined) return checkBounds;
  const digits = `Must have at most ${digitsText(totalDigits, fractionDigits)}.`;
  return (value) => {
    if (value instanceof Decimal && !fitsDecimal(value, totalDigits, fractionDigits)) return digits;
    return checkBounds?.(value);
  };
}

/** `9 digits before the point and 2 after it` */
export function digitsText(totalDigits: number, fractionDigits: number): string {
  return `${totalDigits - fractionDigits} digits before the point and ${fractionDigits} after it`;
}

/** @param compare below, at or above zero like the value to the bound; NaN for what has no place among numbers */
function boundsCheck(
  { minimum, maximum }: Bounds,
  compare: (value: Value, bound: string) => number | undefined,
): FacetCheck | undefined {
  if (minimum === undefined && maximum === undefined) return undefined;
  const message = [
    "Must be",
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(minimum === undefined || maximum === undefined ? [] : ["and"]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ].join(" ");
  return (value) => {
    const below = minimum === undefined ? 0 : compare(value, minimum);
    const above = maximum === undefined ? 0 : compare(value, maximum);
    if (below === undefined || above === undefined) return undefined;
    return below >= 0 && above <= 0 ? undefined : `${message}.`;
  };
}

function compareNumbers(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : one > other ? 1 : Number.NaN;
}
