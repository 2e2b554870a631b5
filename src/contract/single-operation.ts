/** The operation for callers without lists: the same fields, each table replaced by its row. */
import type { Field, FieldType, Operation, SingleOperation } from "./model.js";

/**
 * `EvaluateOne` beside `Evaluate`.
 * @returns undefined when there is no table to replace, or when a list or a map would remain
 */
export function singleOperation({ name, request, response }: Operation): SingleOperation | undefined {
  const fields = request.fields.map((field) => ({ ...field, type: rowOf(field) }));
  const [result] = response.fields;
  const answer: Field = { ...result, type: rowOf(result) };
  const isTabular = request.fields.some(({ role }) => role === "table");
  if (!isTabular || [...fields, answer].some(({ type }) => repeats(type))) return undefined;
  return {
    name: `${name}One`,
    request: { ...request, name: `${name}OneRequest`, fields },
    response: { ...response, name: `${name}OneResponse`, fields: [answer] },
  };
}

function rowOf({ type }: Field): FieldType {
  return type.kind === "array" && type.itemName === "row" ? type.items : type;
}

function repeats(type: FieldType): boolean {
  if (type.kind === "struct") return type.message.fields.some((field) => repeats(field.type));
  return type.kind === "array" || type.kind === "map" || type.kind === "dynamic";
}
