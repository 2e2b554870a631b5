/** Single values off the wire: scalars, and Google's types for what protobuf has no scalar for. */
import type { BinaryReader } from "@bufbuild/protobuf/wire";
import { WireType } from "@bufbuild/protobuf/wire";
import { fitsDecimal } from "../lexical.js";
import type { FieldType } from "../contract/model.js";
import type { Violation } from "../errors.js";
import type { LeafType } from "../proto/proto-types.js";
import type { Decimal, Value } from "../values.js";
import { readDate, readDecimal, readTimestamp } from "./google-types.js";
import type { Read } from "./google-types.js";
import { report } from "./violations.js";
import { isMalformed, readText } from "./wire.js";

export interface ScalarReader {
  readonly wire: WireType;
  /** What protobuf means by a map entry without this value. */
  readonly absent: Value;
  /** `undefined` for text that is not UTF-8, the one fault a scalar can have by itself. */
  read(reader: BinaryReader): Value | undefined;
}

/** The value in the bytes of a message, or `undefined` with its faults reported. */
export type MessageReader = (bytes: Uint8Array, path: string, violations: Violation[]) => Value | undefined;

/** Types that are protobuf scalars. */
export type ScalarType = Extract<FieldType, { readonly kind: "string" | "boolean" | "double" | "integer" }>;

export const SCALAR_READERS = {
  string: { wire: WireType.LengthDelimited, absent: "", read: readText },
  boolean: { wire: WireType.Varint, absent: false, read: (reader) => reader.bool() },
  double: { wire: WireType.Bit64, absent: 0, read: (reader) => reader.double() },
  integer: { wire: WireType.Varint, absent: 0n, read: (reader) => BigInt(reader.int64()) },
} as const satisfies Record<ScalarType["kind"], ScalarReader>;

export function isScalar(type: FieldType): type is ScalarType {
  return Object.hasOwn(SCALAR_READERS, type.kind);
}

/** How a leaf that is a message on the wire is read. */
export function leafReader(type: Exclude<LeafType, ScalarType>): MessageReader {
  switch (type.kind) {
    case "decimal":
      return reading((bytes) => withinFacets(readDecimal(bytes), type));
    case "date":
      return reading(readDate);
    case "datetime":
      return reading(readTimestamp);
    case "dynamic":
      // Only results are dynamic: the contract gives every input a type of its own.
      return reading(() => ({ fault: "A value without a declared type cannot be sent." }));
  }
}

function withinFacets(
  read: Read<Decimal>,
  { totalDigits, fractionDigits }: Extract<FieldType, { readonly kind: "decimal" }>,
): Read<Decimal> {
  if ("fault" in read || totalDigits === undefined || fractionDigits === undefined) return read;
  return fitsDecimal(read.value, totalDigits, fractionDigits)
    ? read
    : { fault: `Must have at most ${totalDigits} digits, ${fractionDigits} of them after the point.` };
}

function reading(read: (bytes: Uint8Array) => Read<Value>): MessageReader {
  return (bytes, path, violations) => {
    const result = readGuarded(read, bytes);
    if ("value" in result) return result.value;
    report(violations, path, result.fault);
    return undefined;
  };
}

function readGuarded(read: (bytes: Uint8Array) => Read<Value>, bytes: Uint8Array): Read<Value> {
  try {
    return read(bytes);
  } catch (thrown) {
    if (!isMalformed(thrown)) throw thrown;
    return { fault: "Is not a well-formed protobuf message." };
  }
}
