/** Samples in the JSON that protobuf defines (protobuf.dev, "ProtoJSON Format"), which grpcurl and buf speak. */
import type { FieldType, Message } from "../../src/contract/model.js";
import { eachField, listOf, memberOf, objectOf, textOf, type Json } from "../support/json-of-type.js";

/** A request message for sample JSON, under the proto names; what is null is left out. */
export function toProtoJson(message: Message, sample: Json): Json {
  return Object.fromEntries(
    eachField(message, sample, ({ protoName, type }, member) => [protoName, write(type, member)] as const),
  );
}

function write(type: FieldType, json: Json): Json {
  switch (type.kind) {
    case "array":
      return listOf(json).map((item) => write(type.items, item));
    case "map":
      return Object.fromEntries(
        Object.entries(objectOf(json)).map(([key, value]) => [key, write(type.value, value)]),
      );
    case "struct":
      return toProtoJson(type.message, json);
    case "decimal":
      return { value: textOf(json) };
    case "date": {
      const [year = 0, month = 0, day = 0] = textOf(json).split("-").map(Number);
      return { year, month, day };
    }
    case "datetime":
      return `${textOf(json)}Z`;
    default:
      return json;
  }
}

/**
 * What a response message says, by the artifact's own names and in the form of `*.expected.json` without nulls.
 * @param json a message as a tool prints it: under its JSON names, with defaults left out
 */
export function fromProtoJson(type: FieldType, json: Json | undefined): Json {
  switch (type.kind) {
    case "array":
      return listOf(json ?? []).map((item) => fromProtoJson(type.items, item));
    case "map":
      return Object.fromEntries(
        Object.entries(objectOf(json ?? {})).map(([key, value]) => [key, fromProtoJson(type.value, value)]),
      );
    case "struct":
      return readMessage(type.message, json ?? {});
    case "integer":
      return Number(json);
    case "decimal":
      return memberOf(json ?? {}, "value") ?? "";
    case "date": {
      const part = (name: string, digits: number): string =>
        textOf(memberOf(json ?? {}, name) ?? 0).padStart(digits, "0");
      return `${part("year", 4)}-${part("month", 2)}-${part("day", 2)}`;
    }
    case "datetime":
      return textOf(json ?? "")
        .replace(/Z$/, "")
        .replace(/(\.\d+?)0+$/, "$1");
    default:
      return json ?? null;
  }
}

function readMessage(message: Message, json: Json): Json {
  return Object.fromEntries(
    message.fields.flatMap(({ source, protoName, type }) => {
      const member = memberOf(json, jsonNameOf(protoName));
      // A list or a map without elements is not printed.
      const isThere = member !== undefined || type.kind === "array" || type.kind === "map";
      return isThere ? [[source, fromProtoJson(type, member)]] : [];
    }),
  );
}

function jsonNameOf(protoName: string): string {
  return protoName.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
