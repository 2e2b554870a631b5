/** Types for columns that `input_info.json` lists without one: stated by a person, now or in the contract before. */
import { isStatedType, type DataType } from "../artifact/data-type.js";
import { INPUT_INFO_FILE, type InputColumn, type InputInfo } from "../artifact/input-info.js";
import { problemList, shown, type ProblemList } from "../problems.js";
import { dataTypeOf } from "./data-type-of.js";
import type { Field, FieldType, Service } from "./model.js";

export interface StatedType {
  readonly type: DataType;
  readonly spelled: string;
}

/** By the artifact's names: `application.annual_income`, `user_message`, `parameters.strategy`. */
export type StatedTypes = ReadonlyMap<string, StatedType>;

/**
 * The inputs with a type for everything.
 * @throws Refusal `artifact` with every column that nobody has stated a type of, and every statement that meets no such column
 */
export function stateTypes(inputs: InputInfo, stated: StatedTypes, previous: Service | undefined): InputInfo {
  const problems = problemList(INPUT_INFO_FILE);
  // Only where it is needed: types of a lock can be large.
  let before: StatedTypes | undefined;
  const typeBefore = (path: string): StatedType | undefined => {
    if (previous === undefined) return undefined;
    before ??= typesBefore(previous);
    return before.get(path);
  };
  const unmet = new Set(stated.keys());
  const state = (owner: string, columns: readonly InputColumn[]): readonly InputColumn[] =>
    columns.map((column) => {
      const path = owner + column.alias;
      if (isStatedType(column.type)) return column;
      unmet.delete(path);
      const found = stated.get(path) ?? typeBefore(path);
      if (found === undefined) complain(path, problems);
      return found === undefined ? column : { ...column, type: found.type, spelledType: found.spelled };
    });
  const whole: InputInfo = {
    ...inputs,
    tables: inputs.tables.map((table) => ({ ...table, columns: state(`${table.alias}.`, table.columns) })),
    arguments: state("", inputs.arguments),
    parameters: state("parameters.", inputs.parameters),
  };
  for (const path of unmet) {
    problems.add(
      shown(path),
      "No column without a type is called so.",
      "State types of those that have none.",
    );
  }
  problems.refuse();
  return whole;
}

function complain(path: string, problems: ProblemList): void {
  problems.add(
    shown(path),
    "Is listed without a type.",
    "State it: `lock --type PATH=TYPE`, and serve with the lock.",
  );
}

function typesBefore({ operation }: Service): StatedTypes {
  const types = new Map<string, StatedType>();
  const add = (owner: string, { source, type, spelledType }: Field): void => {
    const known = dataTypeOf(type);
    if (known !== undefined) types.set(owner + source, { type: known, spelled: spelledType });
  };
  for (const field of operation.request.fields) {
    if (field.role === "argument") add("", field);
    else for (const column of columnsOf(field.type)) add(`${field.source}.`, column);
  }
  return types;
}

function columnsOf(type: FieldType): readonly Field[] {
  if (type.kind === "array") return columnsOf(type.items);
  return type.kind === "struct" ? type.message.fields : [];
}
