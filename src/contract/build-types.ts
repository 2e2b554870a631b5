/** From the artifact's types to the contract's, with the names and facets that they had in the version before. */
import { parseDataType, type DataType } from "../artifact/data-type.js";
import { spellType } from "../artifact/spell-type.js";
import { DataTypeError } from "../artifact/type-scanner.js";
import { inherit } from "./carry-over.js";
import type { Field, FieldType, Message } from "./model.js";
import { typeNames, type NameGiver } from "./names.js";

/** Most rows of a table, unless the contract lock says otherwise. */
export const DEFAULT_MAX_ROWS = 1000;
/** Most elements of a list or map inside a row. */
export const DEFAULT_MAX_ITEMS = 1000;

/** The types of one contract while it is built. */
export interface TypeRegistry {
  readonly names: NameGiver;
  /**
   * Lists and maps without records, by field and by what they are made of. Equal ones share a type, so that a caller can send
   * back what it has got: the context of a conversation. Records are not shared: each may be given fields of its own some day.
   */
  readonly shared: Map<string, FieldType>;
  /** Whether descriptions and notes stay as they were, where there were any. */
  readonly keepTexts: boolean;
}

export function typeRegistry(keepTexts: boolean): TypeRegistry {
  return { names: typeNames(), shared: new Map(), keepTexts };
}

/** What a type is made from. */
export interface TypeSource {
  readonly type: DataType;
  /** The artifact's name of the field. */
  readonly field: string;
  /** What the names of the type's own types are made from. */
  readonly wish: string;
  /** `row`: a list of records stands for rows. */
  readonly itemName: "row" | "item";
  /** The type in the version before, if there was one. */
  readonly before: FieldType | undefined;
  /** Whether the artifact spells the same type as then: only then the facets of the lock say more than it does. */
  readonly isSame: boolean;
}

export function buildType(source: TypeSource, registry: TypeRegistry): FieldType {
  const { type, wish } = source;
  switch (type.kind) {
    case "array":
    case "map":
      return collectionType(source, registry);
    case "struct": {
      const before = source.before?.kind === "struct" ? source.before.message : undefined;
      const name = before?.name ?? registry.names.give(wish, "Record");
      return { kind: "struct", message: recordMessage(type, { name, wish, before }, registry) };
    }
    case "numerical":
      return withFacets({ kind: "double" }, source);
    case "any":
      // `stateTypes` has refused what nobody has stated a type of.
      return { kind: "dynamic" };
    default:
      return withFacets(type, source);
  }
}

/** Whether two spellings mean one type. What cannot be read, in a lock that somebody has edited, is not the same. */
export function isSameType(type: DataType, spelledBefore: string | undefined): boolean {
  if (spelledBefore === undefined) return false;
  try {
    return spellType(type) === spellType(parseDataType(spelledBefore));
  } catch (error) {
    if (error instanceof DataTypeError) return false;
    throw error;
  }
}

/** A scalar with the facets that the lock has given it; those that the artifact itself states anew count more. */
function withFacets(stated: FieldType, { before, isSame }: TypeSource): FieldType {
  if (before?.kind !== stated.kind) return stated;
  return isSame ? before : { ...before, ...stated };
}

function collectionType(source: TypeSource, registry: TypeRegistry): FieldType {
  const { type, field, before, isSame, itemName } = source;
  if (hasRecord(type)) return namedCollection(source, registry);
  const maxItems = itemName === "row" ? DEFAULT_MAX_ROWS : DEFAULT_MAX_ITEMS;
  const key = `${field} ${maxItems} ${spellType(type)}`;
  if (isSame && before?.kind === type.kind) {
    registry.shared.set(key, before);
    return before;
  }
  const known = registry.shared.get(key);
  if (known !== undefined) return known;
  const built = namedCollection({ ...source, before: undefined }, registry);
  registry.shared.set(key, built);
  return built;
}

function namedCollection(source: TypeSource, registry: TypeRegistry): FieldType {
  const { type, field, wish, itemName, isSame } = source;
  const { names } = registry;
  const part = (partType: DataType, name: string, before: FieldType | undefined): FieldType =>
    buildType({ type: partType, field, wish: `${wish} ${name}`, itemName: "item", before, isSame }, registry);
  if (type.kind === "array") {
    const before = source.before?.kind === "array" ? source.before : undefined;
    const isRows = itemName === "row" && type.items.kind === "struct";
    return {
      kind: "array",
      name: before?.name ?? names.give(isRows ? `${wish} Table` : wish, "List"),
      items: part(type.items, itemName, before?.items),
      itemName: isRows ? "row" : "item",
      maxItems: before?.maxItems ?? (itemName === "row" ? DEFAULT_MAX_ROWS : DEFAULT_MAX_ITEMS),
    };
  }
  if (type.kind !== "map") return buildType(source, registry);
  const before = source.before?.kind === "map" ? source.before : undefined;
  return {
    kind: "map",
    name: before?.name ?? names.give(wish, "Map"),
    entryName: before?.entryName ?? names.give(`${wish} Entry`, "Entry"),
    key: part(type.key, "Key", before?.key),
    value: part(type.value, "Value", before?.value),
    maxItems: before?.maxItems ?? DEFAULT_MAX_ITEMS,
  };
}

function hasRecord(type: DataType): boolean {
  if (type.kind === "array") return hasRecord(type.items);
  return type.kind === "map" ? hasRecord(type.value) : type.kind === "struct";
}

interface RecordNames {
  readonly name: string;
  readonly wish: string;
  readonly before: Message | undefined;
}

function recordMessage(
  type: Extract<DataType, { kind: "struct" }>,
  { name, wish, before }: RecordNames,
  registry: TypeRegistry,
): Message {
  const heritage = inherit(before);
  const fields = type.fields.map((field, position): Field => {
    const { wire, before: heir } = heritage.identify(field.name, "field");
    const source: TypeSource = {
      type: field.type,
      field: field.name,
      wish: `${wish} ${field.name}`,
      itemName: "item",
      before: heir?.type,
      isSame: isSameType(field.type, heir?.spelledType),
    };
    return {
      source: field.name,
      ...wire,
      type: buildType(source, registry),
      // The platform's structs are `total=False`: any field may be absent.
      required: false,
      description: heir?.description ?? "",
      notes: heir?.notes ?? {},
      position,
      spelledType: spellType(field.type),
    };
  });
  return { name, description: before?.description ?? "", ...heritage.settle(fields) };
}
