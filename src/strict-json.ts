/**
 * JSON (RFC 8259) read strictly. `JSON.parse` keeps the last of two equal keys and rounds long numbers without a
 * word; here the first is refused and the second cannot happen.
 */
import { Decimal } from "./values.js";
import { memberPath, problemList, refusal, shown } from "./problems.js";

/**
 * A JSON value, exact: a number is a `number` when a double holds every digit of it, a `bigint` when it is a longer
 * integer, else a `Decimal`. Objects have no prototype, so every key is an ordinary key.
 */
export type JsonValue = null | boolean | number | bigint | Decimal | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

const DEEPEST = 64;
const LONGEST_NUMBER = 1000;
const LARGEST_EXPONENT = 330;
const REMEDY = "Export the artifact again, or have the file mended by whoever made it.";

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[a-z]+/y;

/** What is wrong with a text, in the words of whoever reads it. */
export interface JsonFaults {
  /** An object has a key twice. What is returned from is read on from; the later value then stands. */
  twice(path: string): void;
  /** The error for a text that goes on with something else than was expected, at a character counted from 0. */
  syntax(expected: string, at: number): Error;
  /** The error for values that are nested deeper than so many levels. */
  tooDeep(levels: number): Error;
}

/** Where the reader is; the one thing that changes while a text is read. */
interface Cursor {
  readonly text: string;
  readonly faults: JsonFaults;
  at: number;
}

/**
 * Reads a whole JSON file.
 * @param where name of the file, for the problems
 * @throws Refusal for a byte order mark, invalid UTF-8, wrong syntax, nesting deeper than 64, and every key that an
 * object has twice
 */
export function parseStrictJson(bytes: Uint8Array, where: string): JsonValue {
  const text = decodeUtf8(bytes, where);
  const problems = problemList(where);
  const value = readJson(text, {
    twice: (path) => problems.add(path, "The object has this key twice.", "Keep the one that is meant."),
    syntax: (expected, at) => syntaxRefusal({ text, where, at }, expected),
    tooDeep: (levels) => refusal(where, "", `The values are nested deeper than ${levels} levels.`, REMEDY),
  });
  problems.refuse();
  return value;
}

/**
 * Reads a text that is one JSON value. Members keep their order, but for names that are whole numbers: these come first.
 * @throws what `faults` makes of a text that is none
 */
export function readJson(text: string, faults: JsonFaults): JsonValue {
  const cursor: Cursor = { text, faults, at: 0 };
  const value = readValue(cursor, "", 0);
  skipBlanks(cursor);
  if (cursor.at < text.length) throw faults.syntax("the end of the text", cursor.at);
  return value;
}

/** True for a JSON object, also one that `JSON.parse` made. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

function decodeUtf8(bytes: Uint8Array, where: string): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal(where, "", "The file is not valid UTF-8.", "Save it as UTF-8.");
  }
  if (text.startsWith("\uFEFF")) {
    throw refusal(where, "", "The file begins with a byte order mark.", "Save it as UTF-8 without one.");
  }
  return text;
}

function readValue(cursor: Cursor, path: string, depth: number): JsonValue {
  if (depth > DEEPEST) throw cursor.faults.tooDeep(DEEPEST);
  skipBlanks(cursor);
  const first = cursor.text[cursor.at];
  if (first === "{") return readObject(cursor, path, depth);
  if (first === "[") return readArray(cursor, path, depth);
  if (first === '"') return readString(cursor);
  if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) return readNumber(cursor);
  const word = match(cursor, WORD);
  if (word === "true") return true;
  if (word === "false") return false;
  if (word === "null") return null;
  cursor.at -= word?.length ?? 0;
  throw unexpected(cursor, "a value");
}

function readObject(cursor: Cursor, path: string, depth: number): JsonObject {
  const object = Object.create(null) as JsonObject;
  cursor.at += 1;
  if (takes(cursor, "}")) return object;
  do {
    skipBlanks(cursor);
    if (cursor.text[cursor.at] !== '"') throw unexpected(cursor, "a key in double quotes");
    const key = readString(cursor);
    const keyPath = memberPath(path, key);
    if (Object.hasOwn(object, key)) cursor.faults.twice(keyPath);
    if (!takes(cursor, ":")) throw unexpected(cursor, "`:`");
    object[key] = readValue(cursor, keyPath, depth + 1);
  } while (takes(cursor, ","));
  if (!takes(cursor, "}")) throw unexpected(cursor, "`,` or `}`");
  return object;
}

function readArray(cursor: Cursor, path: string, depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  cursor.at += 1;
  if (takes(cursor, "]")) return items;
  do items.push(readValue(cursor, `${path}[${items.length}]`, depth + 1));
  while (takes(cursor, ","));
  if (!takes(cursor, "]")) throw unexpected(cursor, "`,` or `]`");
  return items;
}

function readString(cursor: Cursor): string {
  let end = cursor.at + 1;
  while (end < cursor.text.length && cursor.text[end] !== '"') end += cursor.text[end] === "\\" ? 2 : 1;
  const text = unescaped(cursor.text.slice(cursor.at, end + 1));
  if (text === undefined) throw unexpected(cursor, "a string in double quotes, with valid escapes only");
  if (/\p{Surrogate}/u.test(text)) throw unexpected(cursor, "a string without half surrogate pairs");
  cursor.at = end + 1;
  return text;
}

/** The string that a literal stands for, or `undefined`. `JSON.parse` is exact for one string by itself. */
function unescaped(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function readNumber(cursor: Cursor): number | bigint | Decimal {
  const literal = match(cursor, NUMBER);
  if (literal === undefined || literal.length > LONGEST_NUMBER) {
    throw unexpected(cursor, `a number of at most ${LONGEST_NUMBER} characters`);
  }
  const value = Number(literal);
  if (/^-?[0-9]+$/.test(literal)) return Number.isSafeInteger(value) ? value : BigInt(literal);
  if (Number.isFinite(value) && significantDigits(String(value)) === significantDigits(literal)) return value;
  const plain = withoutExponent(literal);
  if (plain !== undefined) return new Decimal(plain);
  cursor.at -= literal.length;
  throw unexpected(cursor, "a number with a smaller exponent");
}

/**
 * The same number with every digit before or behind the point: many languages write doubles as `1.0000000000000001e-05`.
 * Nothing where its exponent is beyond that of every double.
 */
function withoutExponent(literal: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(literal) ?? [];
  const shift = Number(exponent);
  if (Math.abs(shift) > LARGEST_EXPONENT) return undefined;
  const digits = "0".repeat(Math.max(0, 1 - whole.length - shift)) + whole + fraction;
  const point = Math.max(1, whole.length + shift);
  const padded = digits.padEnd(point, "0");
  const [before, after] = [padded.slice(0, point).replace(/^0+(?=[0-9])/, ""), padded.slice(point)];
  return `${sign}${before}${after === "" ? "" : `.${after}`}`;
}

/** The digits that count: `-0.050e3` and `5e1` both give `5`. */
function significantDigits(literal: string): string {
  return literal
    .replace(/[eE].*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "");
}

function skipBlanks(cursor: Cursor): void {
  match(cursor, BLANKS);
}

/** Steps over blanks and then over `mark`, if it is there. */
function takes(cursor: Cursor, mark: string): boolean {
  skipBlanks(cursor);
  if (cursor.text[cursor.at] !== mark) return false;
  cursor.at += 1;
  return true;
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  cursor.at += found?.length ?? 0;
  return found;
}

function unexpected({ faults, at }: Cursor, expected: string): Error {
  return faults.syntax(expected, at);
}

interface Place {
  readonly text: string;
  readonly where: string;
  readonly at: number;
}

function syntaxRefusal({ text, where, at }: Place, expected: string): Error {
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const found = at < text.length ? `\`${shown(text.charAt(at))}\`` : "the end";
  return refusal(where, "", `Not valid JSON at ${place}: expected ${expected}, found ${found}.`, REMEDY);
}
