/**
 * Checked inputs as the Python host expects them, pickled: `[tables, arguments, parameters]`. A table is a list of rows, a
 * row the list of its values in the order of the columns in `input_info.json`: names that both sides know are not sent again. The other
 * end is `src/pool/python/gateway_host/calling.py`, which is given the names by `src/main-interface.ts`.
 */
import {
  inSourceOrder,
  type Field,
  type FieldType,
  type Message,
  type RequestMessage,
} from "../contract/model.js";
import type { PickleOutput } from "../pickle/pickle-output.js";
import { writePickleWith, writeValue, type PickleOptions } from "../pickle/pickle-writer.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../values.js";

/** Writes one value of a type, or `None`. */
type Writer = (out: PickleOutput, value: Value | undefined) => void;

/**
 * Compiles the encoder of a request's inputs, once.
 * @param options `headRoom` bytes stand before the pickle; the bytes are the caller's own
 */
export function compileInputsEncoder(
  request: RequestMessage,
  { headRoom = 0 }: PickleOptions = {},
): (inputs: Struct) => Buffer {
  const fields = inSourceOrder(request);
  const tables = fields.filter(({ role }) => role === "table").map(compileTable);
  const writeArguments = membersWriter(fields.filter(({ role }) => role === "argument"));
  const [parameters] = fields.filter(({ role }) => role === "parameters").map(compileField);
  return (inputs) =>
    writePickleWith((out) => {
      out.beginList(INPUTS);
      out.beginList(tables.length);
      for (const { source, write } of tables) write(out, inputs[source]);
      out.endList(tables.length);
      writeArguments(out, inputs);
      if (parameters === undefined) out.none();
      else parameters.write(out, inputs[parameters.source]);
      out.endList(INPUTS);
    }, headRoom);
}

/** Tables, arguments, parameters. */
const INPUTS = 3;

interface Member {
  readonly source: string;
  readonly write: Writer;
}

function compileField({ source, type }: Field): Member {
  return { source, write: compileWriter(type) };
}

function compileTable({ source, type }: Field): Member {
  const writeRows = listWriter(rowWriter(type));
  return { source, write: (out, rows) => writeRows(out, Array.isArray(rows) ? rows : []) };
}

/** A row of a table: its values without their names. */
function rowWriter(type: FieldType): Writer {
  if (type.kind === "array") return rowWriter(type.items);
  const columns = type.kind === "struct" ? inSourceOrder(type.message).map(compileField) : [];
  return (out, row) => {
    if (!isStruct(row)) {
      out.none();
      return;
    }
    out.beginList(columns.length);
    for (const { source, write } of columns) write(out, row[source]);
    out.endList(columns.length);
  };
}

function compileWriter(type: FieldType): Writer {
  const write = typedWriter(type);
  return (out, value) => {
    if (value === undefined || value === null) out.none();
    else write(out, value);
  };
}

/** Writes a value that is there. */
type TypedWriter = (out: PickleOutput, value: NonNullable<Value>) => void;

/** The writer of a type's values. What is of another type is written as what it is: nothing is coerced here. */
function typedWriter(type: FieldType): TypedWriter {
  switch (type.kind) {
    case "string":
      return (out, value) => (typeof value === "string" ? out.text(value) : writeValue(out, value, 0));
    case "boolean":
      return (out, value) => (typeof value === "boolean" ? out.boolean(value) : writeValue(out, value, 0));
    case "double":
      return (out, value) => (typeof value === "number" ? out.float(value) : writeValue(out, value, 0));
    case "integer":
      return (out, value) => (typeof value === "bigint" ? out.integer(value) : writeValue(out, value, 0));
    case "decimal":
      return (out, value) => (value instanceof Decimal ? out.decimal(value) : writeValue(out, value, 0));
    case "datetime":
      return (out, value) => (value instanceof DateTime ? out.dateTime(value) : writeValue(out, value, 0));
    case "date":
      return (out, value) => (value instanceof CalendarDate ? out.date(value) : writeValue(out, value, 0));
    case "array":
      return listWriter(compileWriter(type.items));
    case "map":
      return mapWriter(compileWriter(type.key), compileWriter(type.value));
    case "struct":
      return structWriter(type.message);
    case "dynamic":
      return (out, value) => writeValue(out, value, 0);
  }
}

function listWriter(writeItem: Writer): TypedWriter {
  return (out, value) => {
    if (!Array.isArray(value)) {
      writeValue(out, value, 0);
      return;
    }
    out.beginList(value.length);
    for (const item of value) writeItem(out, item);
    out.endList(value.length);
  };
}

function mapWriter(writeKey: Writer, writeItem: Writer): TypedWriter {
  return (out, value) => {
    if (!(value instanceof Map)) {
      writeValue(out, value, 0);
      return;
    }
    out.beginDict();
    for (const [key, item] of value) {
      writeKey(out, key);
      writeItem(out, item);
    }
    out.endDict();
  };
}

function structWriter(message: Message): TypedWriter {
  const writeMembers = membersWriter(inSourceOrder(message));
  return (out, value) => (isStruct(value) ? writeMembers(out, value) : writeValue(out, value, 0));
}

/** The fields that are there, by their names; an absent one has no key. */
function membersWriter(fields: readonly Field[]): (out: PickleOutput, struct: Struct) => void {
  const members = fields.map(compileField);
  return (out, struct) => {
    out.beginDict();
    for (const { source, write } of members) {
      const value = struct[source];
      if (value === undefined) continue;
      out.text(source);
      write(out, value);
    }
    out.endDict();
  };
}
