/** A contract as its lock file says it. */
import type { StatedVariant } from "../artifact/input-info-variants.js";
import type { MainOptions } from "../contract/main-options.js";
import type { Field, FieldType, Message, RequestField, Service } from "../contract/model.js";
import { namedTypes, type NamedType } from "../contract/named-types.js";
import { encodeJson } from "../json/encode.js";
import { parseStrictJson, type JsonValue } from "../strict-json.js";
import type { Value } from "../values.js";
import { interfaceHash } from "./interface-hash.js";
import {
  LOCK_FORMAT,
  type ContractLock,
  type LockedField,
  type LockedNamedType,
  type LockedType,
} from "./lock-schema.js";

export interface LockFacts {
  readonly revision: number;
  readonly main: MainOptions;
  /** What the samples showed, for people. */
  readonly evidence: readonly string[];
  readonly inputInfoVariant?: StatedVariant | undefined;
}

export function lockOfService(
  service: Service,
  { revision, main, evidence, inputInfoVariant }: LockFacts,
): ContractLock {
  const { alias, description, major, profile, operation, resultOrigin } = service;
  const [result] = operation.response.fields;
  return {
    format: LOCK_FORMAT,
    service: alias,
    description,
    major,
    revision,
    profile,
    interface: interfaceHash(service),
    ...(inputInfoVariant === undefined ? {} : { inputInfoVariant }),
    main: { ...main },
    result: {
      origin: resultOrigin,
      ...(resultOrigin === "undeclared" ? {} : { spelled: result.spelledType }),
    },
    ...(evidence.length === 0 ? {} : { evidence: [...evidence] }),
    request: lockMessage(operation.request),
    response: lockMessage(operation.response),
    types: namedTypes(service).map(lockNamedType),
  };
}

function lockMessage({ name, fields, reserved }: Message): ContractLock["request"] {
  return {
    name,
    fields: fields.map(lockField),
    reserved: reserved.map(({ source, number, xmlName, protoName }) => ({
      source,
      number,
      xml: xmlName,
      proto: protoName,
    })),
  };
}

function lockField(field: Field | RequestField): LockedField {
  const { source, number, xmlName, protoName, type, required, description, notes, spelledType } = field;
  const { unit, origin, nullMeaning, allowedValues } = notes;
  return {
    source,
    ...("role" in field ? { role: field.role } : {}),
    number,
    xml: xmlName,
    proto: protoName,
    type: lockType(type),
    required,
    ...(field.default === undefined ? {} : { default: jsonOf(field.default) }),
    spelled: spelledType,
    ...(description === "" ? {} : { description }),
    ...(unit === undefined ? {} : { unit }),
    ...(origin === undefined ? {} : { origin }),
    ...(nullMeaning === undefined ? {} : { nullMeaning }),
    ...(allowedValues === undefined ? {} : { allowedValues: [...allowedValues] }),
  };
}

function lockType(type: FieldType): LockedType {
  if (type.kind === "struct") return type.message.name;
  if (type.kind === "array" || type.kind === "map") return type.name;
  return type;
}

/** A value as JSON that `valueFromJson` reads as the same value. */
function jsonOf(value: Value): JsonValue {
  return parseStrictJson(Buffer.from(encodeJson(value)), "default");
}

function lockNamedType(named: NamedType): LockedNamedType {
  switch (named.kind) {
    case "record": {
      const { description } = named.message;
      const { name, ...fields } = lockMessage(named.message);
      return { name, kind: "record", ...(description === "" ? {} : { description }), ...fields };
    }
    case "list": {
      const { name, items, itemName, maxItems } = named.type;
      return { name, kind: "list", items: lockType(items), itemName, maxItems };
    }
    case "map": {
      const { name, entryName, key, value, maxItems } = named.type;
      return { name, kind: "map", entryName, key: lockType(key), value: lockType(value), maxItems };
    }
  }
}
