/** A dynamic result as JSON text (RFC 8259), with integers and decimals in full and floats told apart from integers. */
import { GatewayError } from "./errors.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Value } from "./values.js";

/**
 * @param path place of the value, for the error
 * @throws GatewayError `output_invalid` for what JSON cannot hold: NaN, infinities, and two keys with one text
 */
export function printJson(value: Value, path: string): string {
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return printString(value);
  if (typeof value === "number") return printNumber(value, path);
  if (value instanceof Decimal) return value.text;
  if (value instanceof DateTime) return `"${value.text}Z"`;
  if (value instanceof CalendarDate) return `"${value.text}"`;
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => printJson(item, `${path}[${index}]`)).join(",")}]`;
  }
  return printObject(isStruct(value) ? Object.entries(value) : [...value], path);
}

function printObject(entries: readonly (readonly [Value, Value])[], path: string): string {
  const members = new Map<string, string>();
  for (const [key, value] of entries) {
    const name = keyText(key, path);
    if (members.has(name)) throw refuse(path, "two keys that are the same text in JSON");
    members.set(name, printJson(value, `${path}.*`));
  }
  return `{${[...members].map(([name, text]) => `${name}:${text}`).join(",")}}`;
}

function keyText(key: Value, path: string): string {
  if (typeof key === "string") return printString(key);
  const text = printJson(key, path);
  return text.startsWith('"') ? text : printString(text);
}

/** JSON leaves U+FFFE and U+FFFF as they are, and XML cannot carry them; escaped they pass. */
function printString(text: string): string {
  return JSON.stringify(text).replace(/[\uFFFE\uFFFF]/g, (character) =>
    character === "\uFFFE" ? "\\ufffe" : "\\uffff",
  );
}

function printNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw refuse(path, "a number that JSON cannot hold");
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function refuse(path: string, what: string): GatewayError {
  return new GatewayError("output_invalid", `The artifact returned ${what}.`, {
    violations: [{ path, message: "Cannot be written as JSON." }],
    started: true,
  });
}
