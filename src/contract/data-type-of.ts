/** The artifact's type behind a type of the contract: what remains without names and facets. */
import { isScalarType, type DataType } from "../artifact/data-type.js";
import type { FieldType } from "./model.js";

/** @returns undefined when a part is dynamic: nothing declares it */
export function dataTypeOf(type: FieldType): DataType | undefined {
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
      const items = dataTypeOf(type.items);
      return items === undefined ? undefined : { kind: "array", items };
    }
    case "map": {
      const [key, value] = [dataTypeOf(type.key), dataTypeOf(type.value)];
      if (key === undefined || value === undefined || !isScalarType(key)) return undefined;
      return { kind: "map", key, value };
    }
    case "struct": {
      const fields = type.message.fields.map(({ source, type: field }) => ({
        name: source,
        type: dataTypeOf(field),
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
