/** The value cases of the SOAP clients as protobuf has them, and those that XML cannot hold. */
import assert from "node:assert/strict";
import { listOf, objectOf, type Json, type JsonObject } from "../../support/json-of-type.js";
import { VALUE_CASES, type ValueCase } from "../soap/value-cases.js";
import { dateTime, decimal, double, long } from "../soap/tagged-values.js";

export interface ProtoCase {
  readonly name: string;
  /** Fields of `every_value.v1.RowsRow`; what is absent is not set. The answer has the same. */
  readonly row: JsonObject;
  /** How `every_value` prints what it got. */
  readonly seen: string;
}

/** Fields whose XML names are not those of the proto. */
const PROTO_NAMES: ReadonlyMap<string, string> = new Map([
  ["textField", "text"],
  ["dayField", "day"],
  ["classField", "class"],
  ["typeField", "type"],
  ["statusField", "status"],
]);

/**
 * Where protobuf has no way to say what XML says: a list or map without elements is one that is not there, and so is
 * nil. Everything else is as it is in XML.
 */
const SEEN_OTHERWISE: ReadonlyMap<string, string> = new Map([
  ["list: none", ""],
  ["map: empty", ""],
]);

const text = (name: string, value: string, repr: string): ProtoCase => ({
  name: `text: ${name}`,
  row: { text: value },
  seen: `text=${repr}`,
});

/** What only protobuf can carry, or carries in a way of its own. */
const OWN_CASES: readonly ProtoCase[] = [
  text("a NUL in the middle", "a\u0000b", String.raw`'a\x00b'`),
  text("every control character", "\u0001\u0008\u001b\u007f", String.raw`'\x01\x08\x1b\x7f'`),
  text("characters that XML forbids", "\uFFFE\uFFFF", String.raw`'\ufffe\uffff'`),
  text("a mark of byte order", "\uFEFFa", String.raw`'\ufeffa'`),
  text("a string of 70000 letters", "ß".repeat(70_000), `'${"ß".repeat(70_000)}'`),
  {
    name: "moment: the first",
    row: { moment: dateTime("0001-01-01T00:00:00Z") },
    seen: "moment=datetime.datetime(1, 1, 1, 0, 0)",
  },
  {
    name: "moment: the epoch",
    row: { moment: dateTime("1970-01-01T00:00:00Z") },
    seen: "moment=datetime.datetime(1970, 1, 1, 0, 0)",
  },
  {
    name: "zeros that are set are not absent",
    row: { text: "", whole: long("0"), flag: false, amount: decimal("0") },
    seen: "text=''; whole=0; amount=Decimal('0'); flag=False",
  },
  { name: "list: an empty text", row: { tags: [""] }, seen: "tags=['']" },
  {
    name: "map: an empty key and a zero",
    row: { counts: { "": long("0"), key: long("-9223372036854775808") } },
    seen: "counts={'': 0, 'key': -9223372036854775808}",
  },
];

export const PROTO_CASES: readonly ProtoCase[] = [...VALUE_CASES.map(protoCase), ...OWN_CASES];

function protoCase({ name, row, answer = row, seen }: ValueCase): ProtoCase {
  // A Timestamp is in UTC: what comes back is also what can be sent.
  return { name, row: protoRow(answer), seen: SEEN_OTHERWISE.get(name) ?? seen };
}

export function protoRow(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [PROTO_NAMES.get(name) ?? name, protoValue(name, value)]),
  );
}

/** XML has elements named `item` and `entry` where protobuf has a list and a map. */
function protoValue(name: string, value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  const { item, entry } = objectOf(value);
  if (item !== undefined) return listOf(item);
  if (entry !== undefined) {
    return Object.fromEntries(
      listOf(entry).map((one) => {
        const { key, value: content } = objectOf(one);
        assert.ok(typeof key === "string" && content !== undefined);
        return [key, content] as const;
      }),
    );
  }
  if (name === "tags") return [];
  // A double with bounds, which is a decimal in XML alone.
  if (name === "ratio" && "$decimal" in value) return double(Number(value["$decimal"]));
  return Object.keys(value).some((tag) => tag.startsWith("$")) ? value : protoRow(objectOf(value));
}

/** Python for `anything`, and the fields of the `google.protobuf.Value` that comes back; undefined: none does. */
export const UNDECLARED: readonly (readonly [python: string, answer: Json | undefined])[] = [
  ["None", undefined],
  ["'text <&> é 😀'", { string_value: "text <&> é 😀" }],
  ["2 ** 53", { number_value: double(2 ** 53) }],
  [
    "[-0.0, True, '']",
    { list_value: { values: [{ number_value: double(-0) }, { bool_value: true }, { string_value: "" }] } },
  ],
  [
    "{'a': {'b': 1.5}}",
    { struct_value: { fields: { a: { struct_value: { fields: { b: { number_value: double(1.5) } } } } } } },
  ],
  ["decimal.Decimal('1.50')", { string_value: "1.50" }],
  ["datetime.date(2024, 2, 29)", { string_value: "2024-02-29" }],
];
