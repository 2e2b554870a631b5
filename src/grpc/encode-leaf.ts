/** Single values onto the wire, each checked against its type first. */
import type { BinaryWriter } from "@bufbuild/protobuf/wire";
import { WireType } from "@bufbuild/protobuf/wire";
import type { LeafType } from "../proto/proto-types.js";
import { CalendarDate, DateTime, Decimal } from "../values.js";
import type { Value } from "../values.js";
import { writeDynamic } from "./dynamic-value.js";
import { writeDate, writeDecimal, writeTimestamp } from "./google-types.js";
import { refuse } from "./violations.js";

export interface LeafWriter {
  readonly wire: WireType;
  /** True when `write` writes the fields of a message, so that a length goes before them. */
  readonly isMessage: boolean;
  /** @throws GatewayError `output_invalid` */
  readonly write: (writer: BinaryWriter, value: Value, path: string) => void;
}

export const LEAF_WRITERS = {
  string: scalar(WireType.LengthDelimited, (writer, value, path) => {
    if (typeof value !== "string") return refuse(path, "Is not text.");
    if (!value.isWellFormed()) return refuse(path, "Is not Unicode text: it has half a surrogate pair.");
    writer.string(value);
  }),
  boolean: scalar(WireType.Varint, (writer, value, path) => {
    if (typeof value !== "boolean") return refuse(path, "Is not a boolean.");
    writer.bool(value);
  }),
  double: scalar(WireType.Bit64, (writer, value, path) => {
    if (typeof value !== "number") return refuse(path, "Is not a floating point number.");
    writer.double(value);
  }),
  integer: scalar(WireType.Varint, (writer, value, path) => {
    if (typeof value !== "bigint") return refuse(path, "Is not an integer.");
    if (BigInt.asIntN(64, value) !== value) return refuse(path, "Is outside the range of a 64-bit integer.");
    writer.int64(value);
  }),
  decimal: message((writer, value, path) => {
    if (!(value instanceof Decimal)) return refuse(path, "Is not a decimal.");
    writeDecimal(writer, value, path);
  }),
  date: message((writer, value, path) => {
    if (!(value instanceof CalendarDate)) return refuse(path, "Is not a date.");
    writeDate(writer, value, path);
  }),
  datetime: message((writer, value, path) => {
    if (!(value instanceof DateTime)) return refuse(path, "Is not a date and time.");
    writeTimestamp(writer, value, path);
  }),
  dynamic: message(writeDynamic),
} as const satisfies Record<LeafType["kind"], LeafWriter>;

function scalar(wire: WireType, write: LeafWriter["write"]): LeafWriter {
  return { wire, isMessage: false, write };
}

function message(write: LeafWriter["write"]): LeafWriter {
  return { wire: WireType.LengthDelimited, isMessage: true, write };
}
