/**
 * Checked inputs as the Python host expects them, pickled: `[tables, arguments, parameters]`. A table is a list of rows, a
 * row the list of its values in the order of the columns: names that both sides know are not sent again. The other
 * end is `src/pool/python/gateway_host/calling.py`, which is given the names by `src/main-interface.ts`.
 */
import type { FieldType, RequestMessage } from "../contract/model.js";
import { writePickle } from "../pickle/pickle-writer.js";
import { isStruct, newStruct, type Struct, type Value } from "../values.js";

/** Compiles the encoder of a request's inputs, once. */
export function compileInputsEncoder({ fields }: RequestMessage): (inputs: Struct) => Uint8Array {
  const tables = fields
    .filter(({ role }) => role === "table")
    .map(({ source, type }) => ({ source, columns: columnsOf(type) }));
  const names = fields.filter(({ role }) => role === "argument").map(({ source }) => source);
  const parameters = fields.find(({ role }) => role === "parameters")?.source;
  return (inputs) => {
    const given: Struct = newStruct();
    for (const name of names) {
      const value = inputs[name];
      if (value !== undefined) given[name] = value;
    }
    const rows = tables.map(({ source, columns }) => rowsOf(inputs[source], columns));
    return writePickle([rows, given, parameters === undefined ? null : (inputs[parameters] ?? null)]);
  };
}

function columnsOf(type: FieldType): readonly string[] {
  if (type.kind === "array") return columnsOf(type.items);
  return type.kind === "struct" ? type.message.fields.map(({ source }) => source) : [];
}

function rowsOf(table: Value | undefined, columns: readonly string[]): Value[] {
  if (!Array.isArray(table)) return [];
  return table.map((row) => (isStruct(row) ? columns.map((name) => row[name] ?? null) : null));
}
