/** The bytes of one call in each protocol, and the check that an answer says what `main()` says. */
import { loadFileDescriptorSetFromBuffer, type MethodDefinition } from "@grpc/proto-loader";
import { soapAction } from "../src/contract/soap-names.js";
import { soapPath, type Field, type FieldType, type Service } from "../src/contract/model.js";
import { descriptorSetBytes } from "../src/proto/descriptor.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../src/values.js";
import { element, escapeText } from "../src/xml-printer.js";
import type { Target } from "./load/connection.js";
import type { Workload } from "./workloads.js";

export interface Call {
  readonly request: Omit<Target, "port" | "timeoutMs">;
  /** Whether a payload is the answer, read with another library than the gateway's own. */
  isAnswer(payload: Buffer, answer: Workload["answer"]): boolean;
}

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";

/** The call over SOAP; the same bytes for every server. */
export function soapCall(service: Service, inputs: Struct): Call {
  const { operation, namespace } = service;
  const payload = element(`v1:${operation.name}`, xmlFields(operation.request.fields, inputs));
  const body = element("soapenv:Body", payload);
  const envelope = element("soapenv:Envelope", body, { "xmlns:soapenv": ENVELOPE, "xmlns:v1": namespace });
  const [result] = operation.response.fields;
  return {
    request: {
      protocol: "soap",
      path: soapPath(service),
      payload: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${envelope}`),
      action: soapAction(service),
    },
    isAnswer(bytes, answer) {
      const text = bytes.toString();
      return fieldsOf(result.type).every(({ source, xmlName }) => {
        const found = new RegExp(`<(?:[\\w.-]+:)?${xmlName}>([^<]*)</`).exec(text)?.[1];
        const expected = answer[source];
        return typeof expected === "number" ? Number(found) === expected : found === String(expected);
      });
    },
  };
}

/** The call over gRPC; the same bytes for every server. */
export function grpcCall(service: Service, inputs: Struct): Call {
  const { operation, protoPackage, name } = service;
  const method = loadMethod(service);
  const [result] = operation.response.fields;
  return {
    request: {
      protocol: "grpc",
      path: `/${protoPackage}.${name}/${operation.name}`,
      payload: method.requestSerialize(protoFields(operation.request.fields, inputs)),
      action: "",
    },
    isAnswer(bytes, answer) {
      const { result: record } = method.responseDeserialize(bytes) as { result?: Record<string, unknown> };
      return fieldsOf(result.type).every(({ source, protoName }) => record?.[protoName] === answer[source]);
    },
  };
}

function loadMethod(service: Service): MethodDefinition<object, object> {
  const name = `${service.protoPackage}.${service.name}`;
  const loaded = loadFileDescriptorSetFromBuffer(Buffer.from(descriptorSetBytes(service)), {
    keepCase: true,
  });
  const definition = loaded[name];
  const method =
    definition === undefined || "format" in definition ? undefined : definition[service.operation.name];
  if (method === undefined) throw new TypeError(`The descriptors define no service ${name}.`);
  return method;
}

function fieldsOf(type: FieldType): readonly Field[] {
  return type.kind === "struct" ? type.message.fields : [];
}

function xmlFields(fields: readonly Field[], struct: Struct): string {
  return fields
    .flatMap(({ source, xmlName, type }) => {
      const value = struct[source];
      return value === undefined || value === null ? [] : [element(`v1:${xmlName}`, xmlContent(type, value))];
    })
    .join("");
}

function xmlContent(type: FieldType, value: Value): string {
  if (type.kind === "array" && Array.isArray(value)) {
    return value.map((item) => element(`v1:${type.itemName}`, xmlContent(type.items, item))).join("");
  }
  if (type.kind === "struct" && isStruct(value)) return xmlFields(type.message.fields, value);
  return escapeText(textOf(value));
}

function textOf(value: Value): string {
  if (value instanceof Decimal || value instanceof DateTime || value instanceof CalendarDate)
    return value.text;
  if (typeof value !== "object") return String(value);
  throw new TypeError("The benchmark sends tables of scalars only.");
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
