/** How much room a value gets: from what was seen, with headroom, on closed ladders, so that two runs seldom differ. */
import { MOST_DIGITS } from "../cobol/picture.js";
import type {
  ArrayType,
  DecimalType,
  DoubleType,
  FieldType,
  IntegerType,
  MapType,
  StringType,
} from "../contract/model.js";
import type { Seen } from "./facet-evidence.js";

export interface Proposed<T extends FieldType> {
  readonly type: T;
  /** In words for people: `maxLength 32`. */
  readonly facet: string;
  readonly why: string;
}

const LENGTHS = [
  1, 2, 4, 8, 10, 16, 20, 32, 40, 64, 80, 128, 255, 512, 1024, 2048, 4096, 8192, 16_384, 32_767,
];
const COUNTS = [1, 2, 5, 10, 12, 20, 24, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 32_767];
/** A COBOL halfword, fullword and doubleword. */
const INTEGER_DIGITS = [4, 9, 18];

/** Where no sample has a value. 255 is what CICS takes for a text without a maxLength. */
const DEFAULTS = { length: 255, rows: 100, items: 10, doubleFraction: 4, decimalFraction: 4 } as const;

/** A double keeps this many decimal digits. */
const DOUBLE_DIGITS = 15;
/** Digits that a number gets beyond the widest one seen, before and after the point. */
const SPARE = 2;

/** A proposal for each kind that has facets; nothing for one that has them already. */
export const PROPOSERS = {
  string: (type: StringType, seen: Seen): Proposed<StringType> | undefined => {
    if (type.maxLength !== undefined || type.allowed !== undefined) return undefined;
    // Texts that are all empty say nothing.
    if (seen.longest === 0) return lengthOf(type, DEFAULTS.length, noSample("the default length of CICS"));
    const maxLength = rung(LENGTHS, seen.longest);
    const why = `longest of ${valuesOf(seen)} has ${seen.longest} character${plural(seen.longest)}`;
    return maxLength === undefined
      ? refused(type, `${why}: too long for a record`)
      : lengthOf(type, maxLength, why);
  },
  double: (type: DoubleType, seen: Seen): Proposed<DoubleType> | undefined => {
    return numberOf(type, seen, { digits: DOUBLE_DIGITS, fraction: DEFAULTS.doubleFraction });
  },
  decimal: (type: DecimalType, seen: Seen): Proposed<DecimalType> | undefined => {
    return numberOf(type, seen, { digits: MOST_DIGITS, fraction: DEFAULTS.decimalFraction });
  },
  integer: (type: IntegerType, seen: Seen): Proposed<IntegerType> | undefined => {
    if (type.totalDigits !== undefined) return undefined;
    if (seen.values === 0) return integerOf(type, MOST_DIGITS, noSample("the most that COBOL has"));
    const why = `widest of ${valuesOf(seen)} has ${seen.whole} digit${plural(seen.whole)}`;
    if (seen.whole > MOST_DIGITS) return refused(type, `${why}: more than ${MOST_DIGITS}`);
    return integerOf(type, INTEGER_DIGITS.find((digits) => digits > seen.whole) ?? MOST_DIGITS, why);
  },
  array: (type: ArrayType, seen: Seen): Proposed<ArrayType> | undefined => {
    return listOf(type, seen, type.itemName === "row" ? DEFAULTS.rows : DEFAULTS.items);
  },
  map: (type: MapType, seen: Seen): Proposed<MapType> | undefined => {
    return listOf(type, seen, DEFAULTS.items);
  },
} as const;

function lengthOf(type: StringType, maxLength: number, why: string): Proposed<StringType> {
  return { type: { ...type, maxLength }, facet: `maxLength ${maxLength}`, why };
}

function integerOf(type: IntegerType, totalDigits: number, why: string): Proposed<IntegerType> {
  return { type: { ...type, totalDigits }, facet: `totalDigits ${totalDigits}`, why };
}

function listOf<T extends ArrayType | MapType>(type: T, seen: Seen, fallback: number): Proposed<T> {
  const isKnown = seen.longest > 0;
  const maxItems = isKnown ? (rung(COUNTS, seen.longest) ?? type.maxItems) : fallback;
  const why = isKnown
    ? `longest of ${valuesOf(seen)} has ${seen.longest} element${plural(seen.longest)}`
    : noSample("a default");
  return { type: { ...type, maxItems }, facet: `maxItems ${maxItems}`, why };
}

interface DigitLimits {
  readonly digits: number;
  /** Digits after the point where nothing is known. */
  readonly fraction: number;
}

function numberOf<T extends DoubleType | DecimalType>(
  type: T,
  seen: Seen,
  { digits, fraction: fallback }: DigitLimits,
): Proposed<T> | undefined {
  if (type.totalDigits !== undefined) return undefined;
  if (seen.isUnbounded)
    return refused(type, "a sample is infinite or not a number: let main() answer nothing instead");
  const facets = (whole: number, fractionDigits: number, why: string): Proposed<T> => ({
    type: { ...type, totalDigits: whole + fractionDigits, fractionDigits },
    facet: `totalDigits ${whole + fractionDigits}, fractionDigits ${fractionDigits}`,
    why,
  });
  if (seen.values === 0) return facets(digits - fallback, fallback, noSample("a default"));
  const why =
    `widest of ${valuesOf(seen)} has ${seen.whole} digit${plural(seen.whole)} before the point ` +
    `and ${seen.fraction} after it`;
  const room = digits - seen.whole - seen.fraction;
  if (room < 0) return refused(type, `${why}, more than ${digits} in all: let main() round`);
  // What is left is shared: a number that outgrows its digits is refused, one with more decimals can be rounded.
  const whole = seen.whole + Math.min(SPARE, room);
  return facets(whole, seen.fraction + Math.min(SPARE, digits - whole - seen.fraction), why);
}

/** Nothing is proposed, and people are told why. */
function refused<T extends FieldType>(type: T, why: string): Proposed<T> {
  return { type, facet: "none", why };
}

/** The first rung that leaves half as much again. */
function rung(ladder: readonly number[], seen: number): number | undefined {
  return ladder.find((step) => step >= seen * 1.5) ?? ladder.find((step) => step >= seen);
}

function valuesOf({ values, samples }: Seen): string {
  if (samples === values) return `${values} sample value${plural(values)}`;
  return samples === 0 ? `${values} stated value${plural(values)}` : `${values} sample and stated values`;
}

function noSample(taken: string): string {
  return `no sample has a value: ${taken}`;
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}
