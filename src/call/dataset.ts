/** Reads a table that `main()` returned column by column, the way it got its own tables. */
import type { Message } from "../contract/model.js";
import type { PythonValue } from "../values.js";

export interface Dataset {
  readonly length: number;
  /** The values of each column, by its name; a value that is not there is `None`. */
  readonly columns: ReadonlyMap<PythonValue, readonly PythonValue[]>;
}

/**
 * Compiles the reader of dataset dicts `{column: {"type": ..., "values": [...]}}` for one kind of row, once.
 * @returns a function that gives `undefined` unless the columns are all declared and equally long: what is no dataset
 * dict is then read as it is
 */
export function compileDatasetReader({ fields }: Message): (value: PythonValue) => Dataset | undefined {
  const declared = new Set<PythonValue>(fields.map(({ source }) => source));
  return (value) => {
    if (!(value instanceof Map) || value.size === 0) return undefined;
    const columns = new Map<PythonValue, readonly PythonValue[]>();
    let length: number | undefined;
    for (const [name, column] of value) {
      const values = column instanceof Map && declared.has(name) ? column.get("values") : undefined;
      if (!Array.isArray(values)) return undefined;
      length ??= values.length;
      if (values.length !== length) return undefined;
      columns.set(name, values);
    }
    return { length: length ?? 0, columns };
  };
}
