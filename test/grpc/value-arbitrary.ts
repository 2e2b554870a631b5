/** Random values of a contract's types, within their facets, for tests that send them through a codec. */
import fc from "fast-check";
import { dateTimeFromEpoch } from "../../src/lexical.js";
import type { DecimalType, DoubleType, FieldType, IntegerType, MapType } from "../../src/contract/model.js";
import type { Message, StringType } from "../../src/contract/model.js";
import { CalendarDate, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";

const moment = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
      fc.constantFrom(-62_135_596_800, -1, 0, 1, 253_402_300_799),
    ),
    fc.oneof(fc.integer({ min: 0, max: 999_999 }), fc.constantFrom(0, 1, 999_999)),
  )
  .map(([seconds, micros]): Value => dateTimeFromEpoch(seconds, micros) ?? null);
const day = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date): Value => new CalendarDate(date.toISOString().slice(0, 10)));

/** A value of the type; no `dynamic`, which has no exact type. */
export function valueOf(type: FieldType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case "string":
      return textOf(type);
    case "boolean":
      return fc.boolean();
    case "double":
      return doubleOf(type);
    case "integer":
      return integerOf(type);
    case "decimal":
      return decimalOf(type);
    case "datetime":
      return moment;
    case "date":
      return day;
    case "array":
      return fc.array(valueOf(type.items), { maxLength: Math.min(4, type.maxItems) });
    case "map":
      return mapOf(type);
    case "struct":
      return structOf(type.message);
    case "dynamic":
      return fc.constant(null);
  }
}

function textOf({ maxLength = 40, allowed }: StringType): fc.Arbitrary<Value> {
  if (allowed !== undefined) return fc.constantFrom(...allowed);
  return fc.string({ unit: "binary", maxLength: Math.min(40, maxLength) });
}

function doubleOf(type: DoubleType): fc.Arbitrary<Value> {
  const { totalDigits, fractionDigits, minimum, maximum } = type;
  if (totalDigits !== undefined && fractionDigits !== undefined)
    return scaled(type, totalDigits, fractionDigits).map(Number);
  return fc.double({
    ...(minimum === undefined ? {} : { min: Number(minimum) }),
    ...(maximum === undefined ? {} : { max: Number(maximum) }),
    noNaN: minimum !== undefined || maximum !== undefined,
  });
}

function integerOf(type: IntegerType): fc.Arbitrary<Value> {
  if (type.totalDigits !== undefined) return scaled(type, type.totalDigits, 0).map(BigInt);
  const { minimum = String(-(2n ** 63n)), maximum = String(2n ** 63n - 1n) } = type;
  return fc.bigInt({ min: BigInt(minimum), max: BigInt(maximum) });
}

function decimalOf(type: DecimalType): fc.Arbitrary<Value> {
  const { totalDigits = 30, fractionDigits = 10 } = type;
  return scaled(type, totalDigits, fractionDigits).map((text) => new Decimal(text));
}

/** Decimal text of at most so many digits, with all fraction digits or, where these are zeros, without. */
function scaled(
  { minimum, maximum }: Pick<DecimalType, "minimum" | "maximum">,
  totalDigits: number,
  fractionDigits: number,
): fc.Arbitrary<string> {
  const scale = 10n ** BigInt(fractionDigits);
  const most = 10n ** BigInt(totalDigits) - 1n;
  const least = minimum === undefined ? -most : BigInt(minimum) * scale;
  const largest = maximum === undefined ? most : BigInt(maximum) * scale;
  return fc
    .tuple(
      fc.bigInt({ min: least > -most ? least : -most, max: largest < most ? largest : most }),
      fc.boolean(),
    )
    .map(([units, isShort]) => {
      const digits = String(units < 0n ? -units : units).padStart(fractionDigits + 1, "0");
      const whole = digits.slice(0, digits.length - fractionDigits);
      const fraction = digits.slice(digits.length - fractionDigits);
      const tail = fraction === "" || (isShort && /^0+$/.test(fraction)) ? "" : `.${fraction}`;
      return `${units < 0n ? "-" : ""}${whole}${tail}`;
    });
}

function mapOf(type: MapType): fc.Arbitrary<Value> {
  const entry = fc.tuple(valueOf(type.key), valueOf(type.value));
  const identity = ([key]: [Value, Value]): unknown =>
    key instanceof Decimal ? plain(key.text) : keyText(key);
  return fc
    .uniqueArray(entry, { maxLength: Math.min(4, type.maxItems), selector: identity })
    .map((entries) => new Map(entries));
}

/** The same text for 1.5 and 1.50. */
function plain(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
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
