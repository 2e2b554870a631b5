/** Reads a table that `main()` returned column by column, the way it got its own tables, into rows. */
import type { Message } from "../contract/model.js";
import type { PythonValue } from "../values.js";

/**
 * The rows of a dataset dict `{column: {"type": ..., "values": [...]}}` whose columns are all declared and equally
 * long; `undefined` for everything else, which is then read as it is.
 */
export function readDataset(row: Message, value: PythonValue): Map<PythonValue, PythonValue>[] | undefined {
  if (!(value instanceof Map) || value.size === 0) return undefined;
  const columns: [PythonValue, PythonValue[]][] = [];
  for (const [name, column] of value) {
    const values =
      column instanceof Map && row.fields.some(({ source }) => source === name)
        ? column.get("values")
        : undefined;
    if (!Array.isArray(values)) return undefined;
    columns.push([name, values]);
  }
  const [first] = columns;
  const length = first?.[1].length ?? 0;
  if (columns.some(([, values]) => values.length !== length)) return undefined;
  return Array.from(
    { length },
    (_, index) => new Map(columns.map(([name, values]) => [name, values[index] ?? null])),
  );
}
