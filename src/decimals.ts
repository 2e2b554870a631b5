/** Arithmetic on numerals as text, where a double would lose digits: what fits, what is larger, and a double without an exponent. */
import type { Decimal } from "./values.js";

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/**
 * Whether a decimal fits `decimal(totalDigits, fractionDigits)` as data lakes and COBOL have it: so many digits behind the point, and
 * so many fewer than in all before it. Zeros at the end of the fraction do not count. (XML Schema counts digits in all, wherever
 * they stand; a PIC S9(9)V99 would cut off the tenth digit before the point.)
 * @param decimal canonical, as `parseDecimal` gives it
 */
export function fitsDecimal({ text }: Decimal, totalDigits: number, fractionDigits: number): boolean {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  const found = text.indexOf(".");
  const point = found < 0 ? text.length : found;
  let end = text.length;
  while (end > point + 1 && text.charCodeAt(end - 1) === ZERO) end -= 1;
  const fraction = Math.max(0, end - point - 1);
  const whole = point === start + 1 && text.charCodeAt(start) === ZERO ? 0 : point - start;
  return fraction <= fractionDigits && whole <= totalDigits - fractionDigits;
}

/** The largest number that fits: `999999999.99` for `decimal(11,2)`. */
export function largestDecimal(totalDigits: number, fractionDigits: number): string {
  const whole = "9".repeat(totalDigits - fractionDigits) || "0";
  return fractionDigits === 0 ? whole : `${whole}.${"9".repeat(fractionDigits)}`;
}

/**
 * Below 0 when `one` is less than `other`, above 0 when it is more, 0 when they are equal, exactly.
 * @param one a decimal numeral without an exponent; zeros in front and behind may be there
 */
export function compareDecimals(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  if (a.isNegative !== b.isNegative) return a.isNegative ? -1 : 1;
  const sign = a.isNegative ? -1 : 1;
  if (a.whole.length !== b.whole.length) return a.whole.length < b.whole.length ? -sign : sign;
  if (a.whole !== b.whole) return a.whole < b.whole ? -sign : sign;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -sign : sign;
}

/** The digits of a double without an exponent: the shortest that mean this very number. `undefined` for what is no number. */
export function plainDecimal(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  const at = text.indexOf("e");
  if (at < 0) return text;
  const exponent = Number(text.slice(at + 1));
  const sign = text.charCodeAt(0) === MINUS ? "-" : "";
  const mantissa = text.slice(sign.length, at);
  const digits = mantissa.replace(".", "");
  // Where the point stands among the digits: one digit is in front of it in the mantissa.
  const point = 1 + exponent;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function partsOf(numeral: string): { isNegative: boolean; whole: string; fraction: string } {
  const start = numeral.charCodeAt(0) === MINUS ? 1 : 0;
  const found = numeral.indexOf(".");
  const point = found < 0 ? numeral.length : found;
  let first = start;
  while (first < point && numeral.charCodeAt(first) === ZERO) first += 1;
  let end = numeral.length;
  while (end > point + 1 && numeral.charCodeAt(end - 1) === ZERO) end -= 1;
  const whole = numeral.slice(first, point);
  const fraction = numeral.charCodeAt(point) === POINT ? numeral.slice(point + 1, end) : "";
  return { isNegative: start === 1 && (whole !== "" || fraction !== ""), whole, fraction };
}
