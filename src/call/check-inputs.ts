/** Whether decoded inputs are what the contract asks for: the check that is the same for every protocol. */
import type { Field, FieldType, Message } from "../contract/model.js";
import { GatewayError, joinPath, type Violation } from "../errors.js";
import { isStruct, newStruct, type Struct, type Value } from "../values.js";

/**
 * The inputs with declared defaults in place of what is absent. Null is absent: gRPC has no null, and a call must mean
 * the same over every protocol.
 * @param maxViolations how many are listed; the others are counted in the message
 * @throws GatewayError `invalid_input` with the path of every required value that is missing, every list that is too
 * long and every null where none may be
 */
export function checkInputs(request: Message, inputs: Struct, maxViolations: number): Struct {
  const violations: Violation[] = [];
  const checked = checkStruct(request, inputs, "", violations);
  if (violations.length > 0) throw invalidInput(violations, maxViolations);
  return checked;
}

/** One `invalid_input` for a list of violations, cut to the length callers can take. */
export function invalidInput(violations: readonly Violation[], maxViolations: number): GatewayError {
  const listed = violations.slice(0, maxViolations);
  const [first] = listed;
  const rest = violations.length - 1;
  const more = rest > 0 ? ` (and ${rest} more)` : "";
  const place = first === undefined || first.path === "" ? "" : `${first.path}: `;
  return new GatewayError("invalid_input", `${place}${first?.message ?? "The input is invalid."}${more}`, {
    violations: listed,
  });
}

function checkStruct(message: Message, struct: Struct, path: string, violations: Violation[]): Struct {
  const checked = newStruct();
  for (const field of message.fields) {
    const place = joinPath(path, field.source);
    const value = struct[field.source] ?? field.default;
    if (isMissing(field, value)) violations.push({ path: place, message: missing(field) });
    else if (value !== undefined) checked[field.source] = checkValue(field.type, value, place, violations);
  }
  return checked;
}

/** A table that needs a row is missing when it is empty: protobuf cannot tell an empty table from an absent one. */
function isMissing(field: Field, value: Value | undefined): boolean {
  if (!field.required) return false;
  if (value === undefined) return true;
  return isTable(field) && Array.isArray(value) && value.length === 0;
}

function missing(field: Field): string {
  return isTable(field) ? "This table is required and needs at least one row." : "This value is required.";
}

function isTable(field: Field): boolean {
  return field.type.kind === "array" && field.type.itemName === "row";
}

function checkValue(type: FieldType, value: Value, path: string, violations: Violation[]): Value {
  if (value === null) {
    violations.push({ path, message: "An element may not be null." });
    return value;
  }
  if (type.kind === "array" && Array.isArray(value)) {
    if (tooMany(type.maxItems, value.length, path, violations)) return value;
    return value.map((item, index) => checkValue(type.items, item, `${path}[${index}]`, violations));
  }
  if (type.kind === "map" && value instanceof Map) {
    if (tooMany(type.maxItems, value.size, path, violations)) return value;
    const entries = [...value].map(([key, item], index): [Value, Value] => [
      key,
      checkValue(type.value, item, `${path}[${index}].value`, violations),
    ]);
    return new Map(entries);
  }
  if (type.kind === "struct" && isStruct(value)) return checkStruct(type.message, value, path, violations);
  return value;
}

function tooMany(maxItems: number, length: number, path: string, violations: Violation[]): boolean {
  if (length <= maxItems) return false;
  violations.push({ path, message: `At most ${maxItems} elements are allowed here.` });
  return true;
}
