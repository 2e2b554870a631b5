/** Exact values to JSON text: what `run` prints. Records by the artifact's own names. */
import { enclosed } from "../json-text.js";
import { CalendarDate, DateTime, Decimal, type Value } from "../values.js";

/**
 * JSON text of one value. Decimals, dates and what JSON has no number for are strings; integers are numbers with
 * every digit.
 */
export function encodeJson(value: Value, indent = "", margin = ""): string {
  if (value === null) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate) {
    return JSON.stringify(value.text);
  }
  const inner = margin + indent;
  if (Array.isArray(value)) {
    return enclosed(
      "[",
      value.map((item) => encodeJson(item, indent, inner)),
      "]",
      indent,
      margin,
    );
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const members = entries.map(([key, item]) => {
    return `${JSON.stringify(keyText(key))}:${indent === "" ? "" : " "}${encodeJson(item, indent, inner)}`;
  });
  return enclosed("{", members, "}", indent, margin);
}

function encodeNumber(value: number): string {
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value > 0 ? '"INF"' : '"-INF"';
  if (Object.is(value, -0)) return "-0.0";
  // A float stays one to whoever reads the text in a language that tells floats from integers.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function keyText(key: Value): string {
  return typeof key === "string" ? key : encodeJson(key).replace(/^"|"$/g, "");
}
