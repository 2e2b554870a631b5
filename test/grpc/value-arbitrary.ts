/** Random values of a contract's types, for tests that send them through a codec. */
import fc from "fast-check";
import { dateTimeFromEpoch } from "../../src/lexical.js";
import type { FieldType, MapType, Message } from "../../src/contract/model.js";
import { CalendarDate, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";

const text = fc.string({ unit: "binary", maxLength: 40 });
const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const double = fc.double();
const moment = fc
  .tuple(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([seconds, micros]): Value => dateTimeFromEpoch(seconds, micros) ?? null);
const day = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date): Value => new CalendarDate(date.toISOString().slice(0, 10)));
const decimal = fc
  .tuple(fc.bigInt({ min: -99_999n, max: 99_999n }), fc.nat({ max: 99 }))
  .map(([whole, cents]): Value => new Decimal(`${whole}.${String(cents).padStart(2, "0")}`));

/** A value of the type; no `dynamic`, which has no exact type. */
export function valueOf(type: FieldType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case "string":
      return text;
    case "boolean":
      return fc.boolean();
    case "double":
      return double;
    case "integer":
      return integer;
    case "decimal":
      return decimal;
    case "datetime":
      return moment;
    case "date":
      return day;
    case "array":
      return fc.array(valueOf(type.items), { maxLength: 4 });
    case "map":
      return mapOf(type);
    case "struct":
      return structOf(type.message);
    case "dynamic":
      return fc.constant(null);
  }
}

function mapOf(type: MapType): fc.Arbitrary<Value> {
  const entry = fc.tuple(valueOf(type.key), valueOf(type.value));
  const identity = ([key]: [Value, Value]): unknown =>
    key instanceof Decimal ? Number(key.text) : keyText(key);
  return fc.uniqueArray(entry, { maxLength: 4, selector: identity }).map((entries) => new Map(entries));
}

function keyText(key: Value): unknown {
  // -0 and 0 are one key.
  if (typeof key === "number") return key === 0 ? 0 : key;
  return key instanceof CalendarDate ? key.text : typeof key === "object" ? JSON.stringify(key) : key;
}

/** A struct in which every field may be absent. Empty lists and maps are left out, because protobuf has no such thing. */
export function structOf(message: Message): fc.Arbitrary<Struct> {
  const members = message.fields.map((field) =>
    fc.option(valueOf(field.type), { nil: undefined }).map((value) => [field.source, value] as const),
  );
  return fc.tuple(...members).map((pairs) => {
    const struct = newStruct();
    for (const [name, value] of pairs) if (value !== undefined && !isEmpty(value)) struct[name] = value;
    return struct;
  });
}

function isEmpty(value: Value): boolean {
  return Array.isArray(value) ? value.length === 0 : value instanceof Map && value.size === 0;
}
