/** Samples as objects under the XML names, as node-soap and PHP take and give them. */
import type { FieldType, Message } from "../../src/contract/model.js";
import { eachField, listOf, objectOf, textOf, type Json } from "../support/json-of-type.js";

/** How a scalar is written. */
type Leaf = (type: FieldType, json: Json) => Json;

const asIs: Leaf = (type, json) => (type.kind === "datetime" ? `${textOf(json)}Z` : json);

/** One object for sample JSON: lists under `row` or `item`, maps as entries, in the order of the WSDL. */
export function toXmlShape(message: Message, json: Json, leaf: Leaf = asIs): Json {
  return Object.fromEntries(
    eachField(message, json, ({ xmlName, type }, member) => [xmlName, shapeOf(type, member, leaf)] as const),
  );
}

/** One value so. A list without elements is an empty object, because its XML is an empty element. */
export function shapeOf(type: FieldType, json: Json, leaf: Leaf = asIs): Json {
  switch (type.kind) {
    case "array":
      return repeated(
        type.itemName,
        listOf(json).map((item) => shapeOf(type.items, item, leaf)),
      );
    case "map":
      return repeated(
        "entry",
        Object.entries(objectOf(json)).map(([key, value]) => ({
          key: leaf(type.key, key),
          value: shapeOf(type.value, value, leaf),
        })),
      );
    case "struct":
      return toXmlShape(type.message, json, leaf);
    default:
      return leaf(type, json);
  }
}

function repeated(name: string, items: Json[]): Json {
  return items.length === 0 ? {} : { [name]: items };
}

/** Entries of a map sorted by key: `main()` gives them in an order of its own, expected files in the alphabet's. */
export function inOrder(json: unknown): unknown {
  if (Array.isArray(json)) {
    const items = json.map(inOrder);
    return items.every(isEntry) ? items.sort((a, b) => (a.key < b.key ? -1 : 1)) : items;
  }
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, inOrder(member)]));
}

function isEntry(json: unknown): json is { readonly key: string } {
  return json !== null && typeof json === "object" && "key" in json && typeof json.key === "string";
}
