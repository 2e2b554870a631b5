/** How large a reply can become as XML: what a client's quotas are compared with. An estimate, for text in plain ASCII. */
import type { FieldType, Service } from "../contract/model.js";

/** Envelope, Body and the namespace declarations. */
const ENVELOPE_BYTES = 300;
/** Envelope, Body and the wrapper element. */
const ENVELOPE_DEPTH = 3;

/** Bytes of a reply in which everything is there and full; infinite when something has no limit. */
export function replyBytes({ operation }: Service): number {
  const [result] = operation.response.fields;
  return ENVELOPE_BYTES + tags(`${operation.name}Response`) + elementBytes(result.xmlName, result.type);
}

/** How many elements of a reply are within one another, the envelope's included. */
export function deepestElement({ operation }: Service): number {
  return ENVELOPE_DEPTH + elementDepth(operation.response.fields[0].type);
}

function elementBytes(name: string, type: FieldType): number {
  return tags(name) + contentBytes(type);
}

/** `<name></name>`. */
function tags(name: string): number {
  return 2 * name.length + 5;
}

function contentBytes(type: FieldType): number {
  switch (type.kind) {
    case "string":
      return type.allowed === undefined
        ? (type.maxLength ?? Infinity)
        : Math.max(0, ...type.allowed.map((value) => value.length));
    case "boolean":
      return 5;
    case "integer":
      return 1 + (type.totalDigits ?? 19);
    case "double":
      return type.totalDigits === undefined ? 24 : 2 + type.totalDigits;
    case "decimal":
      return type.totalDigits === undefined ? Infinity : 2 + type.totalDigits;
    case "datetime":
      return 27;
    case "date":
      return 10;
    case "dynamic":
      return Infinity;
    case "array":
      return type.maxItems * elementBytes(type.itemName, type.items);
    case "map":
      return (
        type.maxItems * (tags("entry") + elementBytes("key", type.key) + elementBytes("value", type.value))
      );
    case "struct":
      return type.message.fields.reduce((sum, field) => sum + elementBytes(field.xmlName, field.type), 0);
  }
}

/** The element itself and those in it. */
function elementDepth(type: FieldType): number {
  switch (type.kind) {
    case "array":
      return 1 + elementDepth(type.items);
    case "map":
      return 2 + Math.max(elementDepth(type.key), elementDepth(type.value));
    case "struct":
      return 1 + Math.max(0, ...type.message.fields.map((field) => elementDepth(field.type)));
    default:
      return 1;
  }
}
