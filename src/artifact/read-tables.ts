/** The tables of `input_info.json`: a list of them (V5), or each under its name (V1 to V4 and V7). */
import { shown } from "../problems.js";
import { isJsonObject } from "../strict-json.js";
import { readDescription } from "./column-documentation.js";
import { INPUT_INFO_FILE, type InputColumn, type InputTable } from "./input-model.js";
import { isContainer, isEmptyContainer, kindOf } from "./json-kind.js";
import { readOneWay, type Reading, type Way } from "./one-way.js";
import { columnShape, findAlias, listRawColumns, noteOtherAlias } from "./raw-columns.js";
import { CORRECT, readAlias, readColumns, readNullable, type Aliases } from "./read-columns.js";
import { findAll, type Found } from "./spellings.js";

type Details = Readonly<Record<string, unknown>>;

/** The tables of a list, each an object with its alias and its columns. */
export function readTableList(
  items: readonly unknown[],
  path: string,
  aliases: Aliases,
  reading: Reading,
): InputTable[] {
  if (items.length > 0) reading.met.add("V5");
  return items.flatMap((item, index) => {
    const at = `${path}[${index}]`;
    if (!isJsonObject(item)) {
      reading.problems.add(at, `Found ${kindOf(item)}; expected an object with \`alias\`.`, CORRECT);
      return [];
    }
    const alias = readAlias(
      findAlias(item, "tableName", at, reading.problems),
      at,
      aliases,
      reading.problems,
    );
    const table = readDetailedTable(item, at, reading);
    return alias === undefined ? [] : [{ alias, ...table }];
  });
}

/** One table under its name. */
export function readNamedTable(
  name: string,
  value: unknown,
  path: string,
  aliases: Aliases,
  reading: Reading,
): InputTable | undefined {
  const alias = readAlias({ value: name, path }, path, aliases, reading.problems);
  const table = readOneWay(waysToRead(name, value, path), path, reading);
  return alias === undefined ? undefined : { alias, ...table };
}

type Unnamed = Omit<InputTable, "alias">;

function waysToRead(name: string, value: unknown, path: string): readonly [Way<Unnamed>, ...Way<Unnamed>[]] {
  const shape = columnShape(value);
  const bare: Way<Unnamed> = {
    variant: shape ?? "V1",
    meaning: "its columns themselves",
    read: (reading) => ({
      description: "",
      nullable: true,
      columns: readTheColumns([{ value, path }], path, reading),
    }),
  };
  if (!isJsonObject(value) || !findAll(value, "columns", path).some((found) => isContainer(found.value))) {
    return [bare];
  }
  const detailed: Way<Unnamed> = {
    variant: "V4",
    meaning: "an object that holds the columns under a key",
    read: (reading) => {
      noteOtherAlias(value, name, path, reading.problems);
      return readDetailedTable(value, path, reading);
    },
  };
  return shape === undefined ? [detailed] : [detailed, bare];
}

function readDetailedTable(details: Details, path: string, reading: Reading): Unnamed {
  const found = findAll(details, "columns", path).filter(({ value }) => isContainer(value));
  const columns = found.length === 0 ? findAll(details, "columns", path) : found;
  return {
    description: readDescription(details, path, reading.warnings),
    nullable: readNullable(details, path, reading.problems),
    columns: readTheColumns(columns, `${path}.columns`, reading),
  };
}

/** @param found every place that can hold the columns of the table; they must not be two */
function readTheColumns(found: readonly Found[], path: string, reading: Reading): InputColumn[] {
  const { problems } = reading;
  const [first, other] = found;
  if (first === undefined || isEmptyContainer(first.value)) {
    const remedy = `Name its columns in ${INPUT_INFO_FILE}.`;
    problems.add(first?.path ?? path, "A table has at least one column.", remedy);
    return [];
  }
  if (other !== undefined) {
    const message = `\`${shown(other.path)}\` can hold the columns of this table too.`;
    problems.add(first.path, message, "Keep one of them.");
  }
  const shape = columnShape(first.value);
  if (shape !== undefined) reading.met.add(shape);
  const raw = listRawColumns(first.value, shape, first.path, problems);
  return readColumns(raw, "column", new Map(), reading);
}
