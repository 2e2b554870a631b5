/**
 * `google.type.Decimal`, `google.type.Date` and `google.protobuf.Timestamp` to and from the neutral values, exactly.
 * Sources: decimal.proto and date.proto (googleapis), timestamp.proto (protobuf).
 */
import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { WireType } from "@bufbuild/protobuf/wire";
import { daysFrom1970 } from "../calendar.js";
import { DAY_SECONDS, dateOf, dateTimeFromEpoch, parseDecimal, readDay, readMoment } from "../lexical.js";
import type { CalendarDate, DateTime, Decimal } from "../values.js";
import { refuse } from "./violations.js";
import { WIRE } from "./wire-reader.js";
import type { Span, WireReader } from "./wire-reader.js";

/** A value, or what is wrong with it in a sentence of its own. */
export type Read<T extends object> = T | string;

/** What is said of a field that was sent as another wire type. */
export const OTHER_TYPE = "Was encoded as another type.";
const NOT_DECIMAL = "Must be a decimal number of at most 400 digits.";
const DECIMAL_WITH_EXPONENT = /^([+-]?)(\d*)(?:\.(\d*))?[eE]([+-]?\d{1,4})$/;

/** @throws MalformedError when the bytes are no protobuf message */
export function readDecimal(reader: WireReader, span: Span): Read<Decimal> {
  let last = "";
  reader.turnTo(span);
  while (reader.at < span.to) {
    const tag = reader.tag();
    if (tag >>> 3 !== 1) reader.skip(tag);
    else if ((tag & 7) !== WIRE.lengthDelimited) return OTHER_TYPE;
    else {
      const text = reader.text();
      // Also of one that does not count, because another follows.
      if (text === undefined) return NOT_DECIMAL;
      last = text;
    }
  }
  return parseDecimal(last) ?? expandExponent(last) ?? NOT_DECIMAL;
}

/** A decimal with an exponent, written out: `2.5e3` is `2500`. Exact, or `undefined`. */
function expandExponent(text: string): Decimal | undefined {
  // The longest text that can still be written out: 400 digits, and a shift that zeros have to make up for.
  if (text.length > 400) return undefined;
  const match = DECIMAL_WITH_EXPONENT.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  // Digits to write, or no digit at all: parseDecimal would refuse either.
  if (digits === "" || Math.abs(point) > 400) return undefined;
  const padded = digits.padEnd(point, "0");
  return point <= 0
    ? parseDecimal(`${sign}0.${"0".repeat(-point)}${digits}`)
    : parseDecimal(
        `${sign}${padded.slice(0, point)}${point < padded.length ? `.${padded.slice(point)}` : ""}`,
      );
}

/** A full date; a date without year, month or day is refused. @throws MalformedError when the bytes are no message */
export function readDate(reader: WireReader, span: Span): Read<CalendarDate> {
  const parts = [0, 0, 0];
  if (!readNumbers(reader, span, parts)) return OTHER_TYPE;
  const [year = 0, month = 0, day = 0] = parts;
  return dateOf(year, month, day) ?? "Must be a full calendar date of the years 1 to 9999.";
}

/** @throws MalformedError when the bytes are no protobuf message */
export function readTimestamp(reader: WireReader, span: Span): Read<DateTime> {
  const parts = [0, 0];
  if (!readNumbers(reader, span, parts)) return OTHER_TYPE;
  const [seconds = 0, nanos = 0] = parts;
  if (nanos < 0 || nanos > 999_999_999) return "Must have nanos of 0 to 999,999,999.";
  if (nanos % 1000 !== 0) return "Must not be finer than a microsecond.";
  return dateTimeFromEpoch(seconds, nanos / 1000) ?? "Must be within the years 1 to 9999.";
}

/**
 * Reads the varint fields from 1 on into `parts`, as many as it has; read with 64 bits, so that nothing wraps into range.
 * @returns false when one of them is of another wire type
 */
function readNumbers(reader: WireReader, span: Span, parts: number[]): boolean {
  reader.turnTo(span);
  while (reader.at < span.to) {
    const tag = reader.tag();
    const number = tag >>> 3;
    if (number > parts.length) reader.skip(tag);
    else if ((tag & 7) !== WIRE.varint) return false;
    else parts[number - 1] = reader.int64AsNumber();
  }
  return true;
}

export function writeDecimal(writer: BinaryWriter, { text }: Decimal, path: string): void {
  if (parseDecimal(text) === undefined) refuse(path, NOT_DECIMAL);
  writer.tag(1, WireType.LengthDelimited).string(text);
}

export function writeDate(writer: BinaryWriter, date: CalendarDate, path: string): void {
  const { year, month, day } =
    readDay(date) ?? refuse(path, "Is not a calendar date of the years 1 to 9999.");
  writer.tag(1, WireType.Varint).int32(year);
  writer.tag(2, WireType.Varint).int32(month);
  writer.tag(3, WireType.Varint).int32(day);
}

export function writeTimestamp(writer: BinaryWriter, dateTime: DateTime, path: string): void {
  const moment = readMoment(dateTime) ?? refuse(path, "Is not a date and time of the years 1 to 9999.");
  const epoch = daysFrom1970(moment.day) * DAY_SECONDS + moment.secondOfDay;
  if (epoch !== 0) writer.tag(1, WireType.Varint).int64(epoch);
  if (moment.microsecond !== 0) writer.tag(2, WireType.Varint).int32(moment.microsecond * 1000);
}
