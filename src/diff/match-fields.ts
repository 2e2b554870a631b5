/** Which field of a message goes on as which. */
import type { Field } from "../contract/model.js";

export interface Pair<F extends Field> {
  readonly before: F;
  readonly after: F;
}

export interface Matched<F extends Field> {
  /** In the order of the message before. */
  readonly pairs: readonly Pair<F>[];
  readonly added: readonly F[];
  readonly removed: readonly F[];
}

/**
 * Pairs the fields of two versions of a message. First by what callers know them by: the number together with a name. A number
 * alone is not enough, because in contracts made without the one before every number after a removed field belongs to another.
 * What is left is paired by source name.
 */
export function matchFields<F extends Field>(before: readonly F[], after: readonly F[]): Matched<F> {
  const byNumber = new Map(after.map((field) => [field.number, field]));
  const bySource = new Map(after.map((field) => [field.source, field]));
  const found = new Map<F, F>();
  const taken = new Set<F>();
  const pair = (one: F, other: F | undefined): void => {
    if (other === undefined || found.has(one) || taken.has(other)) return;
    found.set(one, other);
    taken.add(other);
  };
  for (const field of before) {
    const other = byNumber.get(field.number);
    if (other !== undefined && sharesName(field, other)) pair(field, other);
  }
  for (const field of before) pair(field, bySource.get(field.source));
  return {
    pairs: before.flatMap((field) => {
      const other = found.get(field);
      return other === undefined ? [] : [{ before: field, after: other }];
    }),
    added: after.filter((field) => !taken.has(field)),
    removed: before.filter((field) => !found.has(field)),
  };
}

function sharesName(a: Field, b: Field): boolean {
  return a.source === b.source || a.protoName === b.protoName || a.xmlName === b.xmlName;
}
