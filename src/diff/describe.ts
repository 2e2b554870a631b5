/** Fields and types in a few words, for people. */
import type { Field, FieldType } from "../contract/model.js";

/** A type in the words of the artifact: `list of decimal`. */
export function describeType(type: FieldType): string {
  switch (type.kind) {
    case "array":
      return `list of ${describeType(type.items)}`;
    case "map":
      return `map of ${describeType(type.key)} to ${describeType(type.value)}`;
    case "struct":
      return "record";
    default:
      return type.kind;
  }
}

/** `decimal, required`. */
export function describeField(field: Field): string {
  return `${describeType(field.type)}, ${presence(field)}`;
}

export function presence({ required }: Field): string {
  return required ? "required" : "optional";
}

/** Everything about a field that the generated files say in words, but for its type. */
export function documentationOf({ description, notes }: Field): string {
  const { unit, origin, nullMeaning, allowedValues } = notes;
  return [
    description,
    ...(unit === undefined ? [] : [`unit ${unit}`]),
    ...(origin === undefined ? [] : [`from ${origin}`]),
    ...(nullMeaning === undefined ? [] : [`absent means ${nullMeaning}`]),
    ...(allowedValues === undefined ? [] : [`values ${allowedValues.join(", ")}`]),
  ]
    .filter((part) => part !== "")
    .join("; ");
}
