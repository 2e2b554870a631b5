/** Two versions of a field, with everything inside it. */
import type { ArrayType, Field, FieldType, MapType, Message } from "../contract/model.js";
import { encodeJson } from "../json/encode.js";
import { nativeMapKey } from "../proto/proto-types.js";
import { compareFieldSets } from "./compare-field-sets.js";
import { describeType, documentationOf, presence } from "./describe.js";
import { compareFacets } from "./facets.js";
import type { Pair } from "./match-fields.js";
import type { Walk } from "./walk.js";

/** @param path in the artifact's names of before; `[]` stands for every element of a list or map */
export function compareFields({ before, after }: Pair<Field>, path: string, walk: Walk): void {
  compareIdentities({ before, after }, path, walk);
  if (before.required !== after.required) {
    const kind = after.required ? "became_required" : "became_optional";
    walk.add(kind, path, presence(before), presence(after));
  }
  compareDefaults({ before, after }, path, walk);
  compareTypes(before.type, after.type, path, walk);
  compareTexts(documentationOf(before), documentationOf(after), path, walk);
}

/** The names and the number under which messages carry a field. */
export function compareIdentities({ before, after }: Pair<Field>, path: string, walk: Walk): void {
  if (before.source !== after.source) walk.add("source_renamed", path, before.source, after.source);
  if (before.xmlName !== after.xmlName) walk.add("xml_name_changed", path, before.xmlName, after.xmlName);
  if (before.protoName !== after.protoName) {
    walk.add("proto_name_changed", path, before.protoName, after.protoName);
  }
  if (before.number !== after.number) {
    walk.add("number_changed", path, String(before.number), String(after.number));
  }
}

function compareDefaults({ before, after }: Pair<Field>, path: string, walk: Walk): void {
  const was = before.default === undefined ? undefined : encodeJson(before.default);
  const is = after.default === undefined ? undefined : encodeJson(after.default);
  // What becomes required stands for nothing any more, and says so itself.
  if (was === is || after.required) return;
  walk.add(before.required ? "default_added" : "default_changed", path, was, is);
}

/** @param isElement true for an element of a list, for which protobuf needs a message when it is a list or map itself */
function compareTypes(
  before: FieldType,
  after: FieldType,
  path: string,
  walk: Walk,
  isElement = false,
): void {
  for (const facet of compareFacets(before, after)) walk.add(facet.kind, path, facet.before, facet.after);
  if (before.kind === "struct" && after.kind === "struct") {
    compareRecords(before.message, after.message, path, walk);
  } else if (before.kind === "array" && after.kind === "array") {
    compareLists(before, after, path, walk, isElement);
  } else if (before.kind === "map" && after.kind === "map") {
    compareMaps(before, after, path, walk, isElement);
  } else if (before.kind !== after.kind) {
    walk.add("type_changed", path, describeType(before), describeType(after));
  }
}

function compareRecords(before: Message, after: Message, path: string, walk: Walk): void {
  if (!walk.isNew(before, after)) return;
  compareNames(before.name, after.name, true, path, walk);
  compareTexts(before.description, after.description, path, walk);
  compareFieldSets(before, after, path, walk, (pair, place) => compareFields(pair, place, walk));
}

function compareLists(
  before: ArrayType,
  after: ArrayType,
  path: string,
  walk: Walk,
  isElement: boolean,
): void {
  compareNames(before.name, after.name, isElement, path, walk);
  if (before.itemName !== after.itemName) {
    walk.add("item_name_changed", path, before.itemName, after.itemName);
  }
  compareTypes(before.items, after.items, `${path}[]`, walk, true);
}

function compareMaps(before: MapType, after: MapType, path: string, walk: Walk, isElement: boolean): void {
  compareNames(before.name, after.name, isElement, path, walk);
  // A `map<K, V>` of protobuf has an entry that is named after the field, any other a message of ours.
  const hasEntryMessage = nativeMapKey(before) === undefined;
  compareNames(before.entryName, after.entryName, hasEntryMessage, `${path}[]`, walk);
  compareTypes(before.key, after.key, `${path}[].key`, walk);
  compareTypes(before.value, after.value, `${path}[].value`, walk);
}

/** The names of a type: of a record, a list or a map. */
export function compareNames(
  before: string,
  after: string,
  isProtoMessage: boolean,
  path: string,
  walk: Walk,
): void {
  if (before === after) walk.compared(before);
  else walk.add(isProtoMessage ? "type_renamed" : "list_renamed", path, before, after);
}

export function compareTexts(before: string, after: string, path: string, walk: Walk): void {
  if (before !== after) walk.add("documentation_changed", path, before, after);
}
