/** Runtime parameters: scalars that are set when `main()` is run, beside what it is run on. */
import type { InputColumn } from "./input-model.js";
import { isEmptyContainer } from "./json-kind.js";
import type { Reading } from "./one-way.js";
import { columnShape, listRawColumns } from "./raw-columns.js";
import { readColumns } from "./read-columns.js";
import type { Found } from "./spellings.js";

/** The name under which the call path hands runtime parameters on, beside the tables and arguments. */
export const PARAMETERS = "parameters";

/** The platform allows text and numbers only. */
const PLATFORM_KINDS: ReadonlySet<string> = new Set(["string", "numerical", "integer", "decimal", "any"]);

/** The parameters of a list or an object, in the order of the file. */
export function readRuntimeParameters({ value, path }: Found, reading: Reading): InputColumn[] {
  const { problems, warnings } = reading;
  if (isEmptyContainer(value)) return [];
  const raw = listRawColumns(value, columnShape(value), path, problems);
  const parameters = readColumns(raw, "parameter", new Map(), reading);
  const paths = new Map(raw.map((column) => [column.alias.value, column.path]));
  for (const { alias, type } of parameters.filter((each) => !PLATFORM_KINDS.has(each.type.kind))) {
    const message = `The platform documents no runtime parameters of the type ${type.kind}.`;
    warnings.add(paths.get(alias) ?? path, message, "Nothing, if main() takes it.");
  }
  return parameters;
}
