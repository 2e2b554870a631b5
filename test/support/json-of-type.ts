/**
 * Sample JSON to the messages of a foreign client and back, by the names and types of a contract. Written apart from
 * the gateway's own decoders and encoders, because it is what they are compared with.
 */
import type { FieldType, Message } from "../../src/contract/model.js";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type JsonObject = Record<string, Json>;

/** JSON without the members that are null: absent and null are the same to a caller. */
export function withoutNulls(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutNulls);
  if (json === null || typeof json !== "object") return json;
  const members = Object.entries(json).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

/** A member of a JSON object, `undefined` when it is absent or null; `__proto__` is a name like any other. */
export function memberOf(json: Json, name: string): Json | undefined {
  const object = objectOf(json);
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

export function objectOf(json: Json): JsonObject {
  if (json === null || typeof json !== "object" || Array.isArray(json))
    throw new TypeError("expected a JSON object");
  return json;
}

export function listOf(json: Json): Json[] {
  if (!Array.isArray(json)) throw new TypeError("expected a JSON array");
  return json;
}

/** A scalar as text. */
export function textOf(json: Json): string {
  if (typeof json === "string") return json;
  if (typeof json === "number" || typeof json === "boolean") return String(json);
  throw new TypeError("expected a JSON scalar");
}

/** Walks a JSON object by a message; `visit` is called for each field that is there, in the order of the contract. */
export function eachField<T>(
  message: Message,
  json: Json,
  visit: (field: Message["fields"][number], member: Json) => T,
): T[] {
  return message.fields.flatMap((field) => {
    const member = memberOf(json, field.source);
    return member === undefined ? [] : [visit(field, member)];
  });
}

/** The name of a type that a test cannot speak. */
export function unsupported(type: FieldType): never {
  throw new TypeError(`no test client for ${type.kind}`);
}
