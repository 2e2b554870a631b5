/**
 * Writes values as pickle protocol 4, the fastest exact form that Python's standard library reads: integers of any
 * size, floats with every bit, decimals, dates (facts and timings: docs/decisions/0002-pickle-between-node-and-python.md).
 * Python only ever unpickles what this writer made; bytes from callers never reach it undecoded.
 */
import { CalendarDate, DateTime, Decimal, type Value } from "../values.js";

const OP = {
  proto: 0x80,
  stop: 0x2e,
  none: 0x4e,
  true: 0x88,
  false: 0x89,
  float: 0x47,
  int32: 0x4a,
  uint8: 0x4b,
  uint16: 0x4d,
  long1: 0x8a,
  shortText: 0x8c,
  text: 0x58,
  emptyDict: 0x7d,
  emptyList: 0x5d,
  mark: 0x28,
  setItems: 0x75,
  appends: 0x65,
  tuple: 0x74,
  tuple1: 0x85,
  tuple3: 0x87,
  global: 0x63,
  memoize: 0x94,
  binGet: 0x68,
  reduce: 0x52,
} as const;

/** Deepest nesting written; contracts stop at 32 levels of types. */
const MAX_DEPTH = 200;

/**
 * The pickle of one value. A `number` becomes a float and a `bigint` an int, always.
 * @throws TypeError for a string with a lone surrogate or nesting beyond any contract: neither can come from a decoder
 */
export function writePickle(value: Value): Uint8Array {
  const out = new Output();
  out.byte(OP.proto);
  out.byte(4);
  writeValue(out, value, 0);
  out.byte(OP.stop);
  return out.finish();
}

function writeValue(out: Output, value: Value, depth: number): void {
  if (depth > MAX_DEPTH) throw new TypeError("value nested too deeply");
  if (value === null) out.byte(OP.none);
  else if (typeof value === "string") writeText(out, value);
  else if (typeof value === "number") out.float(value);
  else if (typeof value === "boolean") out.byte(value ? OP.true : OP.false);
  else if (typeof value === "bigint") writeInteger(out, value);
  else if (Array.isArray(value)) writeList(out, value, depth);
  else if (value instanceof Map) writeDict(out, value, depth);
  else if (value instanceof Decimal) writeDecimal(out, value);
  else if (value instanceof DateTime) writeDateTime(out, value);
  else if (value instanceof CalendarDate) writeDate(out, value);
  else writeDict(out, Object.entries(value), depth);
}

function writeText(out: Output, text: string): void {
  if (!text.isWellFormed()) throw new TypeError("text with a lone surrogate");
  out.text(text);
}

function writeInteger(out: Output, value: bigint): void {
  if (value >= 0n && value <= 0xffn) {
    out.byte(OP.uint8);
    out.byte(Number(value));
  } else if (value >= 0n && value <= 0xffffn) {
    out.byte(OP.uint16);
    out.uint16(Number(value));
  } else if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) {
    out.byte(OP.int32);
    out.int32(Number(value));
  } else {
    writeLong(out, value);
  }
}

/** LONG1: two's complement, little-endian, with room for the sign bit. */
function writeLong(out: Output, value: bigint): void {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  if (length > 0xff) throw new TypeError("integer too long");
  out.byte(OP.long1);
  out.byte(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let index = 0; index < length; index += 1) {
    out.byte(Number(rest & 0xffn));
    rest >>= 8n;
  }
}

function writeList(out: Output, list: readonly Value[], depth: number): void {
  out.byte(OP.emptyList);
  if (list.length === 0) return;
  out.byte(OP.mark);
  for (const item of list) writeValue(out, item, depth + 1);
  out.byte(OP.appends);
}

function writeDict(out: Output, entries: Iterable<readonly [Value, Value]>, depth: number): void {
  out.byte(OP.emptyDict);
  out.byte(OP.mark);
  for (const [key, item] of entries) {
    writeValue(out, key, depth + 1);
    writeValue(out, item, depth + 1);
  }
  out.byte(OP.setItems);
}

function writeDecimal(out: Output, decimal: Decimal): void {
  out.global("decimal", "Decimal");
  out.text(decimal.text);
  out.byte(OP.tuple1);
  out.byte(OP.reduce);
}

function writeDate(out: Output, date: CalendarDate): void {
  out.global("datetime", "date");
  for (const part of date.text.split("-")) writeInteger(out, BigInt(part));
  out.byte(OP.tuple3);
  out.byte(OP.reduce);
}

function writeDateTime(out: Output, moment: DateTime): void {
  const [seconds = "", fraction = ""] = moment.text.split(".");
  out.global("datetime", "datetime");
  out.byte(OP.mark);
  for (const part of seconds.split(/[-T:]/)) writeInteger(out, BigInt(part));
  writeInteger(out, BigInt(fraction.padEnd(6, "0")));
  out.byte(OP.tuple);
  out.byte(OP.reduce);
}

/** A growing buffer of opcodes. */
class Output {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;
  readonly #globals = new Map<string, number>();

  finish(): Uint8Array {
    // A copy of the right size: a view would take its whole buffer along to the worker thread.
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#length = this.#buffer.writeUInt16LE(value, this.#length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeInt32LE(value, this.#length);
  }

  float(value: number): void {
    this.#reserve(9);
    this.#buffer[this.#length] = OP.float;
    this.#length = this.#buffer.writeDoubleBE(value, this.#length + 1);
  }

  text(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#reserve(bytes + 5);
    if (bytes <= 0xff) {
      this.#buffer[this.#length] = OP.shortText;
      this.#buffer[this.#length + 1] = bytes;
      this.#length += 2;
    } else {
      this.#buffer[this.#length] = OP.text;
      this.#length = this.#buffer.writeUInt32LE(bytes, this.#length + 1);
    }
    this.#length += this.#buffer.write(text, this.#length);
  }

  /** A class by name, looked up by Python once and then taken from its memo. */
  global(module: string, name: string): void {
    const key = `${module}\n${name}\n`;
    const known = this.#globals.get(key);
    if (known !== undefined) {
      this.byte(OP.binGet);
      this.byte(known);
      return;
    }
    this.#reserve(key.length + 2);
    this.#buffer[this.#length] = OP.global;
    this.#length += 1 + this.#buffer.write(key, this.#length + 1, "latin1");
    this.#buffer[this.#length] = OP.memoize;
    this.#length += 1;
    this.#globals.set(key, this.#globals.size);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
