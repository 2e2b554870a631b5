/** One digest over everything that callers depend on, so that two contracts can be compared at a glance. */
import { createHash } from "node:crypto";
import type { Field, FieldType, Message, RequestField, Service } from "../contract/model.js";
import { namedTypes } from "../contract/named-types.js";
import { encodeJson } from "../json/encode.js";

/**
 * `sha256:…` of names, numbers, types, facets, presence, defaults and limits, in their order. Documentation, the artifact's own
 * spelling and what has been removed do not count: they change nothing for a caller.
 */
export function interfaceHash(service: Service): string {
  const { alias, major, operation, single } = service;
  const { request, response } = operation;
  const parts = [
    alias,
    major,
    single?.name ?? null,
    messageKey(request),
    messageKey(response),
    ...namedTypes(service).map((named) => {
      if (named.kind === "record") return messageKey(named.message);
      if (named.kind === "list") {
        const { name, items, itemName, maxItems } = named.type;
        return [name, typeKey(items), itemName, maxItems];
      }
      const { name, entryName, key, value, maxItems } = named.type;
      return [name, entryName, typeKey(key), typeKey(value), maxItems];
    }),
  ];
  return `sha256:${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}

function messageKey({ name, fields }: Message): unknown {
  return [name, fields.map(fieldKey)];
}

function fieldKey(field: Field | RequestField): unknown {
  const { source, xmlName, protoName, number, type, required } = field;
  const fallback = field.default === undefined ? null : encodeJson(field.default);
  return [
    source,
    xmlName,
    protoName,
    number,
    typeKey(type),
    required,
    fallback,
    "role" in field ? field.role : null,
  ];
}

function typeKey(type: FieldType): unknown {
  if (type.kind === "struct") return type.message.name;
  if (type.kind === "array" || type.kind === "map") return type.name;
  return Object.entries(type).sort(([a], [b]) => (a < b ? -1 : 1));
}
