/**
 * `google.type.Decimal`, `google.type.Date` and `google.protobuf.Timestamp` to and from the neutral values, exactly.
 * Sources: decimal.proto and date.proto (googleapis), timestamp.proto (protobuf).
 */
import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { dateTimeFromEpoch, parseDate, parseDateTime, parseDecimal } from "../lexical.js";
import type { CalendarDate, DateTime, Decimal } from "../values.js";
import { refuse } from "./violations.js";
import { readText } from "./wire.js";

/** A value, or what is wrong with it in a sentence of its own. */
export type Read<T> = { readonly value: T } | { readonly fault: string };

const DECIMAL_WITH_EXPONENT = /^([+-]?)(\d*)(?:\.(\d*))?[eE]([+-]?\d{1,4})$/;

/** @throws Error when the bytes are no protobuf message */
export function readDecimal(bytes: Uint8Array): Read<Decimal> {
  let text: string | undefined = "";
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number !== 1) reader.skip(wire, number);
    else if (wire !== WireType.LengthDelimited) return { fault: "Was encoded as another type." };
    else text = readText(reader);
  }
  const value = text === undefined ? undefined : (parseDecimal(text) ?? expandExponent(text));
  return value === undefined ? { fault: "Must be a decimal number of at most 400 digits." } : { value };
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

/** A full date; a date without year, month or day is refused. @throws Error when the bytes are no protobuf message */
export function readDate(bytes: Uint8Array): Read<CalendarDate> {
  const parts = readNumbers(bytes, 3);
  if (parts === undefined) return { fault: "Was encoded as another type." };
  const [year = 0n, month = 0n, day = 0n] = parts;
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const value = parseDate(text);
  return value === undefined ? { fault: "Must be a full calendar date of the years 1 to 9999." } : { value };
}

/** @throws Error when the bytes are no protobuf message */
export function readTimestamp(bytes: Uint8Array): Read<DateTime> {
  const parts = readNumbers(bytes, 2);
  if (parts === undefined) return { fault: "Was encoded as another type." };
  const [seconds = 0n, nanos = 0n] = parts;
  if (nanos < 0n || nanos > 999_999_999n) return { fault: "Must have nanos of 0 to 999,999,999." };
  if (nanos % 1000n !== 0n) return { fault: "Must not be finer than a microsecond." };
  const value = dateTimeFromEpoch(seconds, Number(nanos / 1000n));
  return value === undefined ? { fault: "Must be within the years 1 to 9999." } : { value };
}

/** The varint fields 1 to `count` of a message, 0 where absent; read with 64 bits, so that nothing wraps into range. */
function readNumbers(bytes: Uint8Array, count: number): bigint[] | undefined {
  const numbers = Array.from({ length: count }, () => 0n);
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number > count) reader.skip(wire, number);
    else if (wire !== WireType.Varint) return undefined;
    else numbers[number - 1] = BigInt(reader.int64());
  }
  return numbers;
}

function pad(value: bigint, width: number): string {
  return String(value).padStart(width, "0");
}

export function writeDecimal(writer: BinaryWriter, { text }: Decimal, path: string): void {
  if (parseDecimal(text) === undefined) refuse(path, "Must be a decimal number of at most 400 digits.");
  writer.tag(1, WireType.LengthDelimited).string(text);
}

export function writeDate(writer: BinaryWriter, { text }: CalendarDate, path: string): void {
  if (parseDate(text) === undefined) refuse(path, "Is not a calendar date of the years 1 to 9999.");
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  writer.tag(1, WireType.Varint).int32(year);
  writer.tag(2, WireType.Varint).int32(month);
  writer.tag(3, WireType.Varint).int32(day);
}

export function writeTimestamp(writer: BinaryWriter, { text }: DateTime, path: string): void {
  const moment = parseDateTime(text) ?? refuse(path, "Is not a date and time of the years 1 to 9999.");
  const [seconds = "", fraction = ""] = moment.text.split(".");
  const nanos = Number(fraction.padEnd(9, "0"));
  const epoch = BigInt(Date.parse(`${seconds}Z`)) / 1000n;
  if (epoch !== 0n) writer.tag(1, WireType.Varint).int64(epoch);
  if (nanos !== 0) writer.tag(2, WireType.Varint).int32(nanos);
}
