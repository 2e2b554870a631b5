/** A result of the contract to the tensors of a reply, compiled from it. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { TensorForm } from "../call/offload.js";
import type { FieldType } from "../contract/model.js";
import { GatewayError } from "../errors.js";
import { encodeJson } from "../json/encode.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../values.js";
import { DATATYPES, DATATYPE_OF, type ContractDatatype, type Element } from "./datatypes.js";
import type { OutputTensor } from "./tensors.js";

/** Fields of `ModelInferResponse`, of its `InferOutputTensor`, and the one dimension of a shape. */
const OUTPUTS = 5;
const RAW = 6;
const NAME = 1;
const DATATYPE = 2;
const SHAPE = 3;
const CONTENTS = 5;

/** One tensor with all of its elements. */
interface Filled {
  readonly name: string;
  readonly datatype: ContractDatatype;
  readonly elements: readonly Element[];
}

/**
 * The encoder of a model's results.
 * @returns a function that gives the fields `outputs` and `raw_output_contents` of a `ModelInferResponse`; it throws
 * `GatewayError` `output_invalid`
 */
export function compileEncodeOutputs(
  tensors: readonly OutputTensor[],
): (result: Value, form: TensorForm) => Uint8Array {
  const fillers = tensors.map((tensor) => ({ ...tensor, toElement: compileElement(tensor) }));
  return (result, { isRaw, wanted }) => {
    const chosen = wanted === undefined ? undefined : new Set(wanted);
    const filled = fillers.flatMap((tensor) => {
      const { name, nulls, toElement } = tensor;
      const wantsIt = chosen?.has(name) ?? true;
      // Whoever asks for a tensor gets its nulls too: without them its fillers would pass for values.
      const wantsNulls = nulls !== undefined && (wantsIt || chosen?.has(nulls) === true);
      if (!wantsIt && !wantsNulls) return [];
      const values = valuesOf(tensor, result);
      const datatype = DATATYPE_OF[tensor.type.kind];
      const own = wantsIt ? [{ name, datatype, elements: values.map(toElement) }] : [];
      if (!wantsNulls) return own;
      return [...own, { name: nulls, datatype: "BOOL" as const, elements: values.map(isNull) }];
    });
    return writeTensors(filled, isRaw);
  };
}

function isNull(value: Value | undefined): boolean {
  return value === undefined || value === null;
}

/** The values of a tensor, row by row. */
function valuesOf({ source, isColumn }: OutputTensor, result: Value): readonly (Value | undefined)[] {
  if (isColumn && !Array.isArray(result)) return refuse();
  const rows = isColumn && Array.isArray(result) ? result : [result];
  if (source === undefined) return rows;
  return rows.map((row) => recordOf(row)[source]);
}

function recordOf(row: Value): Struct {
  return isStruct(row) ? row : refuse();
}

/** What stands in the place of a null. A number that nobody could take for one is better than 0. */
const FILLERS = { BOOL: false, INT64: 0n, FP64: Number.NaN, BYTES: "" } as const satisfies Record<
  ContractDatatype,
  Element
>;

function compileElement({ type, nulls }: OutputTensor): (value: Value | undefined) => Element {
  const convert = converterOf(type);
  if (nulls === undefined) return (value = null) => convert(value);
  const filler = FILLERS[DATATYPE_OF[type.kind]];
  return (value) => (value === undefined || value === null ? filler : convert(value));
}

function converterOf({ kind }: FieldType): (value: Value) => Element {
  switch (kind) {
    case "string":
      return (value) => (typeof value === "string" ? value : refuse());
    case "boolean":
      return (value) => (typeof value === "boolean" ? value : refuse());
    case "double":
      return (value) => (typeof value === "number" ? value : refuse());
    case "integer":
      return (value) => (typeof value === "bigint" ? value : refuse());
    case "decimal":
      return (value) => (value instanceof Decimal ? value.text : refuse());
    case "date":
      return (value) => (value instanceof CalendarDate ? value.text : refuse());
    case "datetime":
      return (value) => (value instanceof DateTime ? value.text : refuse());
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return (value) => encodeJson(value);
  }
}

function refuse(): never {
  throw new GatewayError("output_invalid", "The artifact's answer does not fit the contract.", {
    started: true,
  });
}

function writeTensors(tensors: readonly Filled[], isRaw: boolean): Uint8Array {
  const writer = new BinaryWriter();
  for (const { name, datatype, elements } of tensors) {
    writer.tag(OUTPUTS, WireType.LengthDelimited).fork();
    writer.tag(NAME, WireType.LengthDelimited).string(name);
    writer.tag(DATATYPE, WireType.LengthDelimited).string(datatype);
    writer.tag(SHAPE, WireType.LengthDelimited).fork().int64(elements.length).join();
    if (!isRaw) {
      writer.tag(CONTENTS, WireType.LengthDelimited).fork();
      writeTyped(writer, datatype, elements);
      writer.join();
    }
    writer.join();
  }
  if (!isRaw) return writer.finish();
  for (const { elements } of tensors) writer.tag(RAW, WireType.LengthDelimited).bytes(rawBytes(elements));
  return writer.finish();
}

function writeTyped(writer: BinaryWriter, datatype: ContractDatatype, elements: readonly Element[]): void {
  const field = DATATYPES[datatype].contents;
  if (datatype !== "BYTES") writer.tag(field, WireType.LengthDelimited).fork();
  for (const element of elements) {
    if (typeof element === "string") writer.tag(field, WireType.LengthDelimited).string(element);
    else if (typeof element === "boolean") writer.bool(element);
    else if (typeof element === "bigint") writer.int64(element);
    else writer.double(element);
  }
  if (datatype !== "BYTES") writer.join();
}

/** The elements one behind the other, little endian; texts each behind its length in 4 bytes. */
function rawBytes(elements: readonly Element[]): Uint8Array {
  const length = elements.reduce((sum: number, element) => sum + rawLength(element), 0);
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const element of elements) {
    if (typeof element === "string") {
      const size = bytes.write(element, at + LENGTH_BYTES);
      at = bytes.writeUInt32LE(size, at) + size;
    } else if (typeof element === "boolean") at = bytes.writeUInt8(element ? 1 : 0, at);
    else if (typeof element === "bigint") at = bytes.writeBigInt64LE(element, at);
    else at = bytes.writeDoubleLE(element, at);
  }
  return bytes;
}

const LENGTH_BYTES = 4;

function rawLength(element: Element): number {
  if (typeof element === "string") return LENGTH_BYTES + Buffer.byteLength(element);
  return typeof element === "boolean" ? 1 : 8;
}
