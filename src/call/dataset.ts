/**
 * Reads a table that `main()` returned as a dict, in any of the forms in which it can get its own tables
 * (`MAIN_OPTION_MEANINGS` in `src/contract/main-options.ts`), with the synonyms of their keys.
 */
import type { PythonValue } from "../values.js";
import type { Trail } from "./path-trail.js";
import { Mismatch } from "./read-leaf.js";

export type PythonDict = Map<PythonValue, PythonValue>;
type Column = readonly PythonValue[];
export type Columns = ReadonlyMap<PythonValue, Column>;

/** One way to read a dict as a table. */
export type Table =
  | { readonly kind: "columns"; readonly columns: Columns }
  | { readonly kind: "rows"; readonly rows: PythonDict[] }
  /** A column whose name is not told. */
  | { readonly kind: "column"; readonly values: PythonValue[] };

const TYPE_KEYS: ReadonlySet<PythonValue> = new Set(["type", "types", "dtype", "dtypes"]);
const VALUES_KEYS: ReadonlySet<PythonValue> = new Set(["values", "value", "data"]);

/**
 * Every way to read a dict as a table, the likeliest first: D1 to D4, and a single column. There can be several where a
 * column is called `type` or `values`.
 */
export function tablesIn(dict: PythonDict): readonly Table[] {
  const typed = columnsIn(dict, columnWithType);
  const inner = valuesIn(dict, (key) => TYPE_KEYS.has(key));
  // A dict of dicts without such a key has no other reading.
  if (typed !== undefined && inner === undefined) return [typed];
  const tables = [
    typed,
    inner instanceof Map ? columnsIn(inner, asColumn) : undefined,
    Array.isArray(inner) ? listedTable(inner) : undefined,
    columnsIn(dict, asColumn),
  ];
  return tables.filter((table) => table !== undefined);
}

/**
 * The way whose columns are the declared ones: all of them, or else none but these; the first, where that leaves several.
 * `undefined` when there is none.
 */
export function chooseTable(tables: readonly Table[], declared: ReadonlySet<PythonValue>): Table | undefined {
  const [first, ...others] = tables.filter((table) => fits(table, declared));
  if (first === undefined || others.length === 0) return first;
  return [first, ...others].find((table) => new Set(namesOf(table)).size === declared.size) ?? first;
}

/** How many rows columns have. @throws Mismatch at the first that is longer or shorter than those before it */
export function commonLength(columns: Columns, trail: Trail): number {
  let length: number | undefined;
  for (const [name, values] of columns) {
    length ??= values.length;
    if (values.length === length) continue;
    const step = typeof name === "string" ? name : "";
    throw new Mismatch([...trail, step], `${length} values, like the columns before it`, [...values]);
  }
  return length ?? 0;
}

/** The value under the one key for values, where every other key is one that `isBeside` knows. */
function valuesIn(dict: PythonDict, isBeside: (key: PythonValue) => boolean): PythonValue | undefined {
  let found: PythonValue | undefined;
  for (const [key, value] of dict) {
    if (VALUES_KEYS.has(key)) {
      if (found !== undefined) return undefined;
      found = value;
    } else if (!isBeside(key)) return undefined;
  }
  return found;
}

function columnsIn(dict: PythonDict, read: (value: PythonValue) => Column | undefined): Table | undefined {
  const columns = new Map<PythonValue, Column>();
  for (const [name, value] of dict) {
    const column = read(value);
    if (column === undefined) return undefined;
    columns.set(name, column);
  }
  return columns.size === 0 ? undefined : { kind: "columns", columns };
}

/** `{"type": …, "values": […]}`; what else is said of a column is not asked. */
function columnWithType(value: PythonValue): Column | undefined {
  return value instanceof Map ? asColumn(valuesIn(value, () => true)) : undefined;
}

function asColumn(value: PythonValue | undefined): Column | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** The list beside the types: of rows, or of the values of one column. */
function listedTable(list: PythonValue[]): Table {
  const rows = list.filter((item) => item instanceof Map);
  return rows.length === list.length ? { kind: "rows", rows } : { kind: "column", values: list };
}

function fits(table: Table, declared: ReadonlySet<PythonValue>): boolean {
  if (table.kind === "column") return declared.size === 1;
  for (const name of namesOf(table)) if (!declared.has(name)) return false;
  return true;
}

function namesOf(table: Table): Iterable<PythonValue> {
  if (table.kind === "columns") return table.columns.keys();
  return table.kind === "rows" ? table.rows.flatMap((row) => [...row.keys()]) : [];
}
