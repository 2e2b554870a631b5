/** Elements of tensors as values of the contract: nothing is rounded, and what would be is refused. */
import { compileFacetCheck } from "../contract/facets.js";
import type { FieldType } from "../contract/model.js";
import { Refusal } from "../errors.js";
import { valueFromJson, type ViolationSink } from "../json/decode.js";
import { MAX_INTEGER, MIN_INTEGER, parseDate, parseDateTime, parseDecimal } from "../lexical.js";
import { parseStrictJson } from "../strict-json.js";
import type { Value } from "../values.js";
import type { Element } from "./datatypes.js";
import { ElementError } from "./elements.js";

/** @throws ElementError for an element that is no value of the type */
export type CellReader = (element: Element) => Value;

/** The reader of a type's values, its facets included. Its elements are of a datatype that `ACCEPTED` has for the type. */
export function compileCellReader(type: FieldType): CellReader {
  const read = compileRead(type);
  const check = compileFacetCheck(type);
  if (check === undefined) return read;
  return (element) => {
    const value = read(element);
    const wrong = check(value);
    if (wrong !== undefined) throw new ElementError(wrong);
    return value;
  };
}

function compileRead(type: FieldType): CellReader {
  switch (type.kind) {
    case "string":
    case "boolean":
      return (element) => element;
    case "double":
      return readDouble;
    case "integer":
      return readInteger;
    case "decimal":
      return (element) =>
        parseDecimal(String(element)) ?? refuse("Must be a decimal number in digits, without an exponent.");
    case "date":
      return (element) => parseDate(String(element)) ?? refuse("Must be a date such as 2026-01-31.");
    case "datetime":
      return (element) =>
        parseDateTime(String(element)) ??
        refuse("Must be a date and time such as 2026-01-31T10:00:00, with at most six fraction digits.");
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return (element) => readJson(type, String(element));
  }
}

function readDouble(element: Element): Value {
  if (typeof element !== "bigint") return element;
  const double = Number(element);
  return BigInt(double) === element ? double : refuse("Must be a number that FP64 holds exactly.");
}

function readInteger(element: Element): Value {
  const integer = typeof element === "bigint" ? element : BigInt(element);
  if (integer >= MIN_INTEGER && integer <= MAX_INTEGER) return integer;
  return refuse("Must be within the range of INT64.");
}

/** The first fault ends the reading. Its path is left out: the keys of maps in it are the caller's own. */
const FIRST_FAULT: ViolationSink = {
  push({ message }) {
    return refuse(`The JSON is not of the declared type. ${message}`);
  },
};

function readJson(type: FieldType, text: string): Value {
  return valueFromJson(type, jsonOf(text), "", FIRST_FAULT) ?? null;
}

function jsonOf(text: string): ReturnType<typeof parseStrictJson> {
  try {
    return parseStrictJson(Buffer.from(text), "");
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return refuse("Must be JSON text, at most 64 levels deep and without a key twice in one object.");
  }
}

function refuse(message: string): never {
  throw new ElementError(message);
}
