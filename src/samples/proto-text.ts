/** A message in protobuf's text format (protobuf.dev, "Text Format Language Specification"). */
import { daysFrom1970 } from "../calendar.js";
import type { Field, FieldType, Message } from "../contract/model.js";
import { DAY_SECONDS, readDay, readMoment } from "../lexical.js";
import { entryMessage, wrapperMessage } from "../proto/proto-types.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../values.js";

/** One line for each value, in the order of the contract; what is null is left out. */
export function toProtoText(message: Message, record: Struct): string {
  return `${messageLines(message, record).join("\n")}\n`;
}

function messageLines({ fields }: Message, record: Struct): readonly string[] {
  return fields.flatMap((field) => {
    const value = record[field.source];
    return value === undefined || value === null ? [] : fieldLines(field, value);
  });
}

function fieldLines({ protoName, type }: Pick<Field, "protoName" | "type">, value: Value): readonly string[] {
  if (type.kind === "array") {
    return listOf(value).flatMap((item) => elementLines(protoName, type.items, item));
  }
  if (type.kind !== "map") return elementLines(protoName, type, value);
  const [keyField, valueField] = entryMessage(type).fields;
  return (value instanceof Map ? [...value] : []).flatMap(([key, item]) =>
    braced(protoName, [...fieldLines(keyField, key), ...fieldLines(valueField, item)]),
  );
}

/** One value; a list or map has a message around it here, because `repeated` does not nest. */
function elementLines(name: string, type: FieldType, value: Value): readonly string[] {
  switch (type.kind) {
    case "array":
    case "map":
      return braced(name, fieldLines(wrapperMessage(type).fields[0], value));
    case "struct":
      return braced(name, isStruct(value) ? messageLines(type.message, value) : []);
    case "dynamic":
      return braced(name, dynamicLines(value));
    default:
      return leafLines(name, value);
  }
}

function leafLines(name: string, value: Value): readonly string[] {
  if (value instanceof Decimal) return braced(name, [`value: ${quoted(value.text)}`]);
  if (value instanceof CalendarDate) {
    const { year, month, day } = readDay(value) ?? { year: 0, month: 0, day: 0 };
    return braced(name, [`year: ${year}`, `month: ${month}`, `day: ${day}`]);
  }
  if (value instanceof DateTime) return braced(name, timestampLines(value));
  return [`${name}: ${typeof value === "string" ? quoted(value) : numeral(value)}`];
}

function timestampLines(value: DateTime): readonly string[] {
  const moment = readMoment(value);
  if (moment === undefined) return [];
  const seconds = daysFrom1970(moment.day) * DAY_SECONDS + moment.secondOfDay;
  return [
    `seconds: ${seconds}`,
    ...(moment.microsecond === 0 ? [] : [`nanos: ${moment.microsecond * 1000}`]),
  ];
}

/** `google.protobuf.Value`. */
function dynamicLines(value: Value): readonly string[] {
  if (value === null) return ["null_value: NULL_VALUE"];
  if (typeof value === "boolean") return [`bool_value: ${value}`];
  if (typeof value === "number" || typeof value === "bigint") return [`number_value: ${numeral(value)}`];
  if (typeof value === "string") return [`string_value: ${quoted(value)}`];
  if (Array.isArray(value)) {
    return braced(
      "list_value",
      value.flatMap((item) => braced("values", dynamicLines(item))),
    );
  }
  if (!isStruct(value)) return [];
  const fields = Object.entries(value).flatMap(([key, item]) =>
    braced("fields", [`key: ${quoted(key)}`, ...braced("value", dynamicLines(item))]),
  );
  return braced("struct_value", fields);
}

function braced(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [`${name} {}`] : [`${name} {`, ...lines.map((line) => `  ${line}`), "}"];
}

function numeral(value: Value): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  if (Object.is(value, -0)) return "-0.0";
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** JSON escapes what the text format escapes, but spells control characters in a way that only some readers know. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (character) =>
    character === '"' || character === "\\" ? `\\${character}` : octal(character),
  );
  return `"${escaped}"`;
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}
