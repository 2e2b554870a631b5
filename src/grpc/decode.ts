/**
 * Request bytes to inputs, compiled from the contract. Reads the protobuf wire format itself (protobuf.dev,
 * "Encoding"), because ready-made decoders clip, wrap or replace what they cannot hold.
 */
import { pathOf } from "../call/path-trail.js";
import { compileFacetCheck, type FacetCheck } from "../contract/facets.js";
import type { Field, FieldType, Message, Service } from "../contract/model.js";
import type { Violation } from "../errors.js";
import { MOST_VIOLATIONS } from "../limits.js";
import { wrapperMessage } from "../proto/proto-types.js";
import { newStruct } from "../values.js";
import type { Struct, Value } from "../values.js";
import { MALFORMED, SCALAR_READERS, isScalar, leafReader } from "./decode-leaf.js";
import type { MessageReader, Reading, ScalarReader, ScalarType } from "./decode-leaf.js";
import { compileMapReader } from "./decode-map.js";
import { OTHER_TYPE } from "./google-types.js";
import { invalidInput, report, reportTooMany } from "./violations.js";
import { MalformedError, WIRE, WireReader } from "./wire-reader.js";
import type { Span } from "./wire-reader.js";

/**
 * The decoder of a service's requests. Absent fields, lists and maps are absent keys; whether one may be absent is
 * for the validation that follows.
 * @returns a function that throws `GatewayError` `invalid_input` with every violation found
 */
export function compileDecode(service: Service): (bytes: Uint8Array) => Struct {
  const read = compileMessage(service.operation.request);
  return (bytes) => {
    const violations: Violation[] = [];
    const reading = { reader: new WireReader(bytes), trail: [], violations, incomplete: { count: 0 } };
    const inputs = read(reading, { from: 0, to: bytes.length });
    if (violations.length > 0) throw invalidInput(violations);
    return inputs;
  };
}

/** Messages from this length on are not looked at for what is missing: a request of a megabyte has too few of them to be dear. */
const SHORT_BYTES = 64;

/** A field whose values are read as they come. */
interface ScalarField {
  readonly source: string;
  /** The tag that stands before each value. */
  readonly tag: number;
  readonly scalar: ScalarReader;
  readonly check: FacetCheck | undefined;
  /** Most values, for a list. */
  readonly maxItems?: number;
}

/**
 * A field whose values are messages. Where they stand is put aside until the whole message is read, because protobuf
 * lets a sender give one message in several parts.
 */
interface MessageField {
  readonly source: string;
  readonly tag: number;
  readonly maxItems?: number;
  /** Its place among the message fields of its message. */
  readonly slot: number;
  readonly finish: (reading: Reading, parts: readonly Span[]) => Value | undefined;
}

type Aside = (Span[] | undefined)[];

/** Reads the bytes of one message of the contract; what is wrong is reported, and the rest still read. */
function compileMessage(message: Message): (reading: Reading, span: Span) => Struct {
  const byNumber: (ScalarField | MessageField | undefined)[] = [];
  const messageFields: MessageField[] = [];
  for (const field of message.fields) {
    const compiled = compileField(field, messageFields.length);
    byNumber[field.number] = compiled;
    if ("finish" in compiled) messageFields.push(compiled);
  }
  return (reading, span) => {
    const { reader, trail, violations } = reading;
    const into = newStruct();
    const aside: Aside = [];
    reader.turnTo(span);
    try {
      while (reader.at < span.to) {
        const tag = reader.tag();
        const field = byNumber[tag >>> 3];
        if (field === undefined) reader.skip(tag);
        else if (tag !== field.tag) takeOtherwise(field, tag, reading, span, into);
        else if ("finish" in field) putAside(field, reader.span(), aside, reading);
        else addScalar(field, reading, into);
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      report(violations, pathOf(trail), MALFORMED);
    }
    for (const { source, slot, finish } of messageFields) {
      const parts = aside[slot];
      if (parts === undefined) continue;
      trail.push(source);
      const value = finish(reading, parts);
      trail.pop();
      if (value !== undefined) into[source] = value;
    }
    return into;
  };
}

/** A record of the contract. Those in which something is missing are counted; map entries and wrappers may be empty. */
function compileRecord(message: Message): (reading: Reading, span: Span) => Struct {
  const read = compileMessage(message);
  const required = message.fields.filter((field) => field.required && field.default === undefined);
  return (reading, span) => {
    const record = read(reading, span);
    const isShort = span.to - span.from < SHORT_BYTES;
    if (isShort && required.some(({ source }) => record[source] === undefined)) reading.incomplete.count += 1;
    return record;
  };
}

function compileField({ source, number, type }: Field, slot: number): ScalarField | MessageField {
  const tag = tagOf(number, WIRE.lengthDelimited);
  if (type.kind === "map") {
    return { source, tag, slot, maxItems: type.maxItems, finish: compileMapReader(type, compileMessage) };
  }
  const element = type.kind === "array" ? type.items : type;
  const many = type.kind === "array" ? { maxItems: type.maxItems } : {};
  if (isScalar(element)) {
    const scalar = SCALAR_READERS[element.kind];
    return { source, tag: tagOf(number, scalar.wire), scalar, check: compileFacetCheck(element), ...many };
  }
  const read = compileElement(element);
  const finish = type.kind === "array" ? readEach(read) : readMerged(read);
  return { source, tag, slot, ...many, finish };
}

function tagOf(number: number, wire: number): number {
  return ((number << 3) | wire) >>> 0;
}

/** Reads a list; no further when so much is missing in what was read that the check will not look beyond it either. */
function readEach(read: MessageReader): MessageField["finish"] {
  return (reading, parts) => {
    const list: Value[] = [];
    for (const [index, part] of parts.entries()) {
      if (reading.incomplete.count >= MOST_VIOLATIONS) break;
      reading.trail.push(index);
      list.push(read(reading, part) ?? null);
      reading.trail.pop();
    }
    return list;
  };
}

/** A message that was sent in parts is what its parts are when they are joined; each has to be a message by itself. */
function readMerged(read: MessageReader): MessageField["finish"] {
  return (reading, parts) => {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return read(reading, first);
    if (!parts.every((part) => isMessage(reading.reader, part))) {
      report(reading.violations, pathOf(reading.trail), MALFORMED);
      return undefined;
    }
    const { bytes } = reading.reader;
    const joined = Buffer.allocUnsafe(parts.reduce((sum, { from, to }) => sum + to - from, 0));
    let at = 0;
    for (const { from, to } of parts) at += bytes.copy(joined, at, from, to);
    return read({ ...reading, reader: new WireReader(joined) }, { from: 0, to: joined.length });
  };
}

function isMessage(reader: WireReader, part: Span): boolean {
  try {
    reader.skipMessage(part);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return false;
  }
}

/** A value that is a message on the wire: a record, one of Google's types, or a list or map inside a list. */
function compileElement(type: Exclude<FieldType, ScalarType>): MessageReader {
  if (type.kind === "struct") return compileRecord(type.message);
  if (type.kind === "array" || type.kind === "map") {
    const wrapper = wrapperMessage(type);
    const [{ source }] = wrapper.fields;
    const read = compileMessage(wrapper);
    return (reading, span) => read(reading, span)[source] ?? (type.kind === "array" ? [] : new Map());
  }
  return leafReader(type);
}

/** A value that was sent as another wire type: a packed list, or a fault. */
function takeOtherwise(
  field: ScalarField | MessageField,
  tag: number,
  reading: Reading,
  within: Span,
  into: Struct,
): void {
  const { reader, trail, violations } = reading;
  if ("scalar" in field && field.maxItems !== undefined && (tag & 7) === WIRE.lengthDelimited) {
    const packed = reader.span();
    reader.turnTo(packed);
    while (reader.at < packed.to) addScalar(field, reading, into);
    reader.turnTo({ from: packed.to, to: within.to });
  } else {
    report(violations, pathOf([...trail, field.source]), OTHER_TYPE);
    reader.skip(tag);
  }
}

function putAside(field: MessageField, part: Span, aside: Aside, reading: Reading): void {
  const parts = aside[field.slot];
  if (parts === undefined) aside[field.slot] = [part];
  else parts.push(part);
  checkCount(field, parts?.length ?? 1, reading);
}

function addScalar(field: ScalarField, reading: Reading, into: Struct): void {
  const { source, scalar, check, maxItems } = field;
  const value = scalar.read(reading.reader);
  if (maxItems === undefined) {
    if (value === undefined) reportText(reading, [source]);
    else if (check !== undefined) reportFacet(reading, [source], check(value));
    into[source] = value ?? null;
    return;
  }
  const found = into[source];
  const list = Array.isArray(found) ? found : [];
  if (value === undefined) reportText(reading, [source, list.length]);
  else if (check !== undefined) reportFacet(reading, [source, list.length], check(value));
  // A value at fault still takes its place, so that the paths after it count right.
  list.push(value ?? null);
  into[source] = list;
  checkCount(field, list.length, reading);
}

function reportText(reading: Reading, place: readonly (string | number)[]): void {
  reportFacet(reading, place, "Must be UTF-8 text.");
}

function reportFacet(
  { trail, violations }: Reading,
  place: readonly (string | number)[],
  wrong: string | undefined,
): void {
  if (wrong !== undefined) report(violations, pathOf([...trail, ...place]), wrong);
}

function checkCount(
  { source, maxItems }: ScalarField | MessageField,
  count: number,
  { trail, violations }: Reading,
): void {
  if (maxItems === undefined || count <= maxItems) return;
  reportTooMany(violations, pathOf([...trail, source]), maxItems);
}
