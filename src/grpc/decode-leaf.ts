/** Single values off the wire: scalars, and Google's types for what protobuf has no scalar for. */
import { type Trail, pathOf } from "../call/path-trail.js";
import { compileFacetCheck, type FacetCheck } from "../contract/facets.js";
import type { FieldType } from "../contract/model.js";
import type { Violation } from "../errors.js";
import type { LeafType } from "../proto/proto-types.js";
import type { Value } from "../values.js";
import { readDate, readDecimal, readTimestamp } from "./google-types.js";
import type { Read } from "./google-types.js";
import { report } from "./violations.js";
import { MalformedError, WIRE } from "./wire-reader.js";
import type { Span, WireReader } from "./wire-reader.js";

/** One request, or one message of it that was put together of several parts, while it is being read. */
export interface Reading {
  readonly reader: WireReader;
  /** The way to what is being read. */
  readonly trail: Trail;
  readonly violations: Violation[];
  /** Records that are short because something is missing: for each of them the check that follows has a violation. */
  readonly incomplete: { count: number };
}

export interface ScalarReader {
  readonly wire: number;
  /** What protobuf means by a map entry without this value. */
  readonly absent: Value;
  /** `undefined` for text that is not UTF-8, the one fault a scalar can have by itself. */
  read(reader: WireReader): Value | undefined;
}

/** The value in the bytes of a message, or `undefined` with its faults reported. */
export type MessageReader = (reading: Reading, span: Span) => Value | undefined;

/** Types that are protobuf scalars. */
export type ScalarType = Extract<FieldType, { readonly kind: "string" | "boolean" | "double" | "integer" }>;

export const SCALAR_READERS = {
  string: { wire: WIRE.lengthDelimited, absent: "", read: (reader) => reader.text() },
  boolean: { wire: WIRE.varint, absent: false, read: (reader) => reader.bool() },
  double: { wire: WIRE.bit64, absent: 0, read: (reader) => reader.double() },
  integer: { wire: WIRE.varint, absent: 0n, read: (reader) => reader.int64() },
} as const satisfies Record<ScalarType["kind"], ScalarReader>;

export function isScalar(type: FieldType): type is ScalarType {
  return Object.hasOwn(SCALAR_READERS, type.kind);
}

/** How a leaf that is a message on the wire is read. */
export function leafReader(type: Exclude<LeafType, ScalarType>): MessageReader {
  switch (type.kind) {
    case "decimal":
      return checked(reading(readDecimal), compileFacetCheck(type));
    case "date":
      return reading(readDate);
    case "datetime":
      return reading(readTimestamp);
    case "dynamic":
      // Only results are dynamic: the contract gives every input a type of its own.
      return reading(() => "A value without a declared type cannot be sent.");
  }
}

function checked(read: MessageReader, check: FacetCheck | undefined): MessageReader {
  if (check === undefined) return read;
  return (reading, span) => {
    const value = read(reading, span);
    const wrong = value === undefined ? undefined : check(value);
    if (wrong === undefined) return value;
    report(reading.violations, pathOf(reading.trail), wrong);
    return undefined;
  };
}

function reading(read: (reader: WireReader, span: Span) => Read<Value & object>): MessageReader {
  return ({ reader, trail, violations }, span) => {
    const result = readGuarded(read, reader, span);
    if (typeof result !== "string") return result;
    report(violations, pathOf(trail), result);
    return undefined;
  };
}

function readGuarded<T extends object>(
  read: (reader: WireReader, span: Span) => Read<T>,
  reader: WireReader,
  span: Span,
): Read<T> {
  try {
    return read(reader, span);
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return MALFORMED;
  }
}

/** What is said of bytes that are no protobuf message. */
export const MALFORMED = "Is not a well-formed protobuf message.";
