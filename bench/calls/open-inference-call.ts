/** The call over gRPC in the Open Inference Protocol: one tensor for each column of the one table. */
import { join } from "node:path";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import type { Field, Service } from "../../src/contract/model.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../../src/values.js";
import type { Call } from "./call.js";

/** The name under which the peer serves the artifact. */
const MODEL = "artifact";

/** @param benchFolder stands beside `proto`, which has the protocol's definition */
export function openInferenceCall(service: Service, inputs: Struct, benchFolder: string): Call {
  const method = loadMethod(join(benchFolder, "..", "proto", "inference", "grpc_predict_v2.proto"));
  return {
    request: {
      protocol: "grpc",
      path: method.path,
      // Without an id of the caller the server makes one for each answer.
      payload: method.requestSerialize({ model_name: MODEL, id: "1", inputs: tensors(service, inputs) }),
      headers: [],
    },
    isAnswer(bytes, answer) {
      const { outputs = [] } = method.responseDeserialize(bytes) as { outputs?: readonly OutputTensor[] };
      const found = new Map(outputs.map(({ name, contents }) => [name, firstOf(contents)]));
      return Object.entries(answer).every(([name, value]) => found.get(name) === String(value));
    },
  };
}

interface OutputTensor {
  readonly name: string;
  readonly contents: Readonly<Record<string, readonly (string | number | boolean | Buffer)[]>>;
}

function firstOf(contents: OutputTensor["contents"]): string | undefined {
  const [value] = Object.values(contents).find((values) => values.length > 0) ?? [];
  return value?.toString();
}

function tensors({ operation }: Service, inputs: Struct): readonly object[] {
  return operation.request.fields.flatMap((table) => {
    const rows = inputs[table.source];
    const row = table.type.kind === "array" ? table.type.items : table.type;
    if (row.kind !== "struct" || !Array.isArray(rows)) return [];
    return row.message.fields.map((column) =>
      tensor(
        column,
        rows.map((one) => cell(one, column.source)),
      ),
    );
  });
}

function cell(row: Value, column: string): Value {
  const value = isStruct(row) ? row[column] : undefined;
  if (value !== undefined && value !== null) return value;
  throw new TypeError(`The Open Inference Protocol has no null, which ${column} is.`);
}

function tensor({ source, type }: Field, values: readonly Value[]): object {
  const shape = [values.length];
  switch (type.kind) {
    case "double":
      return { name: source, datatype: "FP64", shape, contents: { fp64_contents: values } };
    case "boolean":
      return { name: source, datatype: "BOOL", shape, contents: { bool_contents: values } };
    case "integer":
      return { name: source, datatype: "INT64", shape, contents: { int64_contents: values.map(String) } };
    default: {
      const bytes = values.map((value) => Buffer.from(textOf(value)));
      return { name: source, datatype: "BYTES", shape, contents: { bytes_contents: bytes } };
    }
  }
}

function textOf(value: Value): string {
  if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate)
    return value.text;
  if (typeof value === "string") return value;
  throw new TypeError("The benchmark sends tables of scalars only.");
}

function loadMethod(file: string): MethodDefinition<object, object> {
  const definition = loadSync(file, { keepCase: true, longs: String })["inference.GRPCInferenceService"];
  const method = definition === undefined || "format" in definition ? undefined : definition["ModelInfer"];
  if (method === undefined) throw new TypeError(`${file} defines no ModelInfer.`);
  return method;
}
