/**
 * The inputs of one call as the host expects them: `[tables, arguments, parameters]`. A table is a list of rows, a row the
 * list of its values in the order of the columns: names that both sides know from the set-up are not sent again.
 */
import { isStruct, newStruct, type Struct, type Value } from "../values.js";
import type { MainInterface } from "./host-messages.js";
import { writePickle } from "./pickle-writer.js";

/** @returns the function that encodes the inputs of one call */
export function createCallEncoder(main: MainInterface): (inputs: Struct) => Uint8Array {
  const tables = main.tables.map(({ alias, columns }) => ({
    alias,
    names: columns.map((column) => column.alias),
  }));
  return (inputs) => {
    const given: Struct = newStruct();
    for (const name of main.arguments) {
      const value = inputs[name];
      if (value !== undefined) given[name] = value;
    }
    const rows = tables.map(({ alias, names }) => rowsOf(inputs[alias], names));
    return writePickle([rows, given, inputs["parameters"] ?? null]);
  };
}

function rowsOf(table: Value | undefined, names: readonly string[]): Value[] {
  if (!Array.isArray(table)) return [];
  return table.map((row) => (isStruct(row) ? names.map((name) => row[name] ?? null) : null));
}
