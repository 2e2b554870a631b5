/** The schemas of a contract's messages, records, lists and maps: one component for each type that has a name. */
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import type { Value } from "../values.js";
import { describeField } from "./describe-field.js";
import { keySchema, scalarSchema } from "./scalar-schemas.js";
import { nullable, objectOf, referenceTo, type Schema } from "./schema.js";

/** Only what callers send may be null; the gateway leaves out what is absent. */
type Direction = "request" | "response";

type Components = Map<string, Schema>;

/** Every component that request and answer need, in the order in which a reader meets them. */
export function typeSchemas({ operation }: Service): ReadonlyMap<string, Schema> {
  const components: Components = new Map();
  addMessage(operation.request, "request", components);
  addMessage(operation.response, "response", components);
  return components;
}

function addMessage(message: Message, direction: Direction, components: Components): void {
  const { name, description, fields } = message;
  if (components.has(name)) return;
  const properties: Schema = new Map();
  const required = fields.filter((field) => field.required).map(({ source }): Value => source);
  const isRequest = direction === "request";
  components.set(
    name,
    objectOf({
      type: "object",
      description: description === "" ? undefined : description,
      properties,
      required: required.length === 0 ? undefined : required,
      // What callers do not know yet they can ignore; what the gateway does not know it refuses.
      additionalProperties: isRequest ? false : undefined,
    }),
  );
  for (const field of fields) properties.set(field.source, fieldSchema(field, direction, components));
}

function fieldSchema(field: Field, direction: Direction, components: Components): Schema {
  const { type, required, default: fallback } = field;
  const isRequest = direction === "request";
  const schema = typeSchema(type, direction, components);
  const isTable = type.kind === "array" && type.itemName === "row";
  const about = objectOf({
    description: describeField(field) || undefined,
    minItems: isRequest && required && isTable ? 1n : undefined,
    default: isRequest ? fallback : undefined,
  });
  return new Map([...(isRequest && !required ? nullable(schema) : schema), ...about]);
}

/** The schema of a value; what has a name is added to the components and referred to. */
function typeSchema(type: FieldType, direction: Direction, components: Components): Schema {
  switch (type.kind) {
    case "array": {
      const { name, items, maxItems } = type;
      addOnce(
        name,
        components,
        () => objectOf({ type: "array", maxItems: BigInt(maxItems) }),
        (schema) => schema.set("items", typeSchema(items, direction, components)),
      );
      return referenceTo(name);
    }
    case "map": {
      const { name, key, value, maxItems } = type;
      addOnce(
        name,
        components,
        () => objectOf({ type: "object", maxProperties: BigInt(maxItems) }),
        (schema) => {
          const names = keyNames(key);
          if (names.size > 0) schema.set("propertyNames", names);
          schema.set("additionalProperties", typeSchema(value, direction, components));
        },
      );
      return referenceTo(name);
    }
    case "struct":
      addMessage(type.message, direction, components);
      return referenceTo(type.message.name);
    case "dynamic":
      return objectOf({});
    default:
      return scalarSchema(type);
  }
}

/** Takes the place of a component before what it refers to, so that the document reads from top to bottom. */
function addOnce(
  name: string,
  components: Components,
  make: () => Schema,
  complete: (schema: Schema) => void,
): void {
  if (components.has(name)) return;
  const schema = make();
  components.set(name, schema);
  complete(schema);
}

function keyNames(key: FieldType): Schema {
  switch (key.kind) {
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return objectOf({});
    default:
      return keySchema(key);
  }
}
