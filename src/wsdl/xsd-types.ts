/** How the contract's types are declared in XML Schema 1.0. */
import type { ArrayType, FieldType, MapType, Message } from "../contract/model.js";
import { fieldPlace, partPlace, type XsdTypeNames } from "../contract/soap-names.js";
import type { XmlNode } from "../xml-printer.js";
import { annotation, describeField, describeKind } from "./documentation.js";
import { restrictionOf } from "./xsd-simple-types.js";

/** Where a type stands: only what callers send may be nil, because the gateway itself leaves out what is absent. */
export type Direction = "request" | "response";

/** A schema while it is written: its types by name, each once, in the order in which they are needed. */
export interface Schema {
  readonly nameOf: XsdTypeNames;
  readonly declared: Map<string, XmlNode>;
}

/** The elements of a message in the order of its fields, each with its documentation. */
export function fieldElements(
  { name, fields }: Pick<Message, "name" | "fields">,
  direction: Direction,
  { nameOf }: Schema,
): readonly XmlNode[] {
  return fields.map((field) => ({
    name: "xsd:element",
    attributes: {
      name: field.xmlName,
      type: reference(field.type, fieldPlace(name, field), nameOf),
      minOccurs: field.required ? "1" : "0",
      maxOccurs: "1",
      ...(direction === "request" && !field.required ? { nillable: "true" } : {}),
    },
    children: annotation(describeField(field)),
  }));
}

/** Declares every type that the fields of a message need, after those that are declared already. */
export function declareTypes(
  { name, fields }: Pick<Message, "name" | "fields">,
  direction: Direction,
  schema: Schema,
): void {
  for (const field of fields) declareType(field.type, fieldPlace(name, field), direction, schema);
}

/** Declares the type at a place, and what it is made of, unless that is done or needs none. */
export function declareType(type: FieldType, place: string, direction: Direction, schema: Schema): void {
  const { nameOf, declared } = schema;
  const { builtIn, name } = nameOf(type, place);
  if (builtIn || declared.has(name)) return;
  switch (type.kind) {
    case "array":
      declared.set(name, listType(type, nameOf));
      declareType(type.items, partPlace(type.name, "item"), direction, schema);
      return;
    case "map":
      declared.set(name, mapType(type));
      declared.set(type.entryName, entryType(type, nameOf));
      declareType(type.key, partPlace(type.entryName, "key"), direction, schema);
      declareType(type.value, partPlace(type.entryName, "value"), direction, schema);
      return;
    case "struct": {
      const { message } = type;
      declared.set(name, complexType(name, message.description, fieldElements(message, direction, schema)));
      declareTypes(message, direction, schema);
      return;
    }
    case "dynamic":
      return;
    default: {
      const { base, facets } = restrictionOf(type);
      const narrowed = { name: "xsd:restriction", attributes: { base }, children: facets };
      const children = [...annotation(describeKind(type)), narrowed];
      declared.set(name, { name: "xsd:simpleType", attributes: { name }, children });
    }
  }
}

function listType({ name, items, itemName, maxItems }: ArrayType, nameOf: XsdTypeNames): XmlNode {
  const type = reference(items, partPlace(name, "item"), nameOf);
  return complexType(name, "", [part({ name: itemName, type, minOccurs: 0, maxOccurs: maxItems }, items)]);
}

function mapType({ name, entryName, maxItems }: MapType): XmlNode {
  const entry = part({ name: "entry", type: `tns:${entryName}`, minOccurs: 0, maxOccurs: maxItems });
  return complexType(name, "Each key may appear once.", [entry]);
}

function entryType({ entryName, key, value }: MapType, nameOf: XsdTypeNames): XmlNode {
  const one = (name: "key" | "value", type: FieldType): XmlNode =>
    part(
      { name, type: reference(type, partPlace(entryName, name), nameOf), minOccurs: 1, maxOccurs: 1 },
      type,
    );
  return complexType(entryName, "", [one("key", key), one("value", value)]);
}

interface Part {
  readonly name: string;
  readonly type: string;
  readonly minOccurs: number;
  readonly maxOccurs: number;
}

/** An element that stands for no field of the artifact. */
function part({ name, type, minOccurs, maxOccurs }: Part, described?: FieldType): XmlNode {
  return {
    name: "xsd:element",
    attributes: { name, type, minOccurs: String(minOccurs), maxOccurs: String(maxOccurs) },
    children: described === undefined ? [] : annotation(describeKind(described)),
  };
}

/** The schema reference of a type: `xsd:double`, `tns:ApplicationRow`. */
export function reference(type: FieldType, place: string, nameOf: XsdTypeNames): string {
  const { builtIn, name } = nameOf(type, place);
  return `${builtIn ? "xsd" : "tns"}:${name}`;
}

/** A named type that is a sequence of elements. */
export function complexType(name: string, description: string, elements: readonly XmlNode[]): XmlNode {
  return {
    name: "xsd:complexType",
    attributes: { name },
    children: [...annotation(description), { name: "xsd:sequence", children: elements }],
  };
}
