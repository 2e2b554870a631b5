/** What people read in the WSDL beside the declarations. */
import type { Field, FieldNotes, FieldType, Service } from "../contract/model.js";
import { faultName } from "../contract/soap-names.js";
import { typeInWords } from "../contract/type-in-words.js";
import { HOW_TO_DECLARE } from "../contract/undeclared-result.js";
import { toXmlText, type XmlNode } from "../xml-printer.js";

/** What a reader of the schema must know of a kind beyond its XSD type; empty when there is nothing. */
const KIND_NOTES = {
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
  dynamic: `JSON text. ${HOW_TO_DECLARE}`,
} as const satisfies Record<FieldType["kind"], string>;

/** `xsd:annotation` around a text for people; nothing when there is no text. */
export function annotation(text: string): readonly XmlNode[] {
  if (text === "") return [];
  return [{ name: "xsd:annotation", children: [documentation("xsd:documentation", text)] }];
}

/** A documentation element. Its text becomes one line: layout inside a description has no meaning here. */
export function documentation(name: string, text: string): XmlNode {
  return { name, text: toXmlText(text).replace(/\s+/g, " ").trim() };
}

export function describeKind({ kind }: FieldType): string {
  return KIND_NOTES[kind];
}

/** Everything that the artifact and the contract know of a field and its declaration does not say. */
export function describeField(field: Field): string {
  const { description, source, xmlName, required, type, notes } = field;
  return sentences([
    description,
    source === xmlName ? "" : `Source name: ${source}.`,
    note("Type", typeInWords(field)),
    ...describeNotes(notes),
    required ? "Required." : "Optional.",
    describeKind(type),
  ]);
}

export function describeService(service: Service): string {
  return sentences([
    service.description,
    "Dates and times are in UTC: no time zone means UTC, an offset is converted.",
    `Every SOAP fault about the body carries ${faultName(service)} in its detail.`,
    "Attachments (MTOM, SOAP with Attachments) are not supported: all of a message stands in its envelope.",
  ]);
}

function describeNotes({ unit, origin, nullMeaning, allowedValues }: FieldNotes): readonly string[] {
  return [
    note("Unit", unit),
    note("Comes from", origin),
    note("Absent means", nullMeaning),
    note("Values", allowedValues?.join(", ")),
  ];
}

function note(label: string, text = ""): string {
  return text === "" ? "" : `${label}: ${text.replace(/\.$/, "")}.`;
}

function sentences(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(" ");
}
