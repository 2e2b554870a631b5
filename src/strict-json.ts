/**
 * JSON (RFC 8259) read strictly. `JSON.parse` keeps the last of two equal keys and rounds long numbers without a
 * word; here the first is refused and the second cannot happen.
 */
import { Decimal } from "./values.js";
import { memberPath, problemList, refusal, shown, type ProblemList } from "./problems.js";

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
const REMEDY = "Export the artifact again, or have the file mended by whoever made it.";

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[a-z]+/y;

/** Where the reader is; the one thing that changes while a text is read. */
interface Cursor {
  readonly text: string;
  readonly where: string;
  readonly problems: ProblemList;
  at: number;
}

/**
 * Reads a whole JSON file.
 * @param where name of the file, for the problems
 * @throws Refusal for a byte order mark, invalid UTF-8, wrong syntax, nesting deeper than 64, and every key that an
 * object has twice
 */
export function parseStrictJson(bytes: Uint8Array, where: string): JsonValue {
  const cursor: Cursor = { text: decodeUtf8(bytes, where), where, problems: problemList(where), at: 0 };
  const value = readValue(cursor, "", 0);
  skipBlanks(cursor);
  if (cursor.at < cursor.text.length) throw syntaxRefusal(cursor, "the end of the file");
  cursor.problems.refuse();
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
  if (depth > DEEPEST) {
    throw refusal(cursor.where, "", `The values are nested deeper than ${DEEPEST} levels.`, REMEDY);
  }
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
  throw syntaxRefusal(cursor, "a value");
}

function readObject(cursor: Cursor, path: string, depth: number): JsonObject {
  const object = Object.create(null) as JsonObject;
  cursor.at += 1;
  if (takes(cursor, "}")) return object;
  do {
    skipBlanks(cursor);
    if (cursor.text[cursor.at] !== '"') throw syntaxRefusal(cursor, "a key in double quotes");
    const key = readString(cursor);
    const keyPath = memberPath(path, key);
    if (Object.hasOwn(object, key)) {
      cursor.problems.add(keyPath, "The object has this key twice.", "Keep the one that is meant.");
    }
    if (!takes(cursor, ":")) throw syntaxRefusal(cursor, "`:`");
    object[key] = readValue(cursor, keyPath, depth + 1);
  } while (takes(cursor, ","));
  if (!takes(cursor, "}")) throw syntaxRefusal(cursor, "`,` or `}`");
  return object;
}

function readArray(cursor: Cursor, path: string, depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  cursor.at += 1;
  if (takes(cursor, "]")) return items;
  do items.push(readValue(cursor, `${path}[${items.length}]`, depth + 1));
  while (takes(cursor, ","));
  if (!takes(cursor, "]")) throw syntaxRefusal(cursor, "`,` or `]`");
  return items;
}

function readString(cursor: Cursor): string {
  let end = cursor.at + 1;
  while (end < cursor.text.length && cursor.text[end] !== '"') end += cursor.text[end] === "\\" ? 2 : 1;
  const text = unescaped(cursor.text.slice(cursor.at, end + 1));
  if (text === undefined) throw syntaxRefusal(cursor, "a string in double quotes, with valid escapes only");
  if (/\p{Surrogate}/u.test(text)) throw syntaxRefusal(cursor, "a string without half surrogate pairs");
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
    throw syntaxRefusal(cursor, `a number of at most ${LONGEST_NUMBER} characters`);
  }
  const value = Number(literal);
  if (/^-?[0-9]+$/.test(literal)) return Number.isSafeInteger(value) ? value : BigInt(literal);
  if (Number.isFinite(value) && significantDigits(String(value)) === significantDigits(literal)) return value;
  if (/^-?[0-9]+\.[0-9]+$/.test(literal)) return new Decimal(literal);
  cursor.at -= literal.length;
  throw syntaxRefusal(cursor, "a number with an exponent that a double can hold exactly");
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

function syntaxRefusal(cursor: Cursor, expected: string): Error {
  const before = cursor.text.slice(0, cursor.at).split("\n");
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const found = cursor.at < cursor.text.length ? `\`${shown(cursor.text.charAt(cursor.at))}\`` : "the end";
  return refusal(
    cursor.where,
    "",
    `Not valid JSON at ${place}: expected ${expected}, found ${found}.`,
    REMEDY,
  );
}
