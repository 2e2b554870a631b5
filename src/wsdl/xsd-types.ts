/** How the contract's types are declared in XML Schema 1.0: one table from kind to declaration. */
import type { Field, FieldType } from "../contract/model.js";
import { xsdTypeName } from "../contract/soap-names.js";
import { toXmlText, type XmlNode } from "../xml-printer.js";

type Kind = FieldType["kind"];
type TypeOf<K extends Kind> = Extract<FieldType, { readonly kind: K }>;

/** What a kind needs in the schema: its own type declaration, if any, and the types that one refers to. */
interface Declaration {
  readonly node: XmlNode | undefined;
  readonly refersTo: readonly FieldType[];
}

/** Where a type stands: only what callers send may be nil, because the gateway itself leaves out what is absent. */
export type Direction = "request" | "response";

const DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME_PATTERN = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6}0*)?";
const ZONE_PATTERN = "(Z|[+\\-][0-9]{2}:[0-9]{2})?";

const BUILT_IN: Declaration = { node: undefined, refersTo: [] };

const DECLARATIONS: {
  readonly [K in Kind]: (type: TypeOf<K>, direction: Direction) => Declaration;
} = {
  string: () => BUILT_IN,
  boolean: () => BUILT_IN,
  double: () => BUILT_IN,
  integer: () => BUILT_IN,
  dynamic: () => BUILT_IN,
  decimal: (type) =>
    type.totalDigits === undefined || type.fractionDigits === undefined
      ? BUILT_IN
      : restriction(type, "xsd:decimal", [
          facet("totalDigits", String(type.totalDigits)),
          facet("fractionDigits", String(type.fractionDigits)),
        ]),
  date: (type) => restriction(type, "xsd:date", [facet("pattern", DATE_PATTERN)]),
  datetime: (type) =>
    restriction(type, "xsd:dateTime", [facet("pattern", `${DATE_PATTERN}T${TIME_PATTERN}${ZONE_PATTERN}`)]),
  array: (type) => ({
    node: complexType(type.name, "", [repeated(type.itemName, type.items, type.maxItems)]),
    refersTo: [type.items],
  }),
  map: (type) => ({
    node: complexType(type.name, "Each key may appear once.", [
      {
        name: "xsd:element",
        attributes: {
          name: "entry",
          type: `tns:${type.entryName}`,
          minOccurs: "0",
          maxOccurs: String(type.maxItems),
        },
      },
    ]),
    refersTo: [type.key, type.value],
  }),
  struct: (type, direction) => ({
    node: complexType(type.message.name, type.message.description, fieldElements(type.message.fields, direction)),
    refersTo: type.message.fields.map((field) => field.type),
  }),
};

/** What a reader of the schema must know of a kind beyond its XSD type; empty when there is nothing. */
const NOTES = {
  string: "",
  boolean: "",
  double: "",
  integer: "",
  decimal: "",
  date: "No time zone.",
  datetime: "No time zone means UTC; an offset is converted to UTC; at most microseconds.",
  array: "",
  map: "",
  struct: "",
  dynamic: "JSON text.",
} as const satisfies Record<Kind, string>;

/** The schema reference of a type: `xsd:double`, `tns:ApplicationRow`. */
export function typeReference(type: FieldType): string {
  const { builtIn, name } = xsdTypeName(type);
  return `${builtIn ? "xsd" : "tns"}:${name}`;
}

/** The elements of a message in the order of its fields, each with its documentation. */
export function fieldElements(fields: readonly Field[], direction: Direction): readonly XmlNode[] {
  return fields.map((field) => ({
    name: "xsd:element",
    attributes: {
      name: field.xmlName,
      type: typeReference(field.type),
      minOccurs: field.required ? "1" : "0",
      maxOccurs: "1",
      ...(direction === "request" && !field.required ? { nillable: "true" } : {}),
    },
    children: annotation(describeField(field)),
  }));
}

/** Every type declared for these fields, once each by name, in the order in which the fields need them. */
export function declareTypes(
  fields: readonly Field[],
  direction: Direction,
  declared: Map<string, XmlNode>,
): void {
  for (const field of fields) declareType(field.type, direction, declared);
}

/** `xsd:annotation` around a text for people; nothing when there is no text. */
export function annotation(text: string): readonly XmlNode[] {
  if (text === "") return [];
  return [{ name: "xsd:annotation", children: [documentation("xsd:documentation", text)] }];
}

/** A documentation element. Its text becomes one line: layout inside a description has no meaning here. */
export function documentation(name: string, text: string): XmlNode {
  return { name, text: toXmlText(text).replace(/\s+/g, " ").trim() };
}

function declareType(type: FieldType, direction: Direction, declared: Map<string, XmlNode>): void {
  const { node, refersTo } = declarationOf(type, direction);
  if (node !== undefined) {
    const { name } = xsdTypeName(type);
    if (declared.has(name)) return;
    declared.set(name, node);
  }
  if (type.kind === "map") declared.set(type.entryName, entryType(type));
  for (const inner of refersTo) declareType(inner, direction, declared);
}

function declarationOf<K extends Kind>(type: TypeOf<K> & { readonly kind: K }, direction: Direction): Declaration {
  return DECLARATIONS[type.kind](type, direction);
}

function entryType(type: TypeOf<"map">): XmlNode {
  return complexType(type.entryName, "", [single("key", type.key), single("value", type.value)]);
}

function restriction(type: FieldType, base: string, facets: readonly XmlNode[]): Declaration {
  const node = {
    name: "xsd:simpleType",
    attributes: { name: xsdTypeName(type).name },
    children: [
      ...annotation(NOTES[type.kind]),
      { name: "xsd:restriction", attributes: { base }, children: facets },
    ],
  };
  return { node, refersTo: [] };
}

function facet(name: string, value: string): XmlNode {
  return { name: `xsd:${name}`, attributes: { value } };
}

function complexType(name: string, description: string, elements: readonly XmlNode[]): XmlNode {
  return {
    name: "xsd:complexType",
    attributes: { name },
    children: [...annotation(description), { name: "xsd:sequence", children: elements }],
  };
}

function single(name: string, type: FieldType): XmlNode {
  return {
    name: "xsd:element",
    attributes: { name, type: typeReference(type), minOccurs: "1", maxOccurs: "1" },
    children: annotation(NOTES[type.kind]),
  };
}

function repeated(name: string, type: FieldType, maxItems: number): XmlNode {
  return {
    name: "xsd:element",
    attributes: { name, type: typeReference(type), minOccurs: "0", maxOccurs: String(maxItems) },
    children: annotation(NOTES[type.kind]),
  };
}

function describeField(field: Field): string {
  const { description, source, xmlName, spelledType, required, type } = field;
  const sentences = [
    description,
    source === xmlName ? "" : `Source name: ${source}.`,
    spelledType === "" ? "" : `Type: ${spelledType}.`,
    required ? "Required." : "Optional.",
    NOTES[type.kind],
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}
