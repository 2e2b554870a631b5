/** Members of JSON objects whose spelling is not known for certain. */
import type { JsonObject, JsonValue } from "../strict-json.js";

/** The first member that is text, or a number, which is written as text. */
export function firstText(content: JsonObject, keys: readonly string[]): string | undefined {
  return keys.flatMap((key) => textsOf(content[key]))[0];
}

/** A text, a number as text, or those in a list; nothing of anything else. */
export function textsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  return Array.isArray(value) ? value.flatMap((item) => (Array.isArray(item) ? [] : textsOf(item))) : [];
}
