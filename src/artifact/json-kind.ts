/** What kind of JSON value something is. */
import { isJsonObject } from "../strict-json.js";

/** In the words of a message. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isJsonObject(value)) return "an object";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "a truth value" : "a number";
}

/** True for a list or an object. */
export function isContainer(value: unknown): boolean {
  return Array.isArray(value) || isJsonObject(value);
}

/** True for a list or an object with nothing in it. */
export function isEmptyContainer(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}
