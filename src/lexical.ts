/**
 * The written forms of numbers, dates and times, read in one place so that every protocol agrees on them.
 * Each function returns `undefined` for text that is not of the form or does not fit the type: nothing is guessed.
 */
import { CalendarDate, DateTime, Decimal } from "./values.js";

const INTEGER = /^[+-]?\d{1,40}$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?$/;

export const MIN_INTEGER = -(2n ** 63n);
export const MAX_INTEGER = 2n ** 63n - 1n;

/** Longest date and time that is read: the form has at most 26 characters before the fraction grows useless. */
const MAX_DATE_TIME_LENGTH = 64;

/** Longest decimal that is read: more digits than any ledger, few enough that no caller can make us work for nothing. */
const MAX_DECIMAL_LENGTH = 400;

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
  if (text.length > MAX_DECIMAL_LENGTH) return undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const isZero = digits === "0" && /^0*$/.test(fraction);
  return new Decimal((sign === "-" && !isZero ? "-" : "") + digits + (fraction === "" ? "" : `.${fraction}`));
}

/** Whether a decimal fits `totalDigits` and `fractionDigits`; trailing zeros of the fraction do not count. */
export function fitsDecimal(decimal: Decimal, totalDigits: number, fractionDigits: number): boolean {
  const [whole = "", fraction = ""] = decimal.text.replace(/^-/, "").split(".");
  const significant = fraction.replace(/0+$/, "");
  const wholeDigits = whole === "0" ? 0 : whole.length;
  return significant.length <= fractionDigits && wholeDigits + significant.length <= totalDigits;
}

/** A calendar date `YYYY-MM-DD` of the years 0001 to 9999, without a zone. */
export function parseDate(text: string): CalendarDate | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  return isCalendarDate(Number(match[1]), Number(match[2]), Number(match[3]))
    ? new CalendarDate(text)
    : undefined;
}

/**
 * A date and time in the forms of XML Schema, ISO 8601 and the platform's own `YYYY-MM-DD HH:MM:SS`. A zone is
 * converted to UTC, no zone means UTC. At most six significant fraction digits, because Python carries no more.
 */
export function parseDateTime(text: string): DateTime | undefined {
  const match = text.length > MAX_DATE_TIME_LENGTH ? null : DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const fraction = (match[7] ?? "").replace(/0+$/, "");
  const endOfDay = hour === 24 && minute === 0 && second === 0 && fraction === "";
  if (!isCalendarDate(year, month, day) || fraction.length > 6) return undefined;
  if ((hour > 23 && !endOfDay) || minute > 59 || second > 59) return undefined;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute - zoneMinutes(match[8]), second);
  return formatMoment(moment, fraction);
}

/** A moment given as seconds since 1970 (UTC) and microseconds 0 to 999,999; `undefined` outside the years 0001 to 9999. */
export function dateTimeFromEpoch(seconds: bigint, microseconds: number): DateTime | undefined {
  if (seconds < -62_135_596_800n || seconds > 253_402_300_799n) return undefined;
  const fraction = microseconds === 0 ? "" : String(microseconds).padStart(6, "0").replace(/0+$/, "");
  return formatMoment(new Date(Number(seconds) * 1000), fraction);
}

function formatMoment(moment: Date, fraction: string): DateTime | undefined {
  const year = moment.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  const iso = moment.toISOString();
  const seconds = iso.slice(0, iso.indexOf("."));
  return new DateTime(fraction === "" ? seconds : `${seconds}.${fraction}`);
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith("-") ? -minutes : minutes;
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}
