/** Whether decoded inputs are what the contract asks for: the check that is the same for every protocol. */
import type { ArrayType, Field, FieldType, MapType, Message } from "../contract/model.js";
import { GatewayError, joinPath, type Violation } from "../errors.js";
import { MOST_VIOLATIONS } from "../limits.js";
import { isStruct, newStruct, type Struct, type Value, type ValueMap } from "../values.js";
import { pathOf, type Trail } from "./path-trail.js";

/** One check that is under way. */
interface Checking {
  readonly trail: Trail;
  readonly violations: Violation[];
  /** How many are listed. */
  readonly maxViolations: number;
}

/** The value as it goes on: itself, or a copy in which defaults are filled in and nulls left out. */
type Check = (value: Value, checking: Checking) => Value;

/**
 * Compiles the check of a request, once. It gives the inputs with declared defaults in place of what is absent. Null is
 * absent: gRPC has no null, and a call must mean the same over every protocol. The inputs are not changed; what needs no
 * change is not copied either.
 * @param maxViolations how many are listed; the others are counted in the message
 * @returns a function that throws GatewayError `invalid_input` with the path of every required value that is missing,
 * every list that is too long and every null where none may be
 */
export function compileInputsCheck(request: Message, maxViolations: number): (inputs: Struct) => Struct {
  const check = structCheck(request);
  return (inputs) => {
    const checking: Checking = { trail: [], violations: [], maxViolations };
    const checked = check(inputs, checking);
    if (checking.violations.length > 0) throw invalidInput(checking.violations, maxViolations);
    return checked;
  };
}

/** The same check for inputs that come once. */
export function checkInputs(request: Message, inputs: Struct, maxViolations: number): Struct {
  return compileInputsCheck(request, maxViolations)(inputs);
}

/** One `invalid_input` for a list of violations, cut to the length callers can take. */
export function invalidInput(violations: readonly Violation[], maxViolations: number): GatewayError {
  const listed = violations.slice(0, maxViolations);
  const [first] = listed;
  const rest = violations.length - 1;
  const count = violations.length < MOST_VIOLATIONS ? rest : `at least ${rest}`;
  const more = rest > 0 ? ` (and ${count} more)` : "";
  const place = first === undefined || first.path === "" ? "" : `${first.path}: `;
  return new GatewayError("invalid_input", `${place}${first?.message ?? "The input is invalid."}${more}`, {
    violations: listed,
  });
}

function structCheck({ fields }: Message): (struct: Struct, checking: Checking) => Struct {
  const checkFields = fields.map(fieldCheck);
  return (struct, checking) => {
    let copy: Struct | undefined;
    for (const { source, check } of checkFields) {
      const given = struct[source];
      const checked = check(given, checking);
      if (checked === given) continue;
      copy ??= withoutNulls(struct);
      if (checked !== undefined) copy[source] = checked;
    }
    return copy ?? struct;
  };
}

interface FieldCheck {
  readonly source: string;
  /** The value of the field, given or declared; `undefined` when it is absent or null. */
  readonly check: (given: Value | undefined, checking: Checking) => Value | undefined;
}

function fieldCheck({ source, type, required, default: declared }: Field): FieldCheck {
  const check = compileCheck(type);
  const isTable = type.kind === "array" && type.itemName === "row";
  const missing = isTable ? "This table is required and needs at least one row." : "This value is required.";
  return {
    source,
    check(given, checking) {
      const value = given ?? declared;
      // A required table is missing when it is empty: protobuf cannot tell an empty table from an absent one.
      if (required && (value === undefined || (isTable && Array.isArray(value) && value.length === 0))) {
        fault(checking, missing, source);
      }
      if (value === undefined || check === undefined) return value;
      checking.trail.push(source);
      const checked = check(value, checking);
      checking.trail.pop();
      return checked;
    },
  };
}

/** The check of a type's values, `undefined` for a scalar: what its decoder has read is right. */
function compileCheck(type: FieldType): Check | undefined {
  if (type.kind === "array") return listCheck(type);
  if (type.kind === "map") return mapCheck(type);
  if (type.kind !== "struct") return undefined;
  const check = structCheck(type.message);
  return (value, checking) => (isStruct(value) ? check(value, checking) : value);
}

function listCheck({ items, maxItems }: ArrayType): Check {
  const check = elementCheck(compileCheck(items));
  return (list, checking) => {
    if (!Array.isArray(list) || isTooLong(maxItems, list.length, checking)) return list;
    let copy: Value[] | undefined;
    for (const [index, item] of list.entries()) {
      checking.trail.push(index);
      const checked = check(item, checking);
      checking.trail.pop();
      if (checked === item) continue;
      copy ??= [...list];
      copy[index] = checked;
    }
    return copy ?? list;
  };
}

function mapCheck({ value, maxItems }: MapType): Check {
  const check = elementCheck(compileCheck(value));
  return (map, checking) => {
    if (!(map instanceof Map) || isTooLong(maxItems, map.size, checking)) return map;
    let copy: ValueMap | undefined;
    let index = 0;
    for (const [key, item] of map) {
      checking.trail.push(index, "value");
      const checked = check(item, checking);
      checking.trail.length -= 2;
      index += 1;
      if (checked === item) continue;
      copy ??= new Map(map);
      copy.set(key, checked);
    }
    return copy ?? map;
  };
}

function elementCheck(check: Check = (value) => value): Check {
  return (value, checking) => {
    if (value !== null) return check(value, checking);
    fault(checking, "An element may not be null.");
    return value;
  };
}

function isTooLong(maxItems: number, length: number, checking: Checking): boolean {
  if (length <= maxItems) return false;
  fault(checking, `At most ${maxItems} elements are allowed here.`);
  return true;
}

/** @throws GatewayError `invalid_input` when there are so many faults that looking on is not worth it */
function fault({ trail, violations, maxViolations }: Checking, message: string, name = ""): void {
  violations.push({ path: joinPath(pathOf(trail), name), message });
  if (violations.length === MOST_VIOLATIONS) throw invalidInput(violations, maxViolations);
}

function withoutNulls(struct: Struct): Struct {
  const copy = newStruct();
  for (const [name, value] of Object.entries(struct)) if (value !== null) copy[name] = value;
  return copy;
}
