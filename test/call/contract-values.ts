/** Random inputs for a contract as decoders hand them over: also with nulls, missing fields and lists that are too long. */
import fc from "fast-check";
import type { FieldType, Message } from "../../src/contract/model.js";
import { CalendarDate, DateTime, Decimal, newStruct, type Struct, type Value } from "../../src/values.js";

export function looseStruct(message: Message): fc.Arbitrary<Struct> {
  const members = message.fields.map(({ source, type }) =>
    fc
      .oneof(
        { arbitrary: looseValue(type), weight: 4 },
        { arbitrary: fc.constantFrom(null, undefined), weight: 1 },
      )
      .map((value) => [source, value] as const),
  );
  return fc.tuple(...members).map((pairs) => {
    const struct = newStruct();
    for (const [name, value] of pairs) if (value !== undefined) struct[name] = value;
    return struct;
  });
}

function looseValue(type: FieldType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case "string":
      return fc.string({ unit: "grapheme", maxLength: 100 });
    case "boolean":
      return fc.boolean();
    case "double":
      return fc.double();
    case "integer":
      return fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer().map(BigInt));
    case "decimal":
      return fc.integer().map((digits) => new Decimal(`${digits}.50`));
    case "datetime":
      return fc
        .constantFrom("2024-02-29T23:59:58.05", "0001-01-01T00:00:00")
        .map((text) => new DateTime(text));
    case "date":
      return fc.constantFrom("2024-02-29", "9999-12-31").map((text) => new CalendarDate(text));
    case "array":
      return fc.array(orNull(looseValue(type.items)), {
        maxLength: type.maxItems > 20 ? 3 : type.maxItems + 1,
      });
    case "map":
      return fc
        .array(fc.tuple(looseValue(type.key), orNull(looseValue(type.value))), { maxLength: 4 })
        .map((entries) => new Map(entries));
    case "struct":
      return looseStruct(type.message);
    case "dynamic":
      return fc.constant(null);
  }
}

function orNull(value: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ arbitrary: value, weight: 20 }, { arbitrary: fc.constant(null), weight: 1 });
}
