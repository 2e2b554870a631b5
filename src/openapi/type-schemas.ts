/** The schemas of a contract's messages, records, lists and maps: one component for each type that has a name. */
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import type { Value } from "../values.js";
import { describeField } from "./describe-field.js";
import { answeredDouble, keySchema, scalarSchema } from "./scalar-schemas.js";
import { describing, nullable, objectOf, referenceTo, type Schema } from "./schema.js";

/** The components of one direction while they are put together. */
interface Building {
  /** Only what callers send may be null; the gateway leaves out what is absent. */
  readonly direction: "request" | "response";
  readonly components: Map<string, Schema>;
  /** Name of the component for numbers of an answer that need not be finite. */
  readonly numerical: string;
}

/**
 * Every component that request and answer need, in the order in which a reader meets them.
 * @param numerical a name that no type of the contract has
 */
export function typeSchemas({ operation }: Service, numerical: string): ReadonlyMap<string, Schema> {
  const asked: Building = { direction: "request", components: new Map(), numerical };
  const answered: Building = { direction: "response", components: new Map(), numerical };
  addMessage(operation.request, asked);
  addMessage(operation.response, answered);
  // A list or map that both have is described as in the answer, which holds more values.
  return new Map([...asked.components, ...answered.components]);
}

function addMessage({ name, description, fields }: Message, building: Building): void {
  addOnce(name, building, (schema) => {
    const required = fields.filter((field) => field.required).map(({ source }): Value => source);
    schema.set("type", "object");
    const text = describing(description);
    if (text !== undefined) schema.set("description", text);
    schema.set("properties", new Map(fields.map((field) => [field.source, fieldSchema(field, building)])));
    if (required.length > 0) schema.set("required", required);
    // What callers do not know yet they can ignore; what the gateway does not know it refuses.
    if (building.direction === "request") schema.set("additionalProperties", false);
  });
}

function fieldSchema(field: Field, building: Building): Schema {
  const { type, required, default: fallback } = field;
  const isRequest = building.direction === "request";
  const schema = typeSchema(type, building);
  const isTable = type.kind === "array" && type.itemName === "row";
  const about = objectOf({
    description: describing(describeField(field)),
    minItems: isRequest && required && isTable ? 1n : undefined,
    default: isRequest ? fallback : undefined,
  });
  return new Map([...(isRequest && !required ? nullable(schema) : schema), ...about]);
}

/** The schema of a value; what has a name is added to the components and referred to. */
function typeSchema(type: FieldType, building: Building): Schema {
  switch (type.kind) {
    case "array":
      return addOnce(type.name, building, (schema) => {
        schema.set("type", "array").set("maxItems", BigInt(type.maxItems));
        schema.set("items", typeSchema(type.items, building));
      });
    case "map":
      return addOnce(type.name, building, (schema) => {
        const names = keyNames(type.key);
        schema.set("type", "object").set("maxProperties", BigInt(type.maxItems));
        if (names.size > 0) schema.set("propertyNames", names);
        schema.set("additionalProperties", typeSchema(type.value, building));
      });
    case "struct":
      addMessage(type.message, building);
      return referenceTo(type.message.name);
    case "dynamic":
      return objectOf({});
    case "double":
      return building.direction === "request" ? scalarSchema(type) : answerSchema(type, building);
    default:
      return scalarSchema(type);
  }
}

/** A number of an answer. The one without limits is a component, so that compilers make one class of it and not many. */
function answerSchema(type: Extract<FieldType, { kind: "double" }>, building: Building): Schema {
  const isUnlimited = [type.totalDigits, type.minimum, type.maximum].every((facet) => facet === undefined);
  if (!isUnlimited) return answeredDouble(type);
  return addOnce(building.numerical, building, (schema) => {
    for (const [name, member] of answeredDouble(type)) schema.set(name, member);
  });
}

/** A reference to a component. It is put in its place before it is filled, so that the document reads from top to bottom. */
function addOnce(name: string, { components }: Building, fill: (schema: Schema) => void): Schema {
  if (!components.has(name)) {
    const schema: Schema = new Map();
    components.set(name, schema);
    fill(schema);
  }
  return referenceTo(name);
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
