/** A JSON document under construction: objects are Maps, so that members keep their order whatever their names are. */
import type { Value } from "../values.js";

export type Schema = Map<Value, Value>;

/** An object of the members that are there, in the order given. Whole numbers are `bigint`. */
export function objectOf(members: Readonly<Record<string, Value | undefined>>): Schema {
  const present: [Value, Value][] = [];
  for (const [name, value] of Object.entries(members)) if (value !== undefined) present.push([name, value]);
  return new Map(present);
}

/** A text for people with every half surrogate pair replaced: readers of JSON refuse them. Nothing for an empty one. */
export function describing(text: string): string | undefined {
  return text === "" ? undefined : text.toWellFormed();
}

/** A reference to a schema of the document. */
export function referenceTo(name: string): Schema {
  return objectOf({ $ref: `#/components/schemas/${name}` });
}

/** The same schema for a value that may also be null. */
export function nullable(schema: Schema): Schema {
  const type = schema.get("type");
  const values = schema.get("enum");
  const choices = schema.get("anyOf");
  if (Array.isArray(choices)) return objectOf({ anyOf: [...choices, NULL] });
  if (typeof type !== "string") return objectOf({ anyOf: [schema, NULL] });
  const copy = new Map(schema).set("type", [type, "null"]);
  return Array.isArray(values) ? copy.set("enum", [...values, null]) : copy;
}

const NULL = objectOf({ type: "null" });
