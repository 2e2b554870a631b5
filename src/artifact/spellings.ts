/**
 * The keys that `input_info.json` may use for one and the same thing. The lists are closed: a key that is in none of
 * them is not used.
 */
import { memberPath } from "../problems.js";

export const SPELLINGS = {
  tables: ["tables", "input_tables", "inputTables", "data_tables", "dataTables", "datasets", "inputs"],
  arguments: ["arguments", "functionInputs", "function_inputs", "args"],
  parameters: ["runtime_params", "runtimeParams", "runtime_parameters", "runtimeParameters", "parameters"],
  /** The platform's word for the name in code; a column has only the first of them. */
  alias: ["alias", "table_alias", "tableAlias"],
  /** What can stand for the alias of a table that has none. */
  tableName: ["name", "table", "key"],
  columns: ["columns", "data_columns", "dataColumns", "fields", "dtypes", "schema", "inputs"],
  /** What can stand for the alias of a column that has none. */
  columnName: ["name", "column", "field"],
  type: ["type", "dtype", "data_type", "dataType", "inputType", "input_type"],
  nullable: ["nullable", "is_nullable", "isNullable", "optional", "is_optional", "isOptional"],
  required: ["required", "is_required", "isRequired", "mandatory", "is_mandatory", "isMandatory"],
  order: ["inputOrder", "input_order"],
  /** A default as Python's `str()` has it. */
  spelledDefault: ["defaultValue", "default_value"],
  description: ["description", "comment", "doc"],
  unit: ["unit", "units"],
  source: ["source", "source_column", "sourceColumn"],
  nullMeaning: ["null_meaning", "nullMeaning", "null_value", "nullValue", "missing"],
  allowedValues: ["allowed_values", "allowedValues", "categories", "enum"],
  /** Allowed values too, but only where it cannot be a sample. */
  values: ["values"],
} as const satisfies Record<string, readonly string[]>;

/** A default as JSON has it; null means something here. */
export const DEFAULT_KEY = "default";

export type Key = keyof typeof SPELLINGS;

/** Words for a section that can as well be the name of a table; the others are words of the platform. */
export const EVERYDAY_WORDS: ReadonlySet<string> = new Set(["inputs", "datasets"]);

/** Keys with which an object speaks of one column, and of nothing else. */
export const COLUMN_KEYS: ReadonlySet<string> = new Set([
  DEFAULT_KEY,
  ...SPELLINGS.type,
  ...SPELLINGS.nullable,
  ...SPELLINGS.required,
  ...SPELLINGS.order,
  ...SPELLINGS.spelledDefault,
  ...SPELLINGS.description,
  ...SPELLINGS.unit,
  ...SPELLINGS.source,
  ...SPELLINGS.nullMeaning,
  ...SPELLINGS.allowedValues,
]);

/** A value and its place in the file. */
export interface Found {
  readonly value: unknown;
  readonly path: string;
}

/** What an object has under any spelling of a key, in the order of the spellings; null is the same as nothing. */
export function findAll(object: Readonly<Record<string, unknown>>, key: Key, path: string): Found[] {
  return SPELLINGS[key].flatMap((spelling) => {
    const value = Object.hasOwn(object, spelling) ? object[spelling] : undefined;
    return value === undefined || value === null ? [] : [{ value, path: memberPath(path, spelling) }];
  });
}
