/** From a message of the contract to the items of a COBOL record, with the length of each. Pure and without any text layout. */
import type { ArrayType, Field, FieldType, MapType, Message, StructType } from "../contract/model.js";
import { describeField, describeType } from "./item-comments.js";
import { itemNames, type ItemNames } from "./item-names.js";
import { COUNT, storedAs, type Picture, type ScalarType } from "./picture.js";

/** One data description entry. */
export interface RecordItem {
  /**
   * `data` holds a value; `presence` is 1 or 0 for an optional value; `count` tells how many elements of a list are there;
   * `omitted` is no entry at all, but what COBOL cannot carry: its comments say so.
   */
  readonly role: "data" | "presence" | "count" | "omitted";
  readonly name: string;
  /** What people must know, a paragraph each. */
  readonly comments: readonly string[];
  /** Of an elementary item. */
  readonly picture?: Picture;
  /** A boolean has condition names. */
  readonly isBoolean?: boolean;
  /** Of a list: how many elements there is room for. */
  readonly occurs?: number;
  /** Of a group: the items in it. */
  readonly items: readonly RecordItem[];
  /** Bytes of all occurrences. */
  readonly bytes: number;
}

/** COBOL has level numbers up to 49 and no more than seven OCCURS within one another. */
export const DEEPEST_LEVEL = 49;
export const MOST_DIMENSIONS = 7;

interface Place {
  readonly groups: readonly string[];
  readonly dimensions: number;
  readonly names: ItemNames;
}

/**
 * The record of a message: a group under the message's own name. The room of a list is always all there (no OCCURS DEPENDING
 * ON), so that every item has the same place in every record.
 */
export function recordLayout(message: Message): RecordItem {
  const names = itemNames();
  const name = names.give(message.name, [], false);
  return group(name, [], messageItems(message, { groups: [name], dimensions: 0, names }));
}

function messageItems(message: Message, place: Place): readonly RecordItem[] {
  return message.fields.flatMap((field) => fieldItems(field, place));
}

function fieldItems(field: Field, place: Place): readonly RecordItem[] {
  const isOptional = !field.required;
  const name = place.names.give(field.xmlName, place.groups, isOptional);
  const comments = describeField(field);
  const data = dataItem(name, field.type, comments, place);
  if (!isOptional) return [data];
  const presence = countItem("presence", name, [...comments, `Optional: ${name}-num is 1, or 0 for absent.`]);
  return [presence, { ...data, comments: data.comments.slice(comments.length) }];
}

function dataItem(
  name: string,
  type: FieldType,
  comments: readonly string[],
  place: Place,
  occurs?: number,
): RecordItem {
  const dimensions = place.dimensions + (occurs === undefined ? 0 : 1);
  const inside = { ...place, groups: [...place.groups, name], dimensions };
  const item = (): RecordItem => {
    switch (type.kind) {
      case "struct":
        return recordGroup(name, type, comments, inside);
      case "array":
        return group(name, comments, listItems(type, inside));
      case "map":
        return group(name, comments, entryItems(type, inside));
      default:
        return scalarItem(name, type, comments);
    }
  };
  // The item's own level number, and one more for what is in a group.
  const isGroup = type.kind === "struct" || type.kind === "array" || type.kind === "map";
  if (inside.groups.length + (isGroup ? 1 : 0) > DEEPEST_LEVEL) {
    return omitted(name, comments, "it is nested too deeply");
  }
  if (dimensions > MOST_DIMENSIONS) {
    return omitted(name, comments, `it is in more than ${MOST_DIMENSIONS} lists within one another`);
  }
  const once = item();
  return occurs === undefined || once.role === "omitted"
    ? once
    : { ...once, occurs, bytes: once.bytes * occurs };
}

function scalarItem(name: string, type: ScalarType, comments: readonly string[]): RecordItem {
  const stored = storedAs(type);
  if ("missing" in stored) return omitted(name, comments, stored.missing);
  return {
    role: "data",
    name,
    comments: [...comments, ...describeType(type)],
    picture: stored,
    ...(type.kind === "boolean" ? { isBoolean: true } : {}),
    items: [],
    bytes: stored.bytes,
  };
}

function recordGroup(
  name: string,
  { message }: StructType,
  comments: readonly string[],
  inside: Place,
): RecordItem {
  return group(name, comments, messageItems(message, inside));
}

function listItems({ itemName, items, maxItems }: ArrayType, place: Place): readonly RecordItem[] {
  const name = place.names.give(itemName, place.groups, true);
  return [
    countItem("count", name, [`${name}-num of ${maxItems} are used.`]),
    dataItem(name, items, [], place, maxItems),
  ];
}

function entryItems({ key, value, maxItems }: MapType, place: Place): readonly RecordItem[] {
  const name = place.names.give("entry", place.groups, true);
  const count = countItem("count", name, [`${name}-num of ${maxItems} are used; each key once.`]);
  if (place.dimensions === MOST_DIMENSIONS) {
    return [count, omitted(name, [], `it is in more than ${MOST_DIMENSIONS} lists within one another`)];
  }
  const inside = { ...place, groups: [...place.groups, name], dimensions: place.dimensions + 1 };
  const parts = [
    dataItem(place.names.give("key", inside.groups, false), key, [], inside),
    dataItem(place.names.give("value", inside.groups, false), value, [], inside),
  ];
  const entry = group(name, [], parts);
  return [
    count,
    entry.role === "omitted" ? entry : { ...entry, occurs: maxItems, bytes: entry.bytes * maxItems },
  ];
}

function countItem(role: "presence" | "count", name: string, comments: readonly string[]): RecordItem {
  return { role, name: `${name}-num`, comments, picture: COUNT, items: [], bytes: COUNT.bytes };
}

/** A group needs something in it; without, it is left out, and what is left out of it keeps its comments. */
function group(name: string, comments: readonly string[], items: readonly RecordItem[]): RecordItem {
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  if (bytes > 0) return { role: "data", name, comments, items, bytes };
  return { ...omitted(name, comments, "nothing is in it that a record can hold"), items };
}

function omitted(name: string, comments: readonly string[], reason: string): RecordItem {
  return {
    role: "omitted",
    name,
    comments: [...comments, `NOT IN THIS RECORD: ${name}, because ${reason}.`],
    items: [],
    bytes: 0,
  };
}
