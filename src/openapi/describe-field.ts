/** What a caller's developer has to know of a field beyond its schema. */
import type { Bounds, Field, FieldType, Role } from "../contract/model.js";
import { typeInWords } from "../contract/type-in-words.js";

/** What a schema cannot say of a kind of value; empty when there is nothing. */
const KIND_NOTES = {
  string: "",
  boolean: "",
  double: "",
  integer: "A signed integer of 64 bits; it may also be sent as text.",
  decimal: "An exact decimal number as text, without an exponent; it may also be sent as a number.",
  datetime: "In UTC: no zone is written; one that is sent is converted. At most microseconds.",
  date: "",
  array: "",
  map: "",
  struct: "",
  dynamic: "The contract declares no type for this value.",
} as const satisfies Record<FieldType["kind"], string>;

const ROLES: ReadonlySet<string> = new Set<Role>(["table", "parameters"]);

/** One paragraph; empty when there is nothing to say. */
export function describeField(field: Field): string {
  const { description, notes, type } = field;
  const words = typeInWords(field);
  const { unit, origin, nullMeaning, allowedValues = [] } = notes;
  return [
    description,
    // Tables and parameters are no types of the artifact.
    words === "" || ROLES.has(words) ? "" : `Type: ${words}.`,
    unit === undefined ? "" : `Unit: ${unit}.`,
    origin === undefined ? "" : `From ${origin}.`,
    allowedValues.length === 0 ? "" : `Values: ${allowedValues.join(", ")}.`,
    nullMeaning === undefined ? "" : `Absent means: ${nullMeaning}.`,
    boundsOfText(type),
    KIND_NOTES[type.kind],
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** The bounds of a decimal: its schema is one of text, which has none. */
function boundsOfText(type: FieldType): string {
  if (type.kind !== "decimal") return "";
  const { minimum, maximum }: Bounds = type;
  return [
    minimum === undefined ? "" : `At least ${minimum}.`,
    maximum === undefined ? "" : `At most ${maximum}.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}
