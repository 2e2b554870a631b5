/** The scalars of the record that every artifact of the benchmark answers. */
import type { Field, FieldType, Service } from "../../src/contract/model.js";

const COMPOSITE: ReadonlySet<FieldType["kind"]> = new Set(["array", "map", "struct", "dynamic"]);

export function resultFields({ operation }: Service): readonly Field[] {
  const { type } = operation.response.fields[0];
  return type.kind === "struct" ? type.message.fields.filter((field) => !COMPOSITE.has(field.type.kind)) : [];
}
