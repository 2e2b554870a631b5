/**
 * The tensors of a contract: one for each column, argument and runtime parameter, and for each output. The one place that
 * knows how the fields of a contract are spread over a flat set of names.
 */
import type { ArrayType, Field, FieldType, Service } from "../contract/model.js";
import { joinPath } from "../errors.js";
import { DATATYPE_OF, type ContractDatatype } from "./datatypes.js";

/** What is put behind a tensor's name for the BOOL tensor that says which of its elements are null. */
export const NULL_SUFFIX = "__is_null";

interface Tensor {
  readonly name: string;
  /** Name of the tensor that says which elements are null; absent where none can be. */
  readonly nulls?: string;
  /** Key in the record that holds the value; `undefined` for a value that is no member of a record. */
  readonly source: string | undefined;
  readonly type: FieldType;
  /** Whether there are as many elements as rows; otherwise there is one. */
  readonly isColumn: boolean;
}

/** A column, an argument or a runtime parameter. */
export interface InputTensor extends Tensor {
  readonly source: string;
  /** Field of the request that holds it, for a column its table; `undefined` for an argument. */
  readonly within: string | undefined;
  /** Most rows; 1 for what is no column. */
  readonly maxRows: number;
}

export type OutputTensor = Tensor;

/** What `ModelMetadata` says of a tensor. */
export interface TensorDescription {
  readonly name: string;
  readonly datatype: ContractDatatype;
  /** -1 stands for the number of rows. */
  readonly shape: -1 | 1;
}

/** The tensors, or the name that two of them would have. */
export type Named<T extends Tensor> =
  { readonly ok: true; readonly tensors: readonly T[] } | { readonly ok: false; readonly conflict: string };

/**
 * The inputs of a contract. With one table a column has its own name, otherwise `table.column`; an argument or runtime
 * parameter has its own. Where two would be called the same, all columns and parameters have their long names.
 */
export function inputTensors({ operation }: Pick<Service, "operation">): Named<InputTensor> {
  const { fields } = operation.request;
  const hasOneTable = fields.filter(({ role }) => role === "table").length === 1;
  const spread = (isLong: boolean): readonly InputTensor[] =>
    fields.flatMap((field) => {
      if (field.role === "argument") return [single(field, undefined, field.source)];
      if (field.role === "parameters") {
        return membersOf(field.type).map((member) =>
          single(member, field.source, isLong ? joinPath(field.source, member.source) : member.source),
        );
      }
      return columnsOf(field, isLong || !hasOneTable);
    });
  const short = named(spread(false));
  return short.ok ? short : named(spread(true));
}

/** The outputs of a contract: the fields of the result, or `result` itself where it has none. */
export function outputTensors({ operation }: Pick<Service, "operation">): Named<OutputTensor> {
  const [result] = operation.response.fields;
  const { type } = result;
  const isColumn = type.kind === "array";
  const record = type.kind === "array" ? type.items : type;
  if (record.kind !== "struct") {
    return named([{ name: result.source, source: undefined, type: record, isColumn }]);
  }
  return named(
    record.message.fields.map(({ source, type: member, required }) => ({
      name: source,
      ...(required ? {} : { nulls: source + NULL_SUFFIX }),
      source,
      type: member,
      isColumn,
    })),
  );
}

/** The tensors with those that say which of their elements are null, each behind its own. */
export function describeTensors(tensors: readonly Tensor[]): readonly TensorDescription[] {
  return tensors.flatMap(({ name, nulls, type, isColumn }) => {
    const shape = isColumn ? -1 : 1;
    const own: TensorDescription = { name, datatype: DATATYPE_OF[type.kind], shape };
    return nulls === undefined ? [own] : [own, { name: nulls, datatype: "BOOL", shape }];
  });
}

function single(field: Field, within: string | undefined, name: string): InputTensor {
  return { name, source: field.source, type: field.type, isColumn: false, within, maxRows: 1 };
}

function columnsOf(table: Field, isLong: boolean): readonly InputTensor[] {
  const { source: within, type } = table;
  const rows: ArrayType | undefined = type.kind === "array" ? type : undefined;
  return membersOf(rows?.items ?? type).map(({ source, type: column, required }) => {
    const name = isLong ? joinPath(within, source) : source;
    return {
      name,
      ...(required ? {} : { nulls: name + NULL_SUFFIX }),
      source,
      type: column,
      isColumn: true,
      within,
      maxRows: rows?.maxItems ?? 1,
    };
  });
}

function membersOf(type: FieldType): readonly Field[] {
  return type.kind === "struct" ? type.message.fields : [];
}

function named<T extends Tensor>(tensors: readonly T[]): Named<T> {
  const seen = new Set<string>();
  for (const { name } of describeTensors(tensors)) {
    if (seen.has(name)) return { ok: false, conflict: name };
    seen.add(name);
  }
  return { ok: true, tensors };
}
