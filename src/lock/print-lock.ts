/** The lock file as text: one line for each field, so that a review shows what has changed and nothing else. */
import { Decimal } from "../values.js";
import type { ContractLock } from "./lock-schema.js";

/** Lists whose members stand on one line each. */
const LINES = new Set(["fields", "reserved", "allowed", "allowedValues", "evidence"]);

/** The same lock gives the same bytes; members stand in the order of the schema. */
export function printLock(lock: ContractLock): string {
  return `${print(lock, "")}\n`;
}

function print(value: unknown, margin: string): string {
  const inner = `${margin}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + print(item, inner)).join(",\n")}\n${margin}]`;
  }
  if (!isObject(value)) return printScalar(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${inner}${JSON.stringify(key)}: ${printMember(key, member, inner)}`);
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${margin}}`;
}

function printMember(key: string, value: unknown, margin: string): string {
  if (!LINES.has(key) || !Array.isArray(value) || value.length === 0) return print(value, margin);
  const inner = `${margin}  `;
  return `[\n${value.map((item) => inner + printLine(item)).join(",\n")}\n${margin}]`;
}

function printLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printLine).join(", ")}]`;
  if (!isObject(value)) return printScalar(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}: ${printLine(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Numbers as they were read: a long integer keeps its digits. */
function printScalar(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Decimal) return value.text;
  return JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(value instanceof Decimal);
}
