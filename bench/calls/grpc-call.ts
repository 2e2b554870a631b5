/** The call over gRPC; the same bytes for every server that takes the gateway's own contract. */
import { loadFileDescriptorSetFromBuffer, type MethodDefinition } from "@grpc/proto-loader";
import type { Field, FieldType, Service } from "../../src/contract/model.js";
import { descriptorSetBytes } from "../../src/proto/descriptor.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../../src/values.js";
import type { ConstantCall } from "./call.js";
import { resultFields } from "./result-fields.js";

export function grpcCall(service: Service, inputs: Struct): ConstantCall {
  const { operation, protoPackage, name } = service;
  const method = loadMethod(service);
  const fields = resultFields(service);
  const [result] = operation.response.fields;
  return {
    request: {
      protocol: "grpc",
      path: `/${protoPackage}.${name}/${operation.name}`,
      payload: method.requestSerialize(protoFields(operation.request.fields, inputs)),
      headers: [],
    },
    isAnswer(bytes, answer) {
      const { result: record } = method.responseDeserialize(bytes) as { result?: Record<string, unknown> };
      return fields.every(({ source, protoName }) => String(record?.[protoName]) === String(answer[source]));
    },
    answerBytes(answer) {
      const record = Object.fromEntries(fields.map(({ source, protoName }) => [protoName, answer[source]]));
      return method.responseSerialize({ [result.protoName]: record });
    },
  };
}

function loadMethod(service: Service): MethodDefinition<object, object> {
  const name = `${service.protoPackage}.${service.name}`;
  const loaded = loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSetBytes(service)), {
    keepCase: true,
    // 64-bit integers as text: exact.
    longs: String,
  });
  const definition = loaded[name];
  const method =
    definition === undefined || "format" in definition ? undefined : definition[service.operation.name];
  if (method === undefined) throw new TypeError(`The descriptors define no service ${name}.`);
  return method;
}

/** Messages as proto-loader takes them, by proto names. */
function protoFields(fields: readonly Field[], struct: Struct): object {
  return Object.fromEntries(
    fields.flatMap(({ source, protoName, type }) => {
      const value = struct[source];
      return value === undefined || value === null ? [] : [[protoName, protoValue(type, value)]];
    }),
  );
}

function protoValue(type: FieldType, value: Value): unknown {
  if (type.kind === "array" && Array.isArray(value)) return value.map((item) => protoValue(type.items, item));
  if (type.kind === "struct" && isStruct(value)) return protoFields(type.message.fields, value);
  if (value instanceof Decimal) return { value: value.text };
  if (value instanceof CalendarDate) {
    const [year, month, day] = value.text.split("-").map(Number);
    return { year, month, day };
  }
  if (value instanceof DateTime) {
    const [whole = "", fraction = ""] = value.text.split(".");
    return { seconds: Date.parse(`${whole}Z`) / 1000, nanos: Number(fraction.padEnd(9, "0")) };
  }
  return typeof value === "bigint" ? String(value) : value;
}
