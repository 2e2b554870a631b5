/**
 * Writes values as pickle protocol 4, the fastest exact form that Python's standard library reads: integers of any
 * size, floats with every bit, decimals, dates (facts and timings: docs/decisions/0002-pickle-between-node-and-python.md).
 * Python only ever unpickles what this writer made; bytes from callers never reach it undecoded.
 */
import { CalendarDate, DateTime, Decimal, type Value } from "../values.js";
import { PickleOutput } from "./pickle-output.js";

export interface PickleOptions {
  /** Bytes of any content that stand in front of the pickle, for a header that its sender writes there. */
  readonly headRoom?: number;
}

/** Deepest nesting written; contracts stop at 32 levels of types. */
const MAX_DEPTH = 200;

/** One for all: a value is written in one go, and what was written is handed out as a copy. */
const output = new PickleOutput();

/**
 * The pickle of one value. A `number` becomes a float and a `bigint` an int, always.
 * @throws TypeError for a string with a lone surrogate or nesting beyond any contract: neither can come from a decoder
 */
export function writePickle(value: Value, { headRoom = 0 }: PickleOptions = {}): Buffer {
  return writePickleWith((out) => writeValue(out, value, 0), headRoom);
}

/** The pickle of what `write` writes, which is one value. */
export function writePickleWith(write: (out: PickleOutput) => void, headRoom: number): Buffer {
  output.begin(headRoom);
  write(output);
  return output.finish();
}

/** Writes a value of any type. */
export function writeValue(out: PickleOutput, value: Value, depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError("value nested too deeply");
  if (value === null) out.none();
  else if (typeof value === "string") out.text(value);
  else if (typeof value === "number") out.float(value);
  else if (typeof value === "boolean") out.boolean(value);
  else if (typeof value === "bigint") out.integer(value);
  else if (Array.isArray(value)) writeList(out, value, depth);
  else if (value instanceof Map) writeDict(out, value, depth);
  else if (value instanceof Decimal) out.decimal(value);
  else if (value instanceof DateTime) out.dateTime(value);
  else if (value instanceof CalendarDate) out.date(value);
  else writeDict(out, Object.entries(value), depth);
}

function writeList(out: PickleOutput, list: readonly Value[], depth: number): void {
  out.beginList(list.length);
  for (const item of list) writeValue(out, item, depth + 1);
  out.endList(list.length);
}

function writeDict(out: PickleOutput, entries: Iterable<readonly [Value, Value]>, depth: number): void {
  out.beginDict();
  for (const [key, item] of entries) {
    writeValue(out, key, depth + 1);
    writeValue(out, item, depth + 1);
  }
  out.endDict();
}
