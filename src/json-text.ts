/** JSON values, exact as `strict-json.ts` reads them, back to text. */
import { isJsonObject } from "./strict-json.js";
import { Decimal } from "./values.js";

/** Plain data that is only written: what `parseStrictJson` returns, and objects and lists of it. */
export type JsonReport = Readonly<Record<string, unknown>>;

/** Steers a terminal that prints the text, or hides in it: JSON can always spell it as an escape. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * JSON text with every digit of every number. Members that are undefined are left out. Control and direction-changing
 * characters are escaped, so that the text can be printed anywhere.
 * @param value plain data; nothing that refers to itself
 * @param indent of each level; without it everything is on one line
 * @throws TypeError for what JSON has no form for: a function, a Map, NaN
 */
export function writeJson(value: unknown, indent = "", margin = ""): string {
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return writeString(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (value instanceof Decimal) return value.text;
  const inner = margin + indent;
  if (Array.isArray(value)) {
    const items = value.map((item) => writeJson(item, indent, inner));
    return enclosed("[", items, "]", indent, margin);
  }
  if (!isJsonObject(value) || value instanceof Map) throw new TypeError("JSON has no form for this value");
  const colon = indent === "" ? ":" : ": ";
  const members = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [writeString(key) + colon + writeJson(item, indent, inner)],
  );
  return enclosed("{", members, "}", indent, margin);
}

function writeString(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** Parts of a list or an object between its brackets: on lines of their own, unless `indent` is empty. */
export function enclosed(
  open: string,
  parts: readonly string[],
  close: string,
  indent: string,
  margin: string,
): string {
  if (parts.length === 0 || indent === "") return open + parts.join(",") + close;
  const line = `\n${margin}${indent}`;
  return `${open}${line}${parts.join(`,${line}`)}\n${margin}${close}`;
}
