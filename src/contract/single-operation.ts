/** The operation for callers without lists: the same fields, each table replaced by its row. */
import type { Field, FieldType, Message, Operation, SingleOperation } from "./model.js";

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

/** @param seen records that have been looked into: a lock can use one in many places, and those in many again */
function repeats(type: FieldType, seen = new Set<Message>()): boolean {
  if (type.kind === "struct") {
    if (seen.has(type.message)) return false;
    seen.add(type.message);
    return type.message.fields.some((field) => repeats(field.type, seen));
  }
  return type.kind === "array" || type.kind === "map" || type.kind === "dynamic";
}
