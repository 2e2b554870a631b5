/**
 * Results to reply bytes, compiled from the contract. A value that the declared type cannot hold is an error: a number
 * that wraps would be a wrong decision, delivered as a right one.
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ArrayType, Field, FieldType, MapType, Message, Service } from "../contract/model.js";
import { joinPath } from "../errors.js";
import { entryMessage, wrapperMessage } from "../proto/proto-types.js";
import { isStruct, newStruct } from "../values.js";
import type { Value } from "../values.js";
import { LEAF_WRITERS } from "./encode-leaf.js";
import type { LeafWriter } from "./encode-leaf.js";
import { refuse } from "./violations.js";

/**
 * The encoder of a service's replies: the result of `main()` as an `EvaluateResponse`.
 * @returns a function that throws `GatewayError` `output_invalid` with the path of the first value that does not fit
 */
export function compileEncode(service: Service): (result: Value) => Uint8Array {
  const { response } = service.operation;
  const write = compileMessage(response);
  return (result) => {
    const writer = new BinaryWriter();
    const reply = newStruct();
    reply[response.fields[0].source] = result;
    write(writer, reply, "");
    return writer.finish();
  };
}

/** Writes a value, or a field with its tag; throws for a value that does not fit. */
type Writer = (writer: BinaryWriter, value: Value, path: string) => void;

/** Writes the fields of a record, without tag and length. */
function compileMessage(message: Message): Writer {
  const fields = message.fields.map((field) => ({ source: field.source, write: compileField(field) }));
  return (writer, value, path) => {
    if (!isStruct(value)) return refuse(path, "Is not a record.");
    for (const { source, write } of fields) {
      const member = value[source];
      if (member !== undefined && member !== null) write(writer, member, joinPath(path, source));
    }
  };
}

function compileField({ number, type }: Field): Writer {
  if (type.kind === "array") return compileList(number, type);
  if (type.kind === "map") return compileMap(number, type);
  return compileElement(number, type);
}

function compileList(number: number, { items }: ArrayType): Writer {
  const leaf = leafWriter(items);
  if (leaf === undefined || leaf.wire === WireType.LengthDelimited) {
    const write = compileElement(number, items);
    return (writer, value, path) => {
      eachItem(value, path, (item, place) => write(writer, item, place));
    };
  }
  return (writer, value, path) => {
    if (Array.isArray(value) && value.length === 0) return;
    writer.tag(number, WireType.LengthDelimited).fork();
    eachItem(value, path, (item, place) => leaf.write(writer, item, place));
    writer.join();
  };
}

function eachItem(value: Value, path: string, visit: (item: Value, place: string) => void): void {
  if (!Array.isArray(value)) return refuse(path, "Is not a list.");
  value.forEach((item, index) => visit(item, `${path}[${index}]`));
}

function compileMap(number: number, type: MapType): Writer {
  const [keyField, valueField] = entryMessage(type).fields;
  const writeKey = compileField(keyField);
  const writeValue = compileField(valueField);
  return (writer, value, path) => {
    if (!(value instanceof Map)) return refuse(path, "Is not a map.");
    let index = 0;
    for (const [key, member] of value) {
      const place = `${path}[${index++}]`;
      writer.tag(number, WireType.LengthDelimited).fork();
      writeKey(writer, key, `${place}.key`);
      writeValue(writer, member, `${place}.value`);
      writer.join();
    }
  };
}

/** One value with its tag: a leaf, a record, or a list or map in the message that goes around it. */
function compileElement(number: number, type: FieldType): Writer {
  const leaf = leafWriter(type);
  if (leaf !== undefined && !leaf.isMessage) {
    return (writer, value, path) => leaf.write(writer.tag(number, leaf.wire), value, path);
  }
  const write = compileContent(type);
  return (writer, value, path) => {
    writer.tag(number, WireType.LengthDelimited).fork();
    write(writer, value, path);
    writer.join();
  };
}

/** What stands between tag and end of a value that is a message on the wire. */
function compileContent(type: FieldType): Writer {
  if (type.kind === "struct") return compileMessage(type.message);
  if (type.kind === "array" || type.kind === "map") return compileField(wrapperMessage(type).fields[0]);
  return LEAF_WRITERS[type.kind].write;
}

function leafWriter(type: FieldType): LeafWriter | undefined {
  return type.kind === "array" || type.kind === "map" || type.kind === "struct"
    ? undefined
    : LEAF_WRITERS[type.kind];
}
