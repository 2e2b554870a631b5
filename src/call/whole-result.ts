/**
 * What `main()` returned, as the declared type expects it. An artifact works on tables also where one record or one value is
 * declared: then a table of exactly one row is that record, and its only column that value. Another number of rows is
 * refused, never cut.
 */
import type { Field, FieldType } from "../contract/model.js";
import type { PythonValue } from "../values.js";
import { chooseTable, commonLength, tablesIn, type PythonDict, type Table } from "./dataset.js";
import type { Trail } from "./path-trail.js";
import { Mismatch, type ResultReader } from "./read-leaf.js";

/**
 * Compiles the reader of a whole result, once.
 * @param read the reader of the declared type
 */
export function compileWholeResult(type: FieldType, read: ResultReader): ResultReader {
  switch (type.kind) {
    case "dynamic":
      return read;
    case "array":
      return type.items.kind === "struct" ? read : (value, trail) => read(columnIn(value, trail), trail);
    case "struct":
      return compileRecord(type.message.fields, read);
    case "map":
      return (value, trail) => read(onlyItem(value, trail), trail);
    default:
      return (value, trail) => read(onlyItem(columnIn(value, trail), trail), trail);
  }
}

/** The values of the only column of a table; anything but a table as it is. */
function columnIn(value: PythonValue, trail: Trail): PythonValue {
  if (!(value instanceof Map)) return value;
  for (const table of tablesIn(value)) {
    if (table.kind === "column") return table.values;
    const [column, ...others] = table.kind === "columns" ? table.columns.values() : [];
    if (column !== undefined && others.length === 0) return [...column];
  }
  throw new Mismatch(trail, "one value or one column", value);
}

/** The only item of a list; anything but a list as it is. */
function onlyItem(value: PythonValue, trail: Trail): PythonValue {
  if (!Array.isArray(value)) return value;
  const [item] = value;
  if (value.length !== 1 || item === undefined) throw new Mismatch(trail, "one row", value);
  return item;
}

function compileRecord(fields: readonly Field[], read: ResultReader): ResultReader {
  const types = new Map<PythonValue, FieldType>(fields.map(({ source, type }) => [source, type]));
  const declared = new Set(types.keys());
  return (value, trail) => {
    if (!(value instanceof Map)) return read(onlyItem(value, trail), trail);
    try {
      return read(value, [...trail]);
    } catch (error) {
      // Almost every answer is a record; only one that is none is looked at again.
      if (!(error instanceof Mismatch) || isRecord(value, types)) throw error;
      const table = chooseTable(tablesIn(value), declared);
      if (table === undefined || table.kind === "column") throw error;
      return read(onlyRow(table, value, trail), trail);
    }
  };
}

function onlyRow(table: Exclude<Table, { kind: "column" }>, value: PythonValue, trail: Trail): PythonValue {
  if (table.kind === "rows") return onlyItem(table.rows, trail);
  if (commonLength(table.columns, trail) !== 1) throw new Mismatch(trail, "one row", value);
  return new Map([...table.columns].map(([name, [item]]) => [name, item ?? null]));
}

/** Whether every member can be what is declared under its name: then a dict is a record and not a table. */
function isRecord(dict: PythonDict, types: ReadonlyMap<PythonValue, FieldType>): boolean {
  for (const [name, value] of dict) {
    const type = types.get(name);
    if (type === undefined || !canBe(type, value)) return false;
  }
  return true;
}

function canBe(type: FieldType, value: PythonValue): boolean {
  if (value === null || type.kind === "dynamic") return true;
  if (type.kind === "array")
    return Array.isArray(value) || (value instanceof Map && type.items.kind === "struct");
  if (type.kind === "struct" || type.kind === "map") return value instanceof Map;
  return !Array.isArray(value) && !(value instanceof Map);
}
