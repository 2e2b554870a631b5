/** A value that fills what a bounded type has room for: every digit, the longest text, lists of two. */
import type { FieldType, Message } from "../../src/contract/model.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";

export function fullStruct(message: Message): Struct {
  const struct = newStruct();
  for (const field of message.fields) {
    const value = fullValue(field.type, 0);
    if (value !== null) struct[field.source] = value;
  }
  return struct;
}

/** @param index tells the elements of a list and the keys of a map apart */
export function fullValue(type: FieldType, index: number): Value {
  switch (type.kind) {
    case "string":
      return `${index}é`.padEnd(type.maxLength ?? 0, "~").slice(0, type.maxLength);
    case "boolean":
      return index % 2 === 0;
    case "integer":
      return -BigInt("9".repeat(type.totalDigits ?? 18)) + BigInt(index);
    case "double":
      return Number(nines(type, index));
    case "decimal":
      return new Decimal(nines(type, index));
    case "datetime":
      return new DateTime(`9999-12-31T23:59:59.99999${index}`);
    case "date":
      return new CalendarDate(`000${index + 1}-01-01`);
    case "array":
      return [0, 1].slice(0, type.maxItems).map((at) => fullValue(type.items, at));
    case "map":
      return new Map(
        [0, 1].slice(0, type.maxItems).map((at) => [fullValue(type.key, at), fullValue(type.value, at)]),
      );
    case "struct":
      return fullStruct(type.message);
    case "dynamic":
      return null;
  }
}

function nines(digits: { totalDigits?: number; fractionDigits?: number }, index: number): string {
  const { totalDigits = 15, fractionDigits = 0 } = digits;
  const all = "9".repeat(totalDigits - 1) + String(9 - index);
  const whole = all.slice(0, totalDigits - fractionDigits);
  const fraction = all.slice(totalDigits - fractionDigits);
  return `-${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
}
