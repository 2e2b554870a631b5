/**
 * How the contract's types appear in protobuf. Generator, decoder and encoder ask here, so that what is printed is
 * what is read and written.
 */
import type { ArrayType, Field, FieldType, MapType, Message } from "../contract/model.js";
import type { ElementType, FieldShape, ScalarName } from "./model.js";

/** Types that are one value by themselves. */
export type LeafType = Exclude<FieldType, { readonly kind: "array" | "map" | "struct" }>;

interface Leaf {
  readonly element: ElementType;
  /** The file that declares it, when it is not built in. */
  readonly importPath?: string;
}

/** Scalars where protobuf has an exact one; otherwise Google's common types, which every language has. */
export const LEAF_TYPES = {
  string: { element: { kind: "scalar", name: "string" } },
  boolean: { element: { kind: "scalar", name: "bool" } },
  double: { element: { kind: "scalar", name: "double" } },
  integer: { element: { kind: "scalar", name: "int64" } },
  decimal: message("google.type.Decimal", "google/type/decimal.proto"),
  date: message("google.type.Date", "google/type/date.proto"),
  datetime: message("google.protobuf.Timestamp", "google/protobuf/timestamp.proto"),
  dynamic: message("google.protobuf.Value", "google/protobuf/struct.proto"),
} as const satisfies Record<LeafType["kind"], Leaf>;

function message<const Name extends string, const Path extends string>(name: Name, importPath: Path) {
  return { element: { kind: "message", name }, importPath } as const;
}

/** Key kinds that protobuf allows in `map<K, V>`, and their scalar. */
const MAP_KEYS = new Map<FieldType["kind"], ScalarName>([
  ["string", "string"],
  ["boolean", "bool"],
  ["integer", "int64"],
]);

/**
 * The scalar of a map's key when the map can be a `map<K, V>`: the key is a string, a boolean or an integer and the
 * value is neither list nor map. `undefined` when it has to be a list of entry messages.
 */
export function nativeMapKey(type: MapType): ScalarName | undefined {
  const { kind } = type.value;
  return kind === "array" || kind === "map" ? undefined : MAP_KEYS.get(type.key.kind);
}

/** The shape of a field of this type in a file of `packageName`. */
export function fieldShape(type: FieldType, packageName: string): FieldShape {
  if (type.kind === "array") return { kind: "many", element: elementType(type.items, packageName) };
  if (type.kind !== "map") return { kind: "one", element: elementType(type, packageName) };
  const key = nativeMapKey(type);
  return key === undefined
    ? { kind: "many", element: { kind: "message", name: `${packageName}.${type.entryName}` } }
    : { kind: "map", key, value: elementType(type.value, packageName) };
}

/** A value inside a list or map; a list or map there needs a message around it, because `repeated` does not nest. */
function elementType(type: FieldType, packageName: string): ElementType {
  if (type.kind === "struct") return { kind: "message", name: `${packageName}.${type.message.name}` };
  if (type.kind === "array" || type.kind === "map") {
    return { kind: "message", name: `${packageName}.${type.name}` };
  }
  return LEAF_TYPES[type.kind].element;
}

/**
 * The message around a list or map that is an element of another: one field, number 1. Its source name is empty,
 * because the artifact knows no such step: `matrix[0][1]`, not `matrix[0].items[1]`.
 */
export function wrapperMessage(type: ArrayType | MapType): Message & { readonly fields: readonly [Field] } {
  const name = type.kind === "array" ? "items" : "entries";
  return { name: type.name, description: "", fields: [plainField("", name, 1, type)], reserved: [] };
}

/** One `{key, value}` pair of a map. For a `map<K, V>` it is the entry that protobuf implies, with the same numbers. */
export function entryMessage(type: MapType): Message & { readonly fields: readonly [Field, Field] } {
  const key = plainField("key", "key", 1, type.key);
  const value = plainField("value", "value", 2, type.value);
  return { name: type.entryName, description: "", fields: [key, value], reserved: [] };
}

function plainField(source: string, name: string, number: number, type: FieldType): Field {
  return {
    source,
    xmlName: name,
    protoName: name,
    number,
    type,
    required: true,
    description: "",
    notes: {},
    position: number - 1,
    spelledType: "",
  };
}
