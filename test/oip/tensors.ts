/** What a caller of the protocol does, over protobuf-es: inputs of a contract to tensors, and tensors to values. */
import assert from "node:assert/strict";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import type { Service, FieldType } from "../../src/contract/model.js";
import { valueFromJson } from "../../src/json/decode.js";
import { encodeJson } from "../../src/json/encode.js";
import { parseDate, parseDateTime, parseDecimal } from "../../src/lexical.js";
import { inputTensors, outputTensors, type OutputTensor } from "../../src/oip/tensors.js";
import {
  InferTensorContentsSchema,
  ModelInferRequestSchema,
  ModelInferResponseSchema,
  type InferTensorContents,
  type ModelInferRequest,
} from "../../src/proto/gen/inference/grpc_predict_v2_pb.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { isStruct, newStruct, type Struct, type Value } from "../../src/values.js";

export type Cell = boolean | number | bigint | string;

export interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly cells: readonly Cell[];
  /** Absent: `[cells.length]`. */
  readonly shape?: readonly number[];
}

const FILLERS: Readonly<Record<string, Cell>> = { BOOL: false, INT64: 0n, FP64: 0, BYTES: "" };

const FIELDS = {
  BOOL: "boolContents",
  INT8: "intContents",
  INT16: "intContents",
  INT32: "intContents",
  INT64: "int64Contents",
  UINT8: "uintContents",
  UINT16: "uintContents",
  UINT32: "uintContents",
  UINT64: "uint64Contents",
  FP32: "fp32Contents",
  FP64: "fp64Contents",
  BYTES: "bytesContents",
} as const satisfies Record<string, keyof InferTensorContents>;

/** What a request has beside its inputs. */
type Rest = Exclude<MessageInitShape<typeof ModelInferRequestSchema>, ModelInferRequest>;

export function requestOf(tensors: readonly Tensor[], isRaw = false, rest: Rest = {}): ModelInferRequest {
  return create(ModelInferRequestSchema, {
    modelName: "sample_decision",
    ...rest,
    inputs: tensors.map(({ name, datatype, cells, shape = [cells.length] }) => ({
      name,
      datatype,
      shape: shape.map(BigInt),
      ...(isRaw ? {} : { contents: typed(datatype, cells) }),
    })),
    rawInputContents: isRaw ? tensors.map(({ datatype, cells }) => raw(datatype, cells)) : [],
  });
}

export function bytesOf(request: ModelInferRequest): Uint8Array {
  return toBinary(ModelInferRequestSchema, request);
}

function typed(datatype: string, cells: readonly Cell[]): InferTensorContents {
  const field = FIELDS[datatype as keyof typeof FIELDS];
  const values = datatype === "BYTES" ? cells.map((cell) => Buffer.from(String(cell))) : cells;
  return create(InferTensorContentsSchema, { [field]: values });
}

/** Raw contents as numpy and tritonclient write them. */
export function raw(datatype: string, cells: readonly Cell[]): Uint8Array {
  return Buffer.concat(cells.map((cell) => rawCell(datatype, cell)));
}

function rawCell(datatype: string, cell: Cell): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const of = (length: number): Uint8Array => new Uint8Array(view.buffer, 0, length);
  switch (datatype) {
    case "BOOL":
    case "UINT8":
      view.setUint8(0, Number(cell));
      return of(1);
    case "INT8":
      view.setInt8(0, Number(cell));
      return of(1);
    case "INT16":
      view.setInt16(0, Number(cell), true);
      return of(2);
    case "UINT16":
      view.setUint16(0, Number(cell), true);
      return of(2);
    case "INT32":
      view.setInt32(0, Number(cell), true);
      return of(4);
    case "UINT32":
      view.setUint32(0, Number(cell), true);
      return of(4);
    case "INT64":
      view.setBigInt64(0, BigInt(cell), true);
      return of(8);
    case "UINT64":
      view.setBigUint64(0, BigInt(cell), true);
      return of(8);
    case "FP32":
      view.setFloat32(0, Number(cell), true);
      return of(4);
    case "FP64":
      view.setFloat64(0, Number(cell), true);
      return of(8);
    default: {
      const text = Buffer.from(String(cell));
      view.setUint32(0, text.length, true);
      return Buffer.concat([of(4), text]);
    }
  }
}

/** A cell of the datatype that metadata name for the type. */
function cellOf(type: FieldType, value: Value): Cell {
  if (typeof value === "object" && value !== null && "text" in value && typeof value.text === "string") {
    if (["decimal", "date", "datetime"].includes(type.kind)) return value.text;
  }
  if (["array", "map", "struct", "dynamic"].includes(type.kind)) return encodeJson(value);
  assert.ok(typeof value !== "object");
  return value;
}

const DATATYPES: Readonly<Record<string, string>> = { boolean: "BOOL", integer: "INT64", double: "FP64" };

/** The tensors of inputs; a column that is absent in every row is left out. */
export function tensorsOf(service: Service, inputs: Struct): readonly Tensor[] {
  const found = inputTensors(service);
  assert.ok(found.ok);
  return found.tensors.flatMap(({ name, nulls, source, type, isColumn, within }) => {
    const holder = within === undefined ? inputs : inputs[within];
    const records = isColumn ? (Array.isArray(holder) ? holder : []) : [holder];
    const values = records.map((record) => (isStruct(record) ? (record[source] ?? undefined) : undefined));
    if (values.every((value) => value === undefined)) return [];
    const datatype = DATATYPES[type.kind] ?? "BYTES";
    const cells = values.map((value) =>
      value === undefined ? (FILLERS[datatype] ?? "") : cellOf(type, value),
    );
    const isNull = values.map((value) => value === undefined);
    const own = { name, datatype, cells };
    if (nulls === undefined || !isNull.includes(true)) return [own];
    return [own, { name: nulls, datatype: "BOOL", cells: isNull }];
  });
}

/** The tensors of a reply, whichever form their contents have. */
export function readReply(bytes: Uint8Array): ReadonlyMap<string, Tensor> {
  const { outputs, rawOutputContents } = fromBinary(ModelInferResponseSchema, bytes);
  return new Map(
    outputs.map(({ name, datatype, shape, contents }, index) => {
      const [count = 0n, ...others] = shape;
      assert.deepEqual(others, []);
      const part = rawOutputContents[index];
      assert.notEqual(part === undefined, contents === undefined);
      const cells =
        part === undefined
          ? typedCells(datatype, contents)
          : rawCells(datatype, Buffer.from(part), Number(count));
      assert.equal(cells.length, Number(count));
      return [name, { name, datatype, cells }];
    }),
  );
}

function typedCells(datatype: string, contents: InferTensorContents | undefined): readonly Cell[] {
  const cells: readonly (Cell | Uint8Array)[] = contents?.[FIELDS[datatype as keyof typeof FIELDS]] ?? [];
  return cells.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString() : cell));
}

function rawCells(datatype: string, bytes: Buffer, count: number): readonly Cell[] {
  let at = 0;
  const cells = Array.from({ length: count }, (): Cell => {
    if (datatype === "BYTES") {
      const length = bytes.readUInt32LE(at);
      at += 4 + length;
      return bytes.toString("utf8", at - length, at);
    }
    at += datatype === "BOOL" ? 1 : 8;
    if (datatype === "BOOL") return bytes[at - 1] === 1;
    return datatype === "INT64" ? bytes.readBigInt64LE(at - 8) : bytes.readDoubleLE(at - 8);
  });
  assert.equal(at, bytes.length);
  return cells;
}

/** The result that the tensors of a reply stand for. */
export function resultOf(service: Service, reply: ReadonlyMap<string, Tensor>): Value {
  const found = outputTensors(service);
  assert.ok(found.ok);
  const [first] = found.tensors;
  if (first === undefined) return newStruct();
  const count = reply.get(first.name)?.cells.length ?? 0;
  const rows = Array.from({ length: count }, (_, index): Value => {
    if (first.source === undefined) return valueAt(first, reply, index) ?? null;
    const struct = newStruct();
    for (const tensor of found.tensors) {
      const value = valueAt(tensor, reply, index);
      if (value !== undefined) struct[tensor.source ?? ""] = value;
    }
    return struct;
  });
  return first.isColumn ? rows : (rows[0] ?? null);
}

function valueAt(
  { name, nulls, type }: OutputTensor,
  reply: ReadonlyMap<string, Tensor>,
  index: number,
): Value | undefined {
  if (nulls !== undefined && reply.get(nulls)?.cells[index] === true) return undefined;
  const cell = reply.get(name)?.cells[index];
  assert.ok(cell !== undefined, name);
  switch (type.kind) {
    case "decimal":
      return parseDecimal(String(cell));
    case "date":
      return parseDate(String(cell));
    case "datetime":
      return parseDateTime(String(cell));
    case "array":
    case "map":
    case "struct":
    case "dynamic":
      return valueFromJson(type, parseStrictJson(Buffer.from(String(cell)), "test"), "", []);
    default:
      return cell;
  }
}
