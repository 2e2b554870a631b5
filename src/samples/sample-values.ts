/**
 * One request and one answer that a contract allows, for people who want to see what a call looks like. Every value is made
 * from its type, facets and notes, so that equal contracts have equal samples; none comes from real data.
 */
import { compileFacetCheck } from "../contract/facets.js";
import type { Field, FieldNotes, FieldType, Message, StringType } from "../contract/model.js";
import { parseDecimal, parseInteger } from "../lexical.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Struct, type Value } from "../values.js";
import { isXmlText } from "../xml-printer.js";
import { sampleNumber } from "./sample-numbers.js";

/** A record with every field, optional ones too; one row in each table, one element in each list. */
export function sampleRecord({ fields }: Pick<Message, "fields">): Struct {
  const struct = newStruct();
  for (const field of fields) struct[field.source] = sampleOf(field);
  return struct;
}

function sampleOf({ type, notes, default: fallback }: Field): Value {
  // A list or a map that is empty by default would not show what it is made of.
  const isShown = fallback !== undefined && fallback !== null && isPlain(fallback);
  const candidates = [...(isShown ? [fallback] : []), ...documentedValues(type, notes)];
  const check = compileFacetCheck(type);
  return candidates.find((value) => check?.(value) === undefined) ?? sampleValue(type);
}

/** One value that every protocol can carry. */
function isPlain(value: Value): boolean {
  if (typeof value === "string") return isXmlText(value);
  if (typeof value === "number") return Number.isFinite(value);
  return (
    typeof value !== "object" ||
    value instanceof Decimal ||
    value instanceof DateTime ||
    value instanceof CalendarDate
  );
}

function sampleValue(type: FieldType): Value {
  switch (type.kind) {
    case "string":
      return sampleText(type);
    case "boolean":
      return true;
    case "double":
      return Number(sampleNumber(type));
    case "integer":
      return BigInt(sampleNumber(type));
    case "decimal":
      return new Decimal(sampleNumber(type));
    case "datetime":
      return new DateTime("2026-01-31T10:00:00");
    case "date":
      return new CalendarDate("2026-01-31");
    case "array":
      return type.maxItems === 0 ? [] : [sampleValue(type.items)];
    case "map":
      return type.maxItems === 0 ? new Map() : new Map([[sampleValue(type.key), sampleValue(type.value)]]);
    case "struct":
      return sampleRecord(type.message);
    case "dynamic":
      return sampleDynamic();
  }
}

/** The first allowed value that fits and that every protocol can carry; else a word, cut to the length that there is. */
function sampleText({ allowed, maxLength = Number.MAX_SAFE_INTEGER }: StringType): string {
  if (allowed === undefined) return "text".slice(0, maxLength);
  const carried = allowed.filter(isXmlText);
  return carried.find(({ length }) => length <= maxLength) ?? carried[0] ?? allowed[0] ?? "";
}

/** The values that are documented for the field, as far as they are of its type. */
function documentedValues(type: FieldType, { allowedValues = [] }: FieldNotes): readonly Value[] {
  return allowedValues.map((text) => valueOfText(type, text)).filter((value) => value !== undefined);
}

function valueOfText({ kind }: FieldType, text: string): Value | undefined {
  if (kind === "string") return isXmlText(text) ? text : undefined;
  if (kind === "integer") return parseInteger(text);
  const decimal = parseDecimal(text);
  if (kind === "decimal") return decimal;
  return kind === "double" && decimal !== undefined ? Number(decimal.text) : undefined;
}

/** Something that stands for data of which nothing is known. */
function sampleDynamic(): Value {
  const struct = newStruct();
  struct["output"] = "text";
  return struct;
}
