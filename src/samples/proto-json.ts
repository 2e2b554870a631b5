/** A message as ProtoJSON (protobuf.dev, "ProtoJSON Format"): what `grpcurl -d` and `buf curl -d` take and print. */
import type { FieldType, Message } from "../contract/model.js";
import { readDay } from "../lexical.js";
import { nativeMapKey } from "../proto/proto-types.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../values.js";

/** A tree that `json/encode.ts` prints; the fields are under their proto names and in their order. */
export function toProtoJson(message: Message, record: Struct): Value {
  const members = message.fields.flatMap(({ source, protoName, type }): [Value, Value][] => {
    const value = record[source];
    return value === undefined || value === null ? [] : [[protoName, fieldJson(type, value)]];
  });
  return new Map(members);
}

function fieldJson(type: FieldType, value: Value): Value {
  switch (type.kind) {
    case "array":
      return Array.isArray(value) ? value.map((item) => elementJson(type.items, item)) : value;
    case "map": {
      const entries = value instanceof Map ? [...value] : [];
      const isNative = nativeMapKey(type) !== undefined;
      if (isNative)
        return new Map(entries.map(([key, item]) => [keyText(key), elementJson(type.value, item)]));
      return entries.map(
        ([key, item]) =>
          new Map<Value, Value>([
            ["key", fieldJson(type.key, key)],
            ["value", fieldJson(type.value, item)],
          ]),
      );
    }
    case "struct":
      return isStruct(value) ? toProtoJson(type.message, value) : value;
    default:
      return leafJson(value);
  }
}

/** A list or map inside another one stands in a message of its own. */
function elementJson(type: FieldType, value: Value): Value {
  if (type.kind === "array") return new Map([["items", fieldJson(type, value)]]);
  if (type.kind === "map") return new Map([["entries", fieldJson(type, value)]]);
  return fieldJson(type, value);
}

function leafJson(value: Value): Value {
  if (typeof value === "bigint") return String(value);
  if (value === Infinity) return "Infinity";
  if (value === -Infinity) return "-Infinity";
  if (value instanceof Decimal) return new Map([["value", value.text]]);
  if (value instanceof DateTime) return `${value.text}Z`;
  if (!(value instanceof CalendarDate)) return value;
  const { year, month, day } = readDay(value) ?? { year: 0, month: 0, day: 0 };
  return new Map<Value, Value>([
    ["year", BigInt(year)],
    ["month", BigInt(month)],
    ["day", BigInt(day)],
  ]);
}

function keyText(key: Value): string {
  return typeof key === "boolean" || typeof key === "bigint" || typeof key === "string" ? String(key) : "";
}
