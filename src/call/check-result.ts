/**
 * Whether what `main()` returned is what the contract promises, read into the exact values the encoders take.
 * Nothing is coerced: a text where a number is declared is an error of the artifact, not a number.
 */
import type { ArrayType, Field, FieldType, MapType, Message } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { newStruct, type PythonValue, type Struct, type Value } from "../values.js";
import { chooseTable, commonLength, tablesIn, type Columns, type PythonDict, type Table } from "./dataset.js";
import type { Trail } from "./path-trail.js";
import { readDynamic } from "./read-dynamic.js";
import { leafReader, Mismatch, type ResultReader } from "./read-leaf.js";
import { readStep } from "./read-step.js";
import { compileWholeResult } from "./whole-result.js";

/**
 * Compiles the check of a result, once. It gives the result as the contract declares it.
 * @param type type of the `result` field
 * @returns a function that throws GatewayError `output_invalid`; its cause, for the log, says where and what, its
 * message does not
 */
export function compileResultCheck(type: FieldType): (returned: PythonValue) => Value {
  const read = compileWholeResult(type, compileReader(type));
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

function compileList(list: ArrayType): ResultReader {
  const { items, maxItems } = list;
  const checkLength = (length: number, value: PythonValue, trail: Trail): void => {
    if (length > maxItems) throw new Mismatch(trail, `at most ${maxItems} elements`, value);
  };
  const readItem = items.kind === "struct" ? compileRow(list, items.message) : compileReader(items);
  const findTable = items.kind === "struct" ? compileTableFinder(items.message) : undefined;
  const members = items.kind === "struct" ? items.message.fields.map(compileMember) : [];
  return (value, trail) => {
    const table = value instanceof Map ? findTable?.(value, trail) : undefined;
    if (table?.kind === "columns") {
      const { columns } = table;
      const length = commonLength(columns, trail);
      checkLength(length, value, trail);
      return Array.from({ length }, (_, index) => readRow(members, columns, index, trail));
    }
    const values = table === undefined ? value : table.kind === "rows" ? table.rows : table.values;
    if (!Array.isArray(values)) throw new Mismatch(trail, "list", value);
    checkLength(values.length, value, trail);
    return values.map((item, index) => readStep(readItem, item, trail, index));
  };
}

function readRow(members: readonly Member[], columns: Columns, index: number, trail: Trail): Struct {
  const struct = newStruct();
  trail.push(index);
  for (const member of members) readMember(member, columns.get(member.source)?.[index], struct, trail);
  trail.pop();
  return struct;
}

/** A record of a list; where the rows of a table have but one column, its value alone will do. */
function compileRow({ itemName }: ArrayType, message: Message): ResultReader {
  const read = compileStruct(message);
  const [only, ...others] = message.fields;
  const isPlain = only?.type.kind !== "struct" && only?.type.kind !== "map";
  if (itemName !== "row" || only === undefined || others.length > 0 || !isPlain) return read;
  return (value, trail) => read(value instanceof Map ? value : new Map([[only.source, value]]), trail);
}

/** Tells in which form a table was returned. @throws Mismatch when it is in none */
function compileTableFinder({ fields }: Message): (dict: PythonDict, trail: Trail) => Table {
  const declared = new Set<PythonValue>(fields.map(({ source }) => source));
  return (dict, trail) => {
    const tables = tablesIn(dict);
    const table = chooseTable(tables, declared);
    if (table !== undefined) return table;
    throw new Mismatch(trail, tables.length > 0 ? "only declared columns" : "list", dict);
  };
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
  /** Whether NaN, by which pandas marks a missing value, is none here. */
  readonly isNanMissing: boolean;
}

function compileMember({ source, required, type }: Field): Member {
  const isNanMissing = type.kind !== "double" && type.kind !== "dynamic";
  return { source, required, read: compileReader(type), isNanMissing };
}

function readMember(
  { source, required, read, isNanMissing }: Member,
  item: PythonValue | undefined,
  into: Struct,
  trail: Trail,
): void {
  const isMissing = item === undefined || item === null || (isNanMissing && Number.isNaN(item));
  if (!isMissing) into[source] = readStep(read, item, trail, source);
  else if (required) throw new Mismatch([...trail, source], "a value", null);
}
