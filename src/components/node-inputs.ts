/** The inputs of each component that is run: from the input of the whole, and from the answers of others. */
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import { newContent } from "../describe/stated-objects.js";
import { joinPath, type Refusal, type Violation } from "../errors.js";
import { encodeJson } from "../json/encode.js";
import { structFromJson, valueFromJson, type ViolationSink } from "../json/decode.js";
import { memberPath, refusal, shown } from "../problems.js";
import { isJsonObject, parseStrictJson, type JsonValue } from "../strict-json.js";
import { isStruct, newStruct, type Struct, type Value } from "../values.js";
import type { Expected, Node, PlannedNode, Supply } from "./plan-nodes.js";

/** The names that mean something in the input of the whole: `application`, `application.fico`. */
type Known = ReadonlySet<string>;

/**
 * What the input says for each component. A component is given what it declares; what only another one or the whole artifact
 * declares is left out, and what nobody declares is a violation.
 * @param json the input, in the form of `run`
 * @param services the contracts of the whole artifact and of all components
 */
export function readNodeInputs(
  json: JsonValue,
  planned: readonly PlannedNode[],
  services: readonly Service[],
): { readonly inputs: ReadonlyMap<Node, Struct>; readonly violations: readonly Violation[] } {
  const known = new Set(services.flatMap(({ operation }) => namesIn(operation.request, "")));
  const violations = new Map<string, Violation>();
  const sink: ViolationSink = {
    push: (violation) => violations.set(JSON.stringify(violation), violation),
  };
  const inputs = new Map<Node, Struct>();
  for (const { node, supplies, expected } of planned) {
    const { request } = node.service.operation;
    inputs.set(node, structFromJson(request, projected(json, request, "", known), "", sink));
    for (const supply of supplies) refuseGiven(json, supply, sink);
    for (const one of expected) requireGiven(json, one, sink);
  }
  return { inputs, violations: [...violations.values()] };
}

/** A value that a component calculates and the input states as well: nobody could say which of them counts. */
function refuseGiven(json: JsonValue, { field, column, from }: Supply, sink: ViolationSink): void {
  const message = `Is the answer of ${shown(from.ref)}, which is run: leave it out, or exclude that component.`;
  const place = placesIn(json, field, column).find(({ isThere }) => isThere);
  if (place !== undefined) sink.push({ path: place.path, message });
}

/** Null is a statement; without one `main()` would calculate with a value that nobody has calculated. */
function requireGiven(json: JsonValue, { field, column, ref }: Expected, sink: ViolationSink): void {
  const message = `Is the answer of ${shown(ref)}, which is not run: state it, or include that component.`;
  const place = placesIn(json, field, column).find(({ isThere }) => !isThere);
  if (place !== undefined) sink.push({ path: place.path, message });
}

/** A member of the input, or of each row of a table, and whether it is there. */
function placesIn(
  json: JsonValue,
  field: string,
  column: string | undefined,
): readonly { readonly path: string; readonly isThere: boolean }[] {
  const given = isJsonObject(json) ? json[field] : undefined;
  if (column === undefined) return [{ path: field, isThere: given !== undefined }];
  const rows = Array.isArray(given) ? given : [];
  return rows.map((row, index) => ({
    path: memberPath(`${field}[${index}]`, column),
    isThere: isJsonObject(row) && row[column] !== undefined,
  }));
}

function namesIn(message: Message, path: string): readonly string[] {
  return message.fields.flatMap(({ source, type }) => {
    const at = joinPath(path, source);
    const inner = path === "" ? rowOf(type) : undefined;
    return inner === undefined ? [at] : [at, ...namesIn(inner, at)];
  });
}

/** The input without what others declare: members of the whole, and of the rows of its tables. */
function projected(json: JsonValue, message: Message, path: string, known: Known): JsonValue {
  if (!isJsonObject(json)) return json;
  const fields = new Map(message.fields.map((field) => [field.source, field]));
  const kept = newContent({});
  for (const [name, member] of Object.entries(json)) {
    const at = joinPath(path, name);
    const field = fields.get(name);
    if (field === undefined) {
      if (!known.has(at)) kept[name] = member;
      continue;
    }
    const inner = path === "" ? rowOf(field.type) : undefined;
    if (inner === undefined) kept[name] = member;
    else if (Array.isArray(member)) kept[name] = member.map((row) => projected(row, inner, at, known));
    else kept[name] = projected(member, inner, at, known);
  }
  return kept;
}

/**
 * The inputs with the answers of other components in their places.
 * @throws Refusal `artifact` for an answer that does not fit its place
 */
export function withAnswers(
  inputs: Struct,
  { node, supplies }: PlannedNode,
  answers: ReadonlyMap<Node, Value>,
): Struct {
  const filled = Object.assign(newStruct(), inputs);
  for (const supply of supplies) {
    const answer = answers.get(supply.from) ?? null;
    const { field, column } = supply;
    if (column === undefined) filled[field] = fitted(answer, node, supply);
    else filled[field] = withColumn(filled[field], column, answer, node, supply);
  }
  return filled;
}

/** The rows, each with its item of the answer; without rows as many as the answer has. */
function withColumn(
  rows: Value | undefined,
  column: string,
  answer: Value,
  node: Node,
  supply: Supply,
): Value {
  const items = Array.isArray(answer) ? answer : [answer];
  const given = Array.isArray(rows) ? rows : items.map(newStruct);
  if (given.length !== items.length) {
    throw misfit(node, supply, `it has ${items.length} values for ${given.length} rows.`);
  }
  return given.map((row, index): Value => {
    if (!isStruct(row)) return row;
    const item = items[index] ?? null;
    const value = fitted(isStruct(item) ? cellOf(item, column, node, supply) : item, node, supply);
    return Object.assign(newStruct(), row, { [column]: value });
  });
}

/** Of a row with several values the one of that name; the only one of a row, whatever it is called. */
function cellOf(row: Struct, column: string, node: Node, supply: Supply): Value {
  const names = rowOf(answerOf(supply.from))?.fields.map(({ source }) => source) ?? Object.keys(row);
  const [only = column] = names;
  if (!names.includes(column) && names.length > 1) {
    throw misfit(node, supply, "its rows have several values, and none of this name.");
  }
  return row[names.includes(column) ? column : only] ?? null;
}

function answerOf({ service }: Node): FieldType {
  return service.operation.response.fields[0].type;
}

/** The record that the rows of a table are. */
function rowOf(type: FieldType | undefined): Message | undefined {
  const row = type?.kind === "array" ? type.items : type;
  return row?.kind === "struct" ? row.message : undefined;
}

/** The value as its place declares it, by the texts that any caller would send: nothing is coerced on the way. */
function fitted(value: Value, node: Node, supply: Supply): Value {
  const type = typeOf(node, supply);
  const violations: Violation[] = [];
  const json = parseStrictJson(Buffer.from(encodeJson(value)), supply.from.ref);
  const read = type === undefined ? undefined : valueFromJson(type, json, "", violations);
  const [violation] = violations;
  if (read === undefined || violation !== undefined) {
    throw misfit(node, supply, violation?.message ?? "it is of another type.");
  }
  return read;
}

function typeOf({ service }: Node, { field, column }: Supply): FieldType | undefined {
  const find = (fields: readonly Field[], name: string): FieldType | undefined =>
    fields.find(({ source }) => source === name)?.type;
  const found = find(service.operation.request.fields, field);
  return column === undefined ? found : find(rowOf(found)?.fields ?? [], column);
}

function misfit(node: Node, { from, field, column }: Supply, why: string): Refusal {
  const place = column === undefined ? field : `${field}.${column}`;
  const message = `The answer of \`${shown(from.ref)}\` does not fit: ${why}`;
  return refusal(
    shown(node.ref),
    place,
    message,
    "Exclude that component, and give its answer in the input.",
  );
}
