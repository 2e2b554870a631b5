/** The inputs and the answer of an artifact, with the types that the contract has where the files have none. */
import { isStatedType } from "../artifact/data-type.js";
import type { InputColumn, InputInfo } from "../artifact/input-info.js";
import type { Field, FieldType, Service } from "../contract/model.js";
import { inSourceOrder } from "../contract/model.js";
import { typeInWords } from "../contract/type-in-words.js";
import type { DescribedColumn, DescribedOutput, DescribedTable, TypeOrigin } from "./description.js";

export interface DescribedInputs {
  readonly tables: readonly DescribedTable[];
  readonly arguments: readonly DescribedColumn[];
  readonly parameters: readonly DescribedColumn[];
}

/** @param service the contract; undefined when there is none because something is not stated */
export function describeInputs(
  { tables, arguments: args, parameters }: InputInfo,
  service: Service | undefined,
): DescribedInputs {
  const types = service === undefined ? new Map<string, string>() : typesOf(service);
  const described = (owner: string, columns: readonly InputColumn[]): readonly DescribedColumn[] =>
    columns.map((column) => describeColumn(column, types.get(owner + column.alias)));
  return {
    tables: tables.map(({ alias, nullable, description, columns }) => ({
      alias,
      nullable,
      description,
      columns: described(`${alias}.`, columns),
    })),
    arguments: described("", args),
    parameters: described("parameters.", parameters),
  };
}

function describeColumn(column: InputColumn, stated: string | undefined): DescribedColumn {
  const { alias, type, spelledType, nullable, description, documentation = {}, default: fallback } = column;
  const isFromLock = !isStatedType(type) && stated !== undefined;
  return {
    alias,
    type: isFromLock ? stated : spelledType,
    typeOrigin: originOf(column, isFromLock),
    nullable,
    description,
    documentation,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function originOf({ type, origin }: InputColumn, isFromLock: boolean): TypeOrigin {
  if (isFromLock) return "lock";
  if (!isStatedType(type)) return "unknown";
  if (origin === undefined) return "input_info.json";
  return origin === "metadata" ? "metadata.json" : "convention";
}

function typesOf({ operation }: Service): Map<string, string> {
  const types = new Map<string, string>();
  for (const field of operation.request.fields) {
    if (field.role === "argument") types.set(field.source, field.spelledType);
    else
      for (const column of membersOf(field.type))
        types.set(`${field.source}.${column.source}`, column.spelledType);
  }
  return types;
}

/** What the contract promises of the answer; without a contract, what the metadata says. */
export function describeOutput(service: Service | undefined, spelled: string | undefined): DescribedOutput {
  if (service === undefined) {
    const isDeclared = spelled !== undefined;
    return {
      origin: isDeclared ? "metadata" : "undeclared",
      ...(isDeclared ? { type: spelled } : {}),
      isList: false,
      fields: [],
    };
  }
  const { resultOrigin: origin, operation } = service;
  const [{ spelledType, type }] = operation.response.fields;
  if (origin === "undeclared") return { origin, isList: false, fields: [] };
  const fields = membersOf(type).map((field) => ({ name: field.source, type: typeInWords(field) }));
  return { origin, type: spelledType, isList: type.kind === "array" && fields.length > 0, fields };
}

/** The members of a record or of each record of a list. */
function membersOf(type: FieldType): readonly Field[] {
  if (type.kind === "array") return membersOf(type.items);
  return type.kind === "struct" ? inSourceOrder(type.message) : [];
}
