/** The one spelling of a type that the gateway itself writes: the platform's, and the data lake's where it has none. */
import type { DataType } from "./data-type.js";

/** Text that `parseDataType` reads as the same type. */
export function spellType(type: DataType): string {
  switch (type.kind) {
    case "string":
      return type.maxLength === undefined ? "String" : `varchar(${type.maxLength})`;
    case "boolean":
      return "Boolean";
    case "numerical":
      return "Numerical";
    case "integer":
      return "bigint";
    case "decimal":
      return type.totalDigits === undefined
        ? "decimal"
        : `decimal(${type.totalDigits},${type.fractionDigits ?? 0})`;
    case "datetime":
      return "DateTime";
    case "date":
      return "date";
    case "any":
      return "Any";
    case "array":
      return `Array[${spellType(type.items)}]`;
    case "map":
      return `Map[${spellType(type.key)}, ${spellType(type.value)}]`;
    case "struct":
      return `Struct[${type.fields.map(({ name, type: field }) => `${name}: ${spellType(field)}`).join(", ")}]`;
  }
}
