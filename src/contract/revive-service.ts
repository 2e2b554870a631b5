/** A contract that was cloned on its way to another thread: its default values get back the classes they had. */
import { CalendarDate, DateTime, Decimal, newStruct, type Value } from "../values.js";
import type { Field, FieldType, Message, Service } from "./model.js";

/** The same service; only the defaults of its request are made anew. */
export function reviveService(service: Service): Service {
  const { operation } = service;
  const fields = operation.request.fields.map((field) => ({ ...field, ...reviveField(field) }));
  return { ...service, operation: { ...operation, request: { ...operation.request, fields } } };
}

function reviveField(field: Field): Field {
  const { default: given, type } = field;
  const revived = { ...field, type: reviveType(type) };
  return given === undefined ? revived : { ...revived, default: reviveValue(type, given) };
}

function reviveType(type: FieldType): FieldType {
  switch (type.kind) {
    case "array":
      return { ...type, items: reviveType(type.items) };
    case "map":
      return { ...type, value: reviveType(type.value) };
    case "struct":
      return { ...type, message: reviveMessage(type.message) };
    default:
      return type;
  }
}

function reviveMessage(message: Message): Message {
  return { ...message, fields: message.fields.map(reviveField) };
}

function reviveValue(type: FieldType, value: Value): Value {
  if (value === null) return null;
  switch (type.kind) {
    case "decimal":
      return new Decimal(textOf(value));
    case "datetime":
      return new DateTime(textOf(value));
    case "date":
      return new CalendarDate(textOf(value));
    case "array":
      return Array.isArray(value) ? value.map((item) => reviveValue(type.items, item)) : value;
    case "map":
      return value instanceof Map
        ? new Map([...value].map(([key, one]) => [reviveValue(type.key, key), reviveValue(type.value, one)]))
        : value;
    case "struct": {
      const struct = newStruct();
      for (const field of type.message.fields) {
        const member = memberOf(value, field.source);
        if (member !== undefined) struct[field.source] = reviveValue(field.type, member);
      }
      return struct;
    }
    default:
      return value;
  }
}

/** A clone has the members of an object, but neither its class nor its lack of a prototype. */
function memberOf(value: Value, name: string): Value | undefined {
  const members = new Map<string, Value>(Object.entries(value ?? {}));
  return members.get(name);
}

function textOf(value: Value): string {
  const text = memberOf(value, "text");
  return typeof text === "string" ? text : "";
}
