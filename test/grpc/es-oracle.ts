/**
 * Another road between neutral values and protobuf bytes: protobuf-es and the descriptors, with none of the gateway's
 * codecs. What the two roads disagree on, one of them has wrong.
 */
import { create, createFileRegistry, fromBinary, toBinary, type DescMessage } from "@bufbuild/protobuf";
import { TimestampSchema, type Timestamp } from "@bufbuild/protobuf/wkt";
import { dateTimeFromEpoch } from "../../src/lexical.js";
import type { Field, FieldType, MapType, Message, Service } from "../../src/contract/model.js";
import { buildDescriptorSet } from "../../src/proto/descriptor.js";
import { DateSchema, type Date as GoogleDate } from "../../src/proto/gen/google/type/date_pb.js";
import { DecimalSchema, type Decimal as GoogleDecimal } from "../../src/proto/gen/google/type/decimal_pb.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";

export interface Oracle {
  /**
   * Whether it reads every message of the service. protobuf-es 2.17 takes what `Object.prototype` has under the name of a field
   * (`hasOwnProperty`) for its value, and merges into that.
   */
  readonly readsAll: boolean;
  encode(message: Message, value: Struct): Uint8Array;
  decode(message: Message, bytes: Uint8Array): Struct;
}

export function createOracle(service: Service): Oracle {
  const registry = createFileRegistry(buildDescriptorSet(service));
  const descOf = (name: string): DescMessage => {
    const desc = registry.getMessage(`${service.protoPackage}.${name}`);
    if (desc === undefined) throw new Error(`no message ${name}`);
    return desc;
  };

  const build = (name: string, members: Iterable<readonly [number, unknown]>): object => {
    const desc = descOf(name);
    const message = create(desc);
    for (const [number, member] of members) Reflect.set(message, localName(desc, number), member);
    return message;
  };
  const toStruct = (message: Message, value: Struct): object =>
    build(
      message.name,
      message.fields
        .filter(({ source }) => value[source] !== undefined)
        .map((field) => [field.number, toEs(field.type, value[field.source] ?? null)] as const),
    );
  const toEs = (type: FieldType, value: Value): unknown => {
    if (type.kind === "array" && Array.isArray(value))
      return value.map((item) => toElement(type.items, item));
    if (type.kind === "map" && value instanceof Map) {
      if (isNative(type)) {
        return Object.fromEntries(
          [...value].map(([key, item]) => [keyText(key), toElement(type.value, item)]),
        );
      }
      return [...value].map(([key, item]) =>
        build(type.entryName, [
          [1, toEs(type.key, key)],
          [2, toEs(type.value, item)],
        ]),
      );
    }
    if (type.kind === "struct") return toStruct(type.message, asStruct(value));
    if (value instanceof Decimal) return create(DecimalSchema, { value: value.text });
    if (value instanceof CalendarDate) {
      const [year = 0, month = 0, day = 0] = value.text.split("-").map(Number);
      return create(DateSchema, { year, month, day });
    }
    if (value instanceof DateTime) {
      const [whole = "", fraction = ""] = value.text.split(".");
      const seconds = BigInt(Math.floor(Date.parse(`${whole}Z`) / 1000));
      return create(TimestampSchema, { seconds, nanos: Number(fraction.padEnd(9, "0")) });
    }
    return value;
  };
  const toElement = (type: FieldType, value: Value): unknown =>
    type.kind === "array" || type.kind === "map"
      ? build(type.name, [[1, toEs(type, value)]])
      : toEs(type, value);

  const fromStruct = (message: Message, es: unknown): Struct => {
    const desc = descOf(message.name);
    const struct = newStruct();
    for (const field of message.fields) {
      const member = memberOf(es, localName(desc, field.number));
      const value = member === undefined ? undefined : fromEs(field.type, member);
      if (value !== undefined && !isEmpty(field, value)) struct[field.source] = value;
    }
    return struct;
  };
  const fromEs = (type: FieldType, es: unknown): Value => {
    switch (type.kind) {
      case "array":
        return (es as unknown[]).map((item) => fromElement(type.items, item));
      case "map":
        return isNative(type)
          ? fromNative(type, es as Record<string, unknown>)
          : fromEntries(type, es as unknown[]);
      case "struct":
        return fromStruct(type.message, es);
      case "decimal":
        return new Decimal((es as GoogleDecimal).value);
      case "date": {
        const { year, month, day } = es as GoogleDate;
        const pad = (part: number, width: number): string => String(part).padStart(width, "0");
        return new CalendarDate(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`);
      }
      case "datetime": {
        const { seconds, nanos } = es as Timestamp;
        return dateTimeFromEpoch(Number(seconds), nanos / 1000) ?? null;
      }
      case "string":
      case "boolean":
      case "double":
      case "integer":
      case "dynamic":
        return es as Value;
    }
  };
  const fromElement = (type: FieldType, es: unknown): Value =>
    type.kind === "array" || type.kind === "map"
      ? fromEs(type, memberOf(es, localName(descOf(type.name), 1)))
      : fromEs(type, es);
  const fromNative = (type: MapType, es: Record<string, unknown>): Value =>
    new Map(
      Object.entries(es).map(([key, item]): [Value, Value] => [
        type.key.kind === "integer" ? BigInt(key) : type.key.kind === "boolean" ? key === "true" : key,
        fromElement(type.value, item),
      ]),
    );
  const fromEntries = (type: MapType, es: unknown[]): Value => {
    const desc = descOf(type.entryName);
    return new Map(
      es.map((entry): [Value, Value] => [
        fromEs(type.key, memberOf(entry, localName(desc, 1))),
        fromEs(type.value, memberOf(entry, localName(desc, 2))),
      ]),
    );
  };

  const members = [...registry].flatMap((desc) => (desc.kind === "message" ? desc.members : []));
  return {
    readsAll: members.every(({ localName: name }) => !(name in Object.prototype)),
    encode: (message, value) => toBinary(descOf(message.name), toStruct(message, value) as never),
    decode: (message, bytes) => fromStruct(message, fromBinary(descOf(message.name), bytes)),
  };
}

function localName(desc: DescMessage, number: number): string {
  const field = desc.fields.find((candidate) => candidate.number === number);
  if (field === undefined) throw new Error(`no field ${number} in ${desc.name}`);
  return field.localName;
}

function memberOf(message: unknown, name: string): unknown {
  return Object.hasOwn(message as object, name) ? Reflect.get(message as object, name) : undefined;
}

function keyText(key: Value): string {
  return typeof key === "object" ? "" : String(key);
}

function isNative({ key, value }: MapType): boolean {
  return (
    ["string", "boolean", "integer"].includes(key.kind) && value.kind !== "array" && value.kind !== "map"
  );
}

/** Protobuf cannot tell an empty list from an absent one. */
function isEmpty({ type }: Field, value: Value): boolean {
  if (type.kind === "array") return Array.isArray(value) && value.length === 0;
  return type.kind === "map" && value instanceof Map && value.size === 0;
}

function asStruct(value: Value): Struct {
  return value as Struct;
}
