/** Samples as objects under the XML names, as node-soap and PHP take and give them. */
import type { FieldType, Message } from "../../src/contract/model.js";
import { eachField, listOf, objectOf, textOf, type Json } from "../support/json-of-type.js";

/** One object for sample JSON: lists under `row` or `item`, maps as entries, in the order of the WSDL. */
export function toXmlShape(message: Message, json: Json): Json {
  return Object.fromEntries(
    eachField(message, json, ({ xmlName, type }, member) => [xmlName, shapeOf(type, member)] as const),
  );
}

/** One value so. A list without elements is an empty object, because its XML is an empty element. */
export function shapeOf(type: FieldType, json: Json): Json {
  switch (type.kind) {
    case "array":
      return repeated(
        type.itemName,
        listOf(json).map((item) => shapeOf(type.items, item)),
      );
    case "map":
      return repeated(
        "entry",
        Object.entries(objectOf(json)).map(([key, value]) => ({ key, value: shapeOf(type.value, value) })),
      );
    case "struct":
      return toXmlShape(type.message, json);
    case "datetime":
      return `${textOf(json)}Z`;
    default:
      return json;
  }
}

function repeated(name: string, items: Json[]): Json {
  return items.length === 0 ? {} : { [name]: items };
}
