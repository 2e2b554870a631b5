/** Which fields of a message are gone, which stay, in which order, and which are new. */
import type { Field, Message } from "../contract/model.js";
import { joinPath } from "../errors.js";
import { describeField } from "./describe.js";
import { matchFields, type Pair } from "./match-fields.js";
import type { Walk } from "./walk.js";

interface MessageOf<F extends Field> extends Message {
  readonly fields: readonly F[];
}

/**
 * @param path of the message, in the artifact's names of before
 * @param compareStaying compares the two versions of a field that stays
 */
export function compareFieldSets<F extends Field>(
  before: MessageOf<F>,
  after: MessageOf<F>,
  path: string,
  walk: Walk,
  compareStaying: (pair: Pair<F>, path: string) => void,
): void {
  const { pairs, added, removed } = matchFields(before.fields, after.fields);
  for (const { number, protoName } of before.reserved) {
    if (isReserved(after, number, protoName)) continue;
    walk.add("reservation_lost", joinPath(path, protoName), `reserved ${number}, ${protoName}`);
  }
  for (const field of removed) {
    const isKept = isReserved(after, field.number, field.protoName);
    const kind = isKept ? "field_removed" : "field_removed_unreserved";
    walk.add(kind, joinPath(path, field.source), describeField(field));
  }
  for (const pair of pairs) compareStaying(pair, joinPath(path, pair.before.source));
  compareOrder(pairs, after, path, walk);
  const isNew = new Set<Field>(added);
  const lastKept = after.fields.findLastIndex((field) => !isNew.has(field));
  for (const [index, field] of after.fields.entries()) {
    if (!isNew.has(field)) continue;
    const optional = index > lastKept ? "field_added" : "field_inserted";
    const kind = field.required ? "field_added_required" : optional;
    walk.add(kind, joinPath(path, field.source), undefined, describeField(field));
  }
}

/** Where fields that stay come in another order, the first place at which they do. */
function compareOrder(pairs: readonly Pair<Field>[], after: Message, path: string, walk: Walk): void {
  const place = new Map(after.fields.map((field, index) => [field, index]));
  const reordered = pairs.toSorted((a, b) => (place.get(a.after) ?? 0) - (place.get(b.after) ?? 0));
  const moved = pairs.findIndex((pair, index) => pair !== reordered[index]);
  if (moved < 0) return;
  walk.add("order_changed", path, pairs[moved]?.before.source, reordered[moved]?.before.source);
}

function isReserved({ reserved }: Message, number: number, protoName: string): boolean {
  return (
    reserved.some((field) => field.number === number) &&
    reserved.some((field) => field.protoName === protoName)
  );
}
