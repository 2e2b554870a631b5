/**
 * Reads a Python literal without running anything: `None`, `True`, `False`, numbers, quoted text, lists, tuples and
 * dicts, nested, as `str()` and `repr()` write them (The Python Language Reference, 2.4 and 6.2).
 */
import { Refusal } from "../errors.js";
import { parseStrictJson, type JsonObject, type JsonValue } from "../strict-json.js";

const DEEPEST = 32;
const LONGEST = 100_000;

const BLANKS = /[ \t\n]*/y;
const WORD = /None|True|False/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?/y;
const TEXT = /'(?:[^'\\\n]|\\[^\n])*'|"(?:[^"\\\n]|\\[^\n])*"/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gsu;

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["None", null],
  ["True", true],
  ["False", false],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
]);

/** Ends the reading of a text that is not a literal; nothing outside this file sees it. */
class NotALiteral extends Error {}

interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * The value as JSON has it, numbers exact, tuples as lists. Undefined when the text is no such literal, nests deeper
 * than 32 levels, is longer than 100,000 characters, or has a dict whose keys are not text or occur twice.
 */
export function readPythonLiteral(text: string): JsonValue | undefined {
  if (text.length > LONGEST) return undefined;
  const cursor: Cursor = { text, at: 0 };
  try {
    const value = readValue(cursor, 1);
    match(cursor, BLANKS);
    return cursor.at === text.length ? value : undefined;
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

function readValue(cursor: Cursor, depth: number): JsonValue {
  if (depth > DEEPEST) throw new NotALiteral();
  if (takes(cursor, "[")) return readItems(cursor, "]", depth).items;
  if (takes(cursor, "{")) return readDict(cursor, depth);
  if (takes(cursor, "(")) return readTuple(cursor, depth);
  const word = WORDS.get(match(cursor, WORD) ?? "");
  if (word !== undefined) return word;
  const text = readText(cursor);
  if (text !== undefined) return text;
  return readNumber(match(cursor, NUMBER));
}

interface Items {
  readonly items: JsonValue[];
  readonly endsWithComma: boolean;
}

function readItems(cursor: Cursor, end: string, depth: number): Items {
  const items: JsonValue[] = [];
  while (!takes(cursor, end)) {
    items.push(readValue(cursor, depth + 1));
    if (takes(cursor, ",")) continue;
    if (takes(cursor, end)) return { items, endsWithComma: false };
    throw new NotALiteral();
  }
  return { items, endsWithComma: items.length > 0 };
}

/** `(1)` is a number in parentheses; `(1,)` is a tuple. */
function readTuple(cursor: Cursor, depth: number): JsonValue {
  const { items, endsWithComma } = readItems(cursor, ")", depth);
  const [only] = items;
  return items.length === 1 && only !== undefined && !endsWithComma ? only : items;
}

function readDict(cursor: Cursor, depth: number): JsonValue {
  const dict = Object.create(null) as JsonObject;
  while (!takes(cursor, "}")) {
    const key = readText(cursor);
    if (key === undefined || Object.hasOwn(dict, key) || !takes(cursor, ":")) throw new NotALiteral();
    dict[key] = readValue(cursor, depth + 1);
    if (takes(cursor, ",")) continue;
    if (takes(cursor, "}")) return dict;
    throw new NotALiteral();
  }
  return dict;
}

function readText(cursor: Cursor): string | undefined {
  match(cursor, BLANKS);
  const quoted = match(cursor, TEXT);
  if (quoted === undefined) return undefined;
  const text = quoted.slice(1, -1).replace(ESCAPE, unescaped);
  if (/\p{Surrogate}/u.test(text)) throw new NotALiteral();
  return text;
}

function unescaped(_: string, x?: string, u?: string, long?: string, one?: string): string {
  const code = Number.parseInt(x ?? u ?? long ?? "", 16);
  if (code > 0x10ffff) throw new NotALiteral();
  const character = one === undefined ? String.fromCodePoint(code) : ESCAPES.get(one);
  if (character === undefined) throw new NotALiteral();
  return character;
}

/** Exactly as a number in a JSON file is read. */
function readNumber(literal: string | undefined): JsonValue {
  if (literal === undefined) throw new NotALiteral();
  try {
    return parseStrictJson(Buffer.from(literal), "");
  } catch (error) {
    throw error instanceof Refusal ? new NotALiteral() : error;
  }
}

function takes(cursor: Cursor, mark: string): boolean {
  match(cursor, BLANKS);
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
