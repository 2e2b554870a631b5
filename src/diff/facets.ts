/** How the values that the facets of a type admit have changed. */
import type { Bounds, FieldType } from "../contract/model.js";
import { compareDecimals } from "../decimals.js";

/** `widened`: more values than before. `narrowed`: fewer. `moved`: some have come and some have gone. */
export type Shift = "widened" | "narrowed" | "moved";

export interface FacetChange {
  readonly kind:
    | `length_${Exclude<Shift, "moved">}`
    | `digits_${Shift}`
    | `bounds_${Shift}`
    | `values_${Shift}`
    | `items_${Exclude<Shift, "moved">}`
    | "documentation_changed";
  readonly before: string;
  readonly after: string;
}

/** The changes of the facets of two types of one kind; of types of different kinds none. */
export function compareFacets(before: FieldType, after: FieldType): readonly FacetChange[] {
  if (before.kind === "string" && after.kind === "string") {
    return [...lengths(before.maxLength, after.maxLength), ...values(before.allowed, after.allowed)];
  }
  if (before.kind === "integer" && after.kind === "integer") {
    return [...digits(before.totalDigits, 0, after.totalDigits, 0), ...bounds(before, after)];
  }
  if (
    (before.kind === "double" && after.kind === "double") ||
    (before.kind === "decimal" && after.kind === "decimal")
  ) {
    return [
      ...digits(before.totalDigits, before.fractionDigits, after.totalDigits, after.fractionDigits),
      ...bounds(before, after),
    ];
  }
  if (
    (before.kind === "array" && after.kind === "array") ||
    (before.kind === "map" && after.kind === "map")
  ) {
    return items(before.maxItems, after.maxItems);
  }
  return [];
}

function lengths(before: number | undefined, after: number | undefined): FacetChange[] {
  const order = Math.sign((after ?? Infinity) - (before ?? Infinity));
  if (before === after) return [];
  const text = (length: number | undefined): string =>
    length === undefined ? "any length" : `at most ${length} characters`;
  return [
    { kind: order > 0 ? "length_widened" : "length_narrowed", before: text(before), after: text(after) },
  ];
}

function items(before: number, after: number): FacetChange[] {
  if (before === after) return [];
  const kind = after > before ? "items_widened" : "items_narrowed";
  return [{ kind, before: `at most ${before} items`, after: `at most ${after} items` }];
}

/** A value fits when it has no more digits before the point and no more behind it; so each count by itself can only shut out. */
function digits(
  total: number | undefined,
  fraction: number | undefined,
  newTotal: number | undefined,
  newFraction: number | undefined,
): FacetChange[] {
  const shift = shiftOf([
    Math.sign(wholeDigits(newTotal, newFraction) - wholeDigits(total, fraction)),
    Math.sign((newFraction ?? Infinity) - (fraction ?? Infinity)),
  ]);
  if (shift === undefined) return [];
  const text = (all: number | undefined, after: number | undefined): string =>
    all === undefined ? "any digits" : `${all} digits, ${after ?? 0} after the point`;
  return [{ kind: `digits_${shift}`, before: text(total, fraction), after: text(newTotal, newFraction) }];
}

function wholeDigits(total: number | undefined, fraction = 0): number {
  return total === undefined ? Infinity : total - fraction;
}

function bounds(before: Bounds, after: Bounds): FacetChange[] {
  const shift = shiftOf([
    // A lower minimum admits more, a lower maximum less.
    compareOptional(before.minimum, after.minimum, -1),
    compareOptional(after.maximum, before.maximum, 1),
  ]);
  if (shift === undefined) return [];
  const text = ({ minimum, maximum }: Bounds): string => `${minimum ?? "any"} to ${maximum ?? "any"}`;
  return [{ kind: `bounds_${shift}`, before: text(before), after: text(after) }];
}

/** Sign of `a - b`; an absent bound is infinite, in the direction of `infinity`. */
function compareOptional(a: string | undefined, b: string | undefined, infinity: number): number {
  if (a === undefined) return b === undefined ? 0 : infinity;
  return b === undefined ? -infinity : compareDecimals(a, b);
}

function values(before: readonly string[] | undefined, after: readonly string[] | undefined): FacetChange[] {
  if (before === undefined && after === undefined) return [];
  const text = (allowed: readonly string[] | undefined): string => allowed?.join(", ") ?? "any value";
  const texts = { before: text(before), after: text(after) };
  const lost = after === undefined ? 0 : countOutside(before, after);
  const won = before === undefined ? 0 : countOutside(after, before);
  const shift = shiftOf([-lost, won]);
  if (shift !== undefined) return [{ kind: `values_${shift}`, ...texts }];
  return texts.before === texts.after ? [] : [{ kind: "documentation_changed", ...texts }];
}

/** How many of `values` are not in `set`; of any values at all, some. */
function countOutside(values: readonly string[] | undefined, set: readonly string[]): number {
  if (values === undefined) return 1;
  const known = new Set(set);
  return values.filter((value) => !known.has(value)).length;
}

/** Above 0: values have come; below: values have gone. Infinity less infinity is no difference. */
function shiftOf(signs: readonly number[]): Shift | undefined {
  const hasWon = signs.some((sign) => sign > 0);
  const hasLost = signs.some((sign) => sign < 0);
  if (hasWon) return hasLost ? "moved" : "widened";
  return hasLost ? "narrowed" : undefined;
}
