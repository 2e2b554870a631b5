/** The payload that a caller sends over SOAP: the mirror of `soap/decode.ts`, for samples. */
import type { FieldType, MapType, Message } from "../contract/model.js";
import type { SoapOperation } from "../contract/soap-names.js";
import { scalarOf } from "../soap/scalars.js";
import { isStruct, type Struct, type Value } from "../values.js";
import { element, escapeText, toXmlText } from "../xml-printer.js";

/**
 * The wrapper element of an operation as XML text. Fields that are absent or null are left out.
 * @throws TypeError for a value that is not of its type
 */
export function encodeSoapRequest(
  namespace: string,
  { name, request }: SoapOperation,
  inputs: Struct,
): string {
  return element(name, printFields(request, inputs), { xmlns: namespace });
}

function printFields({ fields }: Message, record: Struct): string {
  return fields
    .map(({ source, xmlName, type }) => {
      const value = record[source];
      return value === undefined || value === null ? "" : element(xmlName, printValue(type, value));
    })
    .join("");
}

function printValue(type: FieldType, value: Value): string {
  switch (type.kind) {
    case "array":
      if (!Array.isArray(value)) throw notOfType(type);
      return value.map((item) => element(type.itemName, printValue(type.items, item))).join("");
    case "map":
      if (!(value instanceof Map)) throw notOfType(type);
      return [...value].map((entry) => printEntry(type, entry)).join("");
    case "struct":
      if (!isStruct(value)) throw notOfType(type);
      return printFields(type.message, value);
    case "dynamic":
      throw notOfType(type);
    default: {
      const text = scalarOf(type).print(value);
      if (text === undefined) throw notOfType(type);
      return escapeText(toXmlText(text));
    }
  }
}

function printEntry(type: MapType, [key, value]: readonly [Value, Value]): string {
  const parts = element("key", printValue(type.key, key)) + element("value", printValue(type.value, value));
  return element("entry", parts);
}

function notOfType({ kind }: FieldType): TypeError {
  return new TypeError(`The value is not a ${kind} that can be sent.`);
}
