/**
 * The written forms of numbers, dates and times, read in one place so that every protocol agrees on them.
 * Each function returns `undefined` for text that is not of the form or does not fit the type: nothing is guessed.
 * Texts are read character by character, because every value of every call passes here.
 */
import { dayFrom1970, daysFrom1970, isCalendarDay, type Day } from "./calendar.js";
import { CalendarDate, DateTime, Decimal } from "./values.js";

const INTEGER = /^[+-]?\d{1,40}$/;
const ZONE = /^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/;

export const MIN_INTEGER = -(2n ** 63n);
export const MAX_INTEGER = 2n ** 63n - 1n;

/** Longest date and time that is read: the form has at most 26 characters before the fraction grows useless. */
const MAX_DATE_TIME_LENGTH = 64;

/** Longest decimal that is read: more digits than any ledger, few enough that no caller can make us work for nothing. */
const MAX_DECIMAL_LENGTH = 400;

export const DAY_SECONDS = 86_400;
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER_T = 0x54;

/** A moment in UTC, in numbers. */
export interface Moment {
  readonly day: Day;
  readonly secondOfDay: number;
  readonly microsecond: number;
}

/** A signed 64-bit integer in decimal digits. */
export function parseInteger(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value >= MIN_INTEGER && value <= MAX_INTEGER ? value : undefined;
}

/**
 * An `xs:decimal` (XML Schema part 2, 3.2.3): sign, digits and one point, no exponent. The text is made canonical
 * (no plus sign, no leading zeros, a digit before the point) but its fraction digits are kept: `1.50` stays `1.50`.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const { length } = text;
  if (length > MAX_DECIMAL_LENGTH) return undefined;
  const sign = text.charCodeAt(0);
  const wholeAt = sign === MINUS || sign === PLUS ? 1 : 0;
  const point = skipDigits(text, wholeAt);
  if (point < length && text.charCodeAt(point) !== POINT) return undefined;
  if (point < length && skipDigits(text, point + 1) < length) return undefined;
  // A sign, a point or nothing at all is no number.
  if (point === wholeAt && length <= point + 1) return undefined;
  const digitAt = skipZeros(text, wholeAt);
  const isZero = digitAt >= point && skipZeros(text, point + 1) >= length;
  const isNegative = sign === MINUS && !isZero;
  const signIsPlain = wholeAt === 0 || isNegative;
  // The digits begin with one that counts, or are a single zero, and no point stands at the end.
  const isPlain = digitAt < point ? digitAt === wholeAt : point === wholeAt + 1;
  if (signIsPlain && isPlain && point + 1 !== length) return new Decimal(text);
  const whole = digitAt < point ? text.slice(digitAt, point) : "0";
  const fraction = point + 1 < length ? text.slice(point) : "";
  return new Decimal(`${isNegative ? "-" : ""}${whole}${fraction}`);
}

/** A calendar date `YYYY-MM-DD` of the years 0001 to 9999, without a zone. */
export function parseDate(text: string): CalendarDate | undefined {
  return text.length === 10 && dayAtStart(text) !== undefined ? new CalendarDate(text) : undefined;
}

/** The date of three numbers; `undefined` when there is no such day in the years 1 to 9999. */
export function dateOf(year: number, month: number, day: number): CalendarDate | undefined {
  return isCalendarDay(year, month, day) ? new CalendarDate(printDay({ year, month, day })) : undefined;
}

/** The numbers of a date; `undefined` when its text is none. */
export function readDay({ text }: CalendarDate): Day | undefined {
  return text.length === 10 ? dayAtStart(text) : undefined;
}

/**
 * A date and time in the forms of XML Schema, ISO 8601 and the platform's own `YYYY-MM-DD HH:MM:SS`. A zone is
 * converted to UTC, no zone means UTC. At most six significant fraction digits, because Python carries no more.
 */
export function parseDateTime(text: string): DateTime | undefined {
  if (text.length > MAX_DATE_TIME_LENGTH) return undefined;
  const day = dayAtStart(text);
  const separator = text.charCodeAt(10);
  if (day === undefined || (separator !== LETTER_T && separator !== SPACE)) return undefined;
  const seconds = secondsAt(text, 11);
  const hasFraction = text.charCodeAt(19) === POINT;
  const zoneAt = hasFraction ? skipDigits(text, 20) : 19;
  const end = hasFraction ? dropZeros(text, 20, zoneAt) : 19;
  const fraction = text.slice(20, end);
  if (seconds === undefined || (hasFraction && zoneAt === 20) || fraction.length > 6) return undefined;
  if (seconds === DAY_SECONDS && fraction !== "") return undefined;
  const zone = zoneAt === text.length ? 0 : zoneMinutes(text.slice(zoneAt));
  if (zone === undefined) return undefined;
  if (zone !== 0 || seconds === DAY_SECONDS) {
    return printMoment(daysFrom1970(day) * DAY_SECONDS + seconds - zone * 60, fraction);
  }
  if (separator === LETTER_T && end === text.length) return new DateTime(text);
  const whole = `${text.slice(0, 10)}T${text.slice(11, 19)}`;
  return new DateTime(fraction === "" ? whole : `${whole}.${fraction}`);
}

/**
 * A moment given as seconds since 1970 (UTC), a whole number, and microseconds 0 to 999,999; `undefined` outside the
 * years 0001 to 9999.
 */
export function dateTimeFromEpoch(seconds: number, microseconds: number): DateTime | undefined {
  const fraction = microseconds === 0 ? "" : String(1_000_000 + microseconds);
  return printMoment(seconds, fraction.slice(1, dropZeros(fraction, 1, fraction.length)));
}

/** The numbers of a moment; `undefined` when its text is not of the one form that `DateTime` has. */
export function readMoment({ text }: DateTime): Moment | undefined {
  const { length } = text;
  const day = dayAtStart(text);
  const secondOfDay = secondsAt(text, 11);
  if (day === undefined || secondOfDay === undefined || secondOfDay === DAY_SECONDS) return undefined;
  if (text.charCodeAt(10) !== LETTER_T) return undefined;
  if (length === 19) return { day, secondOfDay, microsecond: 0 };
  if (text.charCodeAt(19) !== POINT || length === 20 || length > 26) return undefined;
  const microsecond = digitsAt(text, 20, length - 20) * 10 ** (26 - length);
  return Number.isNaN(microsecond) ? undefined : { day, secondOfDay, microsecond };
}

function printMoment(seconds: number, fraction: string): DateTime | undefined {
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND)) return undefined;
  const days = Math.floor(seconds / DAY_SECONDS);
  const whole = `${printDay(dayFrom1970(days))}T${printTime(seconds - days * DAY_SECONDS)}`;
  return new DateTime(fraction === "" ? whole : `${whole}.${fraction}`);
}

// All characters at once: putting a text together of pieces is several times as much work.
function printDay({ year, month, day }: Day): string {
  const century = Math.floor(year / 100);
  // prettier-ignore
  return String.fromCharCode(
    tens(century), ones(century), tens(year), ones(year), MINUS, tens(month), ones(month), MINUS, tens(day), ones(day),
  );
}

function printTime(secondOfDay: number): string {
  const minuteOfDay = Math.floor(secondOfDay / 60);
  const hour = Math.floor(minuteOfDay / 60);
  const minute = minuteOfDay % 60;
  const second = secondOfDay % 60;
  // prettier-ignore
  return String.fromCharCode(
    tens(hour), ones(hour), COLON, tens(minute), ones(minute), COLON, tens(second), ones(second),
  );
}

/** The character of the last digit but one of a number. */
function tens(number: number): number {
  return ZERO + (Math.floor(number / 10) % 10);
}

/** The character of the last digit of a number. */
function ones(number: number): number {
  return ZERO + (number % 10);
}

/** The day that a text begins with, `YYYY-MM-DD`. */
function dayAtStart(text: string): Day | undefined {
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  if (text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return undefined;
  return isCalendarDay(year, month, day) ? { year, month, day } : undefined;
}

/** The seconds since midnight of `HH:MM:SS`; 24:00:00 is the end of the day. */
function secondsAt(text: string, at: number): number | undefined {
  const hour = digitsAt(text, at, 2);
  const minute = digitsAt(text, at + 3, 2);
  const second = digitsAt(text, at + 6, 2);
  if (text.charCodeAt(at + 2) !== COLON || text.charCodeAt(at + 5) !== COLON) return undefined;
  const seconds = hour * 3600 + minute * 60 + second;
  // Not a number is neither.
  return (hour <= 23 && minute <= 59 && second <= 59) || (hour === 24 && seconds === DAY_SECONDS)
    ? seconds
    : undefined;
}

/** How far a zone is ahead of UTC, in minutes; `undefined` when it is none. */
function zoneMinutes(zone: string): number | undefined {
  if (zone === "Z") return 0;
  if (!ZONE.test(zone)) return undefined;
  const minutes = digitsAt(zone, 1, 2) * 60 + digitsAt(zone, 4, 2);
  return zone.charCodeAt(0) === MINUS ? -minutes : minutes;
}

/** The number that so many digits are; NaN when they are not all there. */
function digitsAt(text: string, at: number, count: number): number {
  let number = 0;
  for (let index = at; index < at + count; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Where the digits that begin at `at` end. */
function skipDigits(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const digit = text.charCodeAt(end) - ZERO;
    if (digit < 0 || digit > 9) break;
    end += 1;
  }
  return end;
}

/** Where the zeros that begin at `at` end. */
function skipZeros(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === ZERO) end += 1;
  return end;
}

/** Where a text from `start` to `end` ends without the zeros behind it. */
function dropZeros(text: string, start: number, end: number): number {
  let kept = end;
  while (kept > start && text.charCodeAt(kept - 1) === ZERO) kept -= 1;
  return kept;
}
