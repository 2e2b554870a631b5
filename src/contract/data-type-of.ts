/** The artifact's type behind a type of the contract: what remains without names and facets. */
import { isScalarType, type DataType } from "../artifact/data-type.js";
import type { FieldType } from "./model.js";

/** Most types inside one; a record that a lock uses in many places could otherwise be written out without end. */
const MOST_PARTS = 100_000;

/** @returns undefined when a part is dynamic, because nothing declares it, or when there are too many parts */
export function dataTypeOf(type: FieldType): DataType | undefined {
  return convert(type, { parts: 0 });
}

function convert(type: FieldType, seen: { parts: number }): DataType | undefined {
  seen.parts += 1;
  if (seen.parts > MOST_PARTS) return undefined;
  switch (type.kind) {
    case "string":
    case "boolean":
    case "integer":
    case "datetime":
    case "date":
      return { kind: type.kind };
    case "double":
      return { kind: "numerical" };
    case "decimal": {
      const { totalDigits, fractionDigits } = type;
      return totalDigits === undefined || fractionDigits === undefined
        ? { kind: "decimal" }
        : { kind: "decimal", totalDigits, fractionDigits };
    }
    case "array": {
      const items = convert(type.items, seen);
      return items === undefined ? undefined : { kind: "array", items };
    }
    case "map": {
      const [key, value] = [convert(type.key, seen), convert(type.value, seen)];
      if (key === undefined || value === undefined || !isScalarType(key)) return undefined;
      return { kind: "map", key, value };
    }
    case "struct": {
      const fields = type.message.fields.map(({ source, type: field }) => ({
        name: source,
        type: convert(field, seen),
      }));
      const known = fields.flatMap(({ name, type: field }) =>
        field === undefined ? [] : [{ name, type: field }],
      );
      return known.length < fields.length ? undefined : { kind: "struct", fields: known };
    }
    case "dynamic":
      return undefined;
  }
}
