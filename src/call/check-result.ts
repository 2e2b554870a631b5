/**
 * Whether what `main()` returned is what the contract promises, read into the exact values the encoders take.
 * Nothing is coerced: a text where a number is declared is an error of the artifact, not a number.
 */
import type { ArrayType, Field, FieldType, MapType, Message } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { newStruct, type PythonValue, type Struct, type Value } from "../values.js";
import { compileDatasetReader, type Dataset } from "./dataset.js";
import type { Trail } from "./path-trail.js";
import { leafReader, Mismatch, type ResultReader } from "./read-leaf.js";

/**
 * Compiles the check of a result, once. It gives the result as the contract declares it.
 * @param type type of the `result` field
 * @returns a function that throws GatewayError `output_invalid`; its cause, for the log, says where and what, its
 * message does not
 */
export function compileResultCheck(type: FieldType): (returned: PythonValue) => Value {
  const read = compileReader(type);
  return (returned) => {
    try {
      return read(returned, ["result"]);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      const message = "The artifact returned something its contract does not declare.";
      throw new GatewayError("output_invalid", message, { started: true, cause: error });
    }
  };
}

function compileReader(type: FieldType): ResultReader {
  switch (type.kind) {
    case "array":
      return compileList(type);
    case "map":
      return compileMap(type);
    case "struct":
      return compileStruct(type.message);
    case "dynamic":
      return readDynamic;
    default:
      return leafReader(type);
  }
}

function compileList({ items, maxItems }: ArrayType): ResultReader {
  const read = compileReader(items);
  const readRows = items.kind === "struct" ? compileRows(items.message) : () => undefined;
  const checkLength = (length: number, value: PythonValue, trail: Trail): void => {
    if (length > maxItems) throw new Mismatch(trail, `at most ${maxItems} elements`, value);
  };
  return (value, trail) => {
    if (!Array.isArray(value)) {
      const rows = readRows(value, trail, checkLength);
      if (rows === undefined) throw new Mismatch(trail, "list", value);
      return rows;
    }
    checkLength(value.length, value, trail);
    return value.map((item, index) => readStep(read, item, trail, index));
  };
}

type Rows = (
  value: PythonValue,
  trail: Trail,
  checkLength: (length: number, value: PythonValue, trail: Trail) => void,
) => Struct[] | undefined;

/** The rows of a table that was returned column by column; `undefined` for anything else. */
function compileRows(message: Message): Rows {
  const readDataset = compileDatasetReader(message);
  const members = message.fields.map(compileMember);
  return (value, trail, checkLength) => {
    const dataset = readDataset(value);
    if (dataset === undefined) return undefined;
    checkLength(dataset.length, value, trail);
    return Array.from({ length: dataset.length }, (_, index) => readRow(members, dataset, index, trail));
  };
}

function readRow(members: readonly Member[], { columns }: Dataset, index: number, trail: Trail): Struct {
  const struct = newStruct();
  trail.push(index);
  for (const member of members) readMember(member, columns.get(member.source)?.[index], struct, trail);
  trail.pop();
  return struct;
}

function compileMap({ key, value, maxItems }: MapType): ResultReader {
  const readKey = compileReader(key);
  const readItem = compileReader(value);
  return (returned, trail) => {
    if (!(returned instanceof Map)) throw new Mismatch(trail, "dict", returned);
    if (returned.size > maxItems) throw new Mismatch(trail, `at most ${maxItems} entries`, returned);
    const map = new Map<Value, Value>();
    let index = 0;
    for (const [name, item] of returned) {
      trail.push("key");
      const read = readStep(readKey, name, trail, index);
      trail.pop();
      trail.push("value");
      map.set(read, readStep(readItem, item, trail, index));
      trail.pop();
      index += 1;
    }
    return map;
  };
}

function compileStruct({ fields }: Message): ResultReader {
  const declared = new Set<PythonValue>(fields.map(({ source }) => source));
  const members = fields.map(compileMember);
  return (value, trail) => {
    if (!(value instanceof Map)) throw new Mismatch(trail, "dict", value);
    for (const key of value.keys()) {
      // Outputs are closed: a caller's buffer has no room for a field its contract does not name.
      if (!declared.has(key)) throw new Mismatch(trail, "only declared keys", key);
    }
    const struct = newStruct();
    for (const member of members) readMember(member, value.get(member.source), struct, trail);
    return struct;
  };
}

interface Member {
  readonly source: string;
  readonly required: boolean;
  readonly read: ResultReader;
}

function compileMember({ source, required, type }: Field): Member {
  return { source, required, read: compileReader(type) };
}

function readMember(
  { source, required, read }: Member,
  item: PythonValue | undefined,
  into: Struct,
  trail: Trail,
): void {
  if (item !== undefined && item !== null) into[source] = readStep(read, item, trail, source);
  else if (required) throw new Mismatch([...trail, source], "a value", null);
}

/** One step further. Whoever throws leaves the trail as it is: nothing is read after that. */
function readStep(read: ResultReader, value: PythonValue, trail: Trail, step: string | number): Value {
  trail.push(step);
  const result = read(value, trail);
  trail.pop();
  return result;
}

/** Data that nothing declares: as it is, with text keys. */
function readDynamic(value: PythonValue, trail: Trail): Value {
  if (value instanceof Uint8Array) throw new Mismatch(trail, "data that every protocol can carry", value);
  if (Array.isArray(value)) return value.map((item, index) => readStep(readDynamic, item, trail, index));
  if (value instanceof Map) {
    const struct = newStruct();
    for (const [key, item] of value) {
      if (typeof key !== "string") throw new Mismatch(trail, "dict with str keys", key);
      struct[key] = readStep(readDynamic, item, trail, key);
    }
    return struct;
  }
  return value;
}
