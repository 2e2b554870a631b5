/**
 * Request bytes to inputs, compiled from the contract. Reads the protobuf wire format itself (protobuf.dev,
 * "Encoding"), because ready-made decoders clip, wrap or replace what they cannot hold.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import { joinPath, type Violation } from "../errors.js";
import { wrapperMessage } from "../proto/proto-types.js";
import { newStruct } from "../values.js";
import type { Struct, Value } from "../values.js";
import { SCALAR_READERS, isScalar, leafReader } from "./decode-leaf.js";
import type { MessageReader, ScalarReader, ScalarType } from "./decode-leaf.js";
import { compileMapReader } from "./decode-map.js";
import { invalidInput, report, reportTooMany } from "./violations.js";
import { MAX_DEPTH, isMalformed, joinBytes } from "./wire.js";

/**
 * The decoder of a service's requests. Absent fields, lists and maps are absent keys; whether one may be absent is
 * for the validation that follows.
 * @returns a function that throws `GatewayError` `invalid_input` with every violation found
 */
export function compileDecode(service: Service): (bytes: Uint8Array) => Struct {
  const read = compileMessage(service.operation.request);
  return (bytes) => {
    const violations: Violation[] = [];
    const inputs = read(bytes, "", violations);
    if (violations.length > 0) throw invalidInput(violations);
    return inputs;
  };
}

/** A field whose values are read as they come. */
interface ScalarField {
  readonly source: string;
  readonly scalar: ScalarReader;
  /** Most values, for a list. */
  readonly maxItems?: number;
}

/**
 * A field whose values are messages. Their bytes are put aside until the whole message is read, because protobuf
 * lets a sender give one message in several parts.
 */
interface MessageField {
  readonly source: string;
  readonly maxItems?: number;
  readonly finish: (parts: readonly Uint8Array[], path: string, violations: Violation[]) => Value | undefined;
}

type CompiledField = ScalarField | MessageField;

/** One message that is being read. */
interface Reading {
  readonly into: Struct;
  readonly aside: Map<MessageField, Uint8Array[]>;
  readonly path: string;
  readonly violations: Violation[];
}

/** Reads the bytes of one message of the contract; what is wrong is reported, and the rest still read. */
function compileMessage(
  message: Message,
): (bytes: Uint8Array, path: string, violations: Violation[]) => Struct {
  const fields = new Map(message.fields.map((field) => [field.number, compileField(field)]));
  return (bytes, path, violations) => {
    const into = newStruct();
    const reading: Reading = { into, aside: new Map(), path, violations };
    const reader = new BinaryReader(bytes);
    try {
      while (reader.pos < reader.len) {
        const [number, wire] = reader.tag();
        const field = fields.get(number);
        if (field === undefined) reader.skip(wire, number, MAX_DEPTH);
        else takeField(field, reader, number, wire, reading);
      }
    } catch (thrown) {
      if (!isMalformed(thrown)) throw thrown;
      report(violations, path, "Is not a well-formed protobuf message.");
    }
    for (const [field, parts] of reading.aside) {
      const value = field.finish(parts, joinPath(path, field.source), violations);
      if (value !== undefined) into[field.source] = value;
    }
    return into;
  };
}

function compileField({ source, type }: Field): CompiledField {
  if (type.kind === "map") {
    return { source, maxItems: type.maxItems, finish: compileMapReader(type, compileMessage) };
  }
  const element = type.kind === "array" ? type.items : type;
  const many = type.kind === "array" ? { maxItems: type.maxItems } : {};
  if (isScalar(element)) return { source, scalar: SCALAR_READERS[element.kind], ...many };
  const read = compileElement(element);
  if (type.kind !== "array") {
    return { source, finish: (parts, path, violations) => read(joinBytes(parts), path, violations) };
  }
  return {
    source,
    ...many,
    finish: (parts, path, violations) =>
      parts.map((part, index) => read(part, `${path}[${index}]`, violations) ?? null),
  };
}

/** A value that is a message on the wire: a record, one of Google's types, or a list or map inside a list. */
function compileElement(type: Exclude<FieldType, ScalarType>): MessageReader {
  if (type.kind === "struct") return compileMessage(type.message);
  if (type.kind === "array" || type.kind === "map") {
    const read = compileMessage(wrapperMessage(type));
    return (bytes, path, violations) =>
      Object.values(read(bytes, path, violations))[0] ?? (type.kind === "array" ? [] : new Map());
  }
  return leafReader(type);
}

function takeField(
  field: CompiledField,
  reader: BinaryReader,
  number: number,
  wire: WireType,
  reading: Reading,
): void {
  const isMessage = "finish" in field;
  const expected = isMessage ? WireType.LengthDelimited : field.scalar.wire;
  if (wire === expected) {
    if (isMessage) putAside(field, reader.bytes(), reading);
    else addScalar(field, field.scalar.read(reader), reading);
  } else if (!isMessage && field.maxItems !== undefined && wire === WireType.LengthDelimited) {
    const packed = new BinaryReader(reader.bytes());
    while (packed.pos < packed.len) addScalar(field, field.scalar.read(packed), reading);
  } else {
    report(reading.violations, joinPath(reading.path, field.source), "Was encoded as another type.");
    reader.skip(wire, number, MAX_DEPTH);
  }
}

function putAside(field: MessageField, bytes: Uint8Array, reading: Reading): void {
  const parts = reading.aside.get(field);
  if (parts === undefined) reading.aside.set(field, [bytes]);
  else parts.push(bytes);
  checkCount(field, parts?.length ?? 1, reading);
}

function addScalar(field: ScalarField, value: Value | undefined, { into, path, violations }: Reading): void {
  const { source } = field;
  const found = into[source];
  const list = Array.isArray(found) ? found : [];
  if (value === undefined) {
    const place = joinPath(path, source);
    report(
      violations,
      field.maxItems === undefined ? place : `${place}[${list.length}]`,
      "Must be UTF-8 text.",
    );
  }
  if (field.maxItems === undefined) {
    into[source] = value ?? null;
    return;
  }
  // A value at fault still takes its place, so that the paths after it count right.
  list.push(value ?? null);
  into[source] = list;
  checkCount(field, list.length, { path, violations });
}

function checkCount(
  field: CompiledField,
  count: number,
  { path, violations }: Pick<Reading, "path" | "violations">,
): void {
  if (field.maxItems === undefined || count <= field.maxItems) return;
  reportTooMany(violations, joinPath(path, field.source), field.maxItems);
}
