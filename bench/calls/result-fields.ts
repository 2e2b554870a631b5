/** The fields of the record that every artifact of the benchmark answers. */
import type { Field, Service } from "../../src/contract/model.js";

export function resultFields({ operation }: Service): readonly Field[] {
  const { type } = operation.response.fields[0];
  return type.kind === "struct" ? type.message.fields : [];
}
