/** What a COBOL developer must know of an item beyond its picture, in sentences. */
import type { Bounds, Field } from "../contract/model.js";
import type { ScalarType } from "./picture.js";

/** Description, unit, meaning of an absent value and source name of a field; a paragraph each. */
export function describeField({
  description,
  notes,
  source,
  xmlName,
  default: fallback,
  required,
}: Field): string[] {
  return [
    description,
    notes.unit === undefined ? "" : `Unit: ${notes.unit}.`,
    notes.nullMeaning === undefined ? "" : `Absent means: ${notes.nullMeaning}`,
    notes.allowedValues === undefined ? "" : `Values: ${notes.allowedValues.join(", ")}.`,
    notes.origin === undefined ? "" : `From: ${notes.origin}.`,
    source === xmlName ? "" : `Source name: ${source}.`,
    fallback === undefined || required ? "" : "Absent stands for a default.",
  ].filter((text) => text !== "");
}

/** The facets and the written form of a scalar; nothing where the picture says it all. */
export function describeType(type: ScalarType): string[] {
  switch (type.kind) {
    case "string":
      return type.allowed === undefined ? [] : [`One of: ${type.allowed.map(quote).join(", ")}.`];
    case "boolean":
      return [];
    case "integer":
      return [
        ...(type.totalDigits === undefined ? [] : [`At most ${type.totalDigits} digits.`]),
        ...describeBounds(type),
      ];
    case "double":
      return [
        ...(type.totalDigits === undefined
          ? ["Floating point: hexadecimal and IEEE form differ in digits."]
          : []),
        ...describeBounds(type),
      ];
    case "decimal":
      return describeBounds(type);
    case "datetime":
      return ["YYYY-MM-DDThh:mm:ss, up to 6 digits of a second, then Z (UTC)."];
    case "date":
      return ["YYYY-MM-DD."];
    case "dynamic":
      return [];
  }
}

function describeBounds({ minimum, maximum }: Bounds): string[] {
  return [
    ...(minimum === undefined ? [] : [`At least ${minimum}.`]),
    ...(maximum === undefined ? [] : [`At most ${maximum}.`]),
  ];
}

function quote(text: string): string {
  return `'${text}'`;
}
