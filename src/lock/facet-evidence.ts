/** What samples say of the size of each value: the longest text, the widest number, the longest list. */
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import { Decimal, isStruct, type Struct, type Value } from "../values.js";

/** One call as it was tried: what went in and, when it answered, what came out. */
export interface FacetSample {
  readonly inputs: Struct;
  readonly result?: Value;
}

/** What has been seen at one place of the contract. */
export interface Seen {
  /** How many values, of them so many from samples; the others are defaults, bounds and documented values. */
  readonly values: number;
  readonly samples: number;
  /** Most characters of a text, most elements of a list. */
  readonly longest: number;
  /** Most digits before and after the point. */
  readonly whole: number;
  readonly fraction: number;
  /** Whether there was NaN or an infinity, which no number of digits can write. */
  readonly isUnbounded: boolean;
}

/**
 * What has been seen, by slot: the name of the type that holds the value and the member in it. A type that stands in several
 * places has one slot, so that its facets hold in all of them.
 */
export type Evidence = ReadonlyMap<string, Seen>;

const NOTHING: Seen = { values: 0, samples: 0, longest: 0, whole: 0, fraction: 0, isUnbounded: false };

export const NO_EVIDENCE = NOTHING;

/** The slot of a field. */
export function fieldSlot({ name }: Message, { source }: Field): string {
  return `${name}.${source}`;
}

/** The slot of what a list or map holds; `member` is `item`, `key` or `value`. */
export function innerSlot(typeName: string, member: "item" | "key" | "value"): string {
  return `${typeName} ${member}`;
}

/** The slot of the type itself: one with a name has the same one wherever it stands. */
export function typeSlot(type: FieldType, slot: string): string {
  return type.kind === "array" || type.kind === "map" ? type.name : slot;
}

/** Everything that samples, defaults, bounds and documented values say. */
export function gatherEvidence({ operation }: Service, samples: readonly FacetSample[]): Evidence {
  const found = new Map<string, Seen>();
  const add = (slot: string, seen: Partial<Seen>): void => {
    const before = found.get(slot) ?? NOTHING;
    found.set(slot, {
      values: before.values + 1,
      samples: before.samples + (seen.samples ?? 0),
      longest: Math.max(before.longest, seen.longest ?? 0),
      whole: Math.max(before.whole, seen.whole ?? 0),
      fraction: Math.max(before.fraction, seen.fraction ?? 0),
      isUnbounded: before.isUnbounded || seen.isUnbounded === true,
    });
  };
  const visit = (type: FieldType, value: Value | undefined, slot: string, samples: 0 | 1): void => {
    if (value === undefined || value === null) return;
    if (type.kind === "struct") {
      if (isStruct(value)) visitMembers(type.message, value, samples);
    } else if (type.kind === "array") {
      if (!Array.isArray(value)) return;
      add(type.name, { samples, longest: value.length });
      for (const item of value) visit(type.items, item, innerSlot(type.name, "item"), samples);
    } else if (type.kind === "map") {
      if (!(value instanceof Map)) return;
      add(type.name, { samples, longest: value.size });
      for (const [key, one] of value) {
        visit(type.key, key, innerSlot(type.name, "key"), samples);
        visit(type.value, one, innerSlot(type.name, "value"), samples);
      }
    } else {
      add(slot, { samples, ...measure(value) });
    }
  };
  const visitMembers = (message: Message, struct: Struct, samples: 0 | 1): void => {
    for (const field of message.fields)
      visit(field.type, struct[field.source], fieldSlot(message, field), samples);
  };
  const visitStated = (message: Message): void => {
    for (const field of message.fields) {
      const slot = fieldSlot(message, field);
      visit(field.type, field.default, slot, 0);
      for (const value of statedValues(field)) visit(field.type, value, slot, 0);
      visitInside(field.type);
    }
  };
  const visitInside = (type: FieldType): void => {
    if (type.kind === "struct") visitStated(type.message);
    else if (type.kind === "array") visitInside(type.items);
    else if (type.kind === "map") visitInside(type.value);
  };
  visitStated(operation.request);
  visitStated(operation.response);
  const [result] = operation.response.fields;
  for (const sample of samples) {
    visitMembers(operation.request, sample.inputs, 1);
    visit(result.type, sample.result, fieldSlot(operation.response, result), 1);
  }
  return found;
}

/** Documented values of a text, bounds of a number. */
function statedValues({ type, notes }: Field): readonly Value[] {
  if (type.kind === "string") return notes.allowedValues ?? [];
  if (type.kind !== "double" && type.kind !== "decimal" && type.kind !== "integer") return [];
  return [type.minimum, type.maximum].filter((text) => text !== undefined).map((text) => new Decimal(text));
}

function measure(value: Value): Partial<Seen> {
  if (typeof value === "string") return { longest: Array.from(value).length };
  if (typeof value === "bigint") return digitsOf(String(value));
  if (value instanceof Decimal) return digitsOf(value.text);
  if (typeof value === "number")
    return Number.isFinite(value) ? digitsOf(plainText(value)) : { isUnbounded: true };
  return {};
}

/** Digits of a numeral without an exponent; zeros that say nothing do not count. */
function digitsOf(text: string): Pick<Seen, "whole" | "fraction"> {
  const [whole = "", fraction = ""] = text.replace(/^[+-]/, "").split(".");
  return { whole: whole.replace(/^0+/, "").length, fraction: fraction.replace(/0+$/, "").length };
}

/** The shortest numeral that reads back as the same double, written without its exponent. */
function plainText(value: number): string {
  const [digits = "", exponent] = String(Math.abs(value)).split("e");
  if (exponent === undefined) return digits;
  const [whole = "", fraction = ""] = digits.split(".");
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  if (point <= 0) return `0.${"0".repeat(-point)}${all}`;
  return point >= all.length ? all.padEnd(point, "0") : `${all.slice(0, point)}.${all.slice(point)}`;
}
