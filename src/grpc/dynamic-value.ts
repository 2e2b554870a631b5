/**
 * Results of no declared type as `google.protobuf.Value` (struct.proto). Its numbers are doubles, so what a double cannot
 * hold exactly is refused; decimals, dates and moments travel as their text.
 */
import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { WireType } from "@bufbuild/protobuf/wire";
import { CalendarDate, DateTime, Decimal } from "../values.js";
import type { Value } from "../values.js";
import { refuse } from "./violations.js";

/** Field numbers of `Value`. */
const NULL = 1;
const NUMBER = 2;
const STRING = 3;
const BOOL = 4;
const STRUCT = 5;
const LIST = 6;

/** Each level of data is two or three levels of messages, and readers give up at 100 of those. */
const MAX_DEPTH = 30;

/** Writes the fields of a `Value` message. @throws GatewayError `output_invalid` for what it cannot carry */
export function writeDynamic(writer: BinaryWriter, value: Value, path: string, depth = 0): void {
  if (depth > MAX_DEPTH) return refuse(path, `Is nested deeper than ${MAX_DEPTH} levels.`);
  if (value === null) {
    writer.tag(NULL, WireType.Varint).int32(0);
  } else if (typeof value === "boolean") {
    writer.tag(BOOL, WireType.Varint).bool(value);
  } else if (typeof value === "number" || typeof value === "bigint") {
    writer.tag(NUMBER, WireType.Bit64).double(exactDouble(value, path));
  } else if (typeof value === "string") {
    if (!value.isWellFormed()) return refuse(path, "Is not Unicode text.");
    writer.tag(STRING, WireType.LengthDelimited).string(value);
  } else if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate) {
    writer.tag(STRING, WireType.LengthDelimited).string(value.text);
  } else if (Array.isArray(value)) {
    writer.tag(LIST, WireType.LengthDelimited).fork();
    value.forEach((item, index) => {
      writer.tag(1, WireType.LengthDelimited).fork();
      writeDynamic(writer, item, `${path}[${index}]`, depth + 1);
      writer.join();
    });
    writer.join();
  } else {
    writeEntries(writer, value instanceof Map ? [...value] : Object.entries(value), path, depth);
  }
}

function exactDouble(value: number | bigint, path: string): number {
  const number = Number(value);
  if (!Number.isFinite(number)) return refuse(path, "Is not a finite number.");
  if (typeof value === "bigint" && BigInt(number) !== value) {
    return refuse(path, "Is an integer that a double cannot hold.");
  }
  return number;
}

function writeEntries(
  writer: BinaryWriter,
  entries: readonly (readonly [Value, Value])[],
  path: string,
  depth: number,
): void {
  writer.tag(STRUCT, WireType.LengthDelimited).fork();
  entries.forEach(([key, value], index) => {
    // By position: a key of free data is itself data, which an error must not repeat.
    const place = `${path}[${index}]`;
    if (typeof key !== "string" || !key.isWellFormed()) return refuse(place, "Has a key that is not text.");
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(key);
    writer.tag(2, WireType.LengthDelimited).fork();
    writeDynamic(writer, value, place, depth + 1);
    writer.join().join();
  });
  writer.join();
}
