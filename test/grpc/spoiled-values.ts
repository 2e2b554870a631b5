/** For each type, what it cannot hold: as bytes of a field on its way in. */
import type { DecimalType, DoubleType, FieldType, IntegerType } from "../../src/contract/model.js";
import type { Random } from "../fuzz/random.js";
import { lengthDelimited, scalarField, tag, varint } from "./wire-writer.js";

/** Bytes that are not UTF-8 (RFC 3629): a lone continuation, half a surrogate pair, too long a form, too large a character. */
const NOT_UTF8 = [
  "80",
  "c328",
  "eda080",
  "edbfbf",
  "c080",
  "e08080",
  "f4908080",
  "e282",
  "61ff62",
  "f8888080",
];

const NOT_DECIMAL = [
  "",
  "-",
  ".",
  "NaN",
  "Infinity",
  "1,5",
  " 1",
  "1 ",
  "0x10",
  "1e",
  "1e401",
  "1_000",
  "\u0661",
];

const NOT_DATES = [
  [0n, 0n, 0n],
  [0n, 1n, 1n],
  [2024n, 0n, 0n],
  [2024n, 1n, 0n],
  [2024n, 2n, 30n],
  [2023n, 2n, 29n],
  [1900n, 2n, 29n],
  [2024n, 13n, 1n],
  [2024n, 4n, 31n],
  [10_000n, 1n, 1n],
  [-1n, 1n, 1n],
  [2024n, -1n, 1n],
  // Into range, were it cut to 32 bits.
  [2n ** 32n + 2024n, 1n, 1n],
  [2024n, 2n ** 32n + 1n, 1n],
] as const;

const NOT_MOMENTS = [
  [0n, 1n],
  [0n, 999n],
  [0n, 1_000_000_000n],
  [0n, -1000n],
  [-62_135_596_801n, 0n],
  [253_402_300_800n, 0n],
  [2n ** 63n - 1n, 0n],
  [-(2n ** 63n), 0n],
  [0n, 2n ** 32n + 1000n],
] as const;

/** A field of the type that has to be refused; `undefined` for a type that holds every value of its encoding. */
export function spoiledField(type: FieldType, number: number, random: Random): Buffer | undefined {
  const message = (parts: readonly Buffer[]): Buffer => lengthDelimited(number, Buffer.concat(parts), random);
  const numbers = (parts: readonly bigint[]): Buffer =>
    message(parts.map((part, index) => scalarField(index + 1, 0, Buffer.from(varint(part)), random)));
  const broken = random.below(4) === 0 ? otherType(type, number, random) : undefined;
  if (broken !== undefined) return broken;
  switch (type.kind) {
    case "string": {
      const { maxLength, allowed } = type;
      const beyond =
        maxLength === undefined ? [] : ["x".repeat(maxLength + 1), "\u{1f600}".repeat(maxLength + 1)];
      const texts = allowed === undefined ? beyond : ["not allowed"];
      const contents = [
        ...NOT_UTF8.map((hex) => Buffer.from(hex, "hex")),
        ...texts.map((text) => Buffer.from(text)),
      ];
      return lengthDelimited(number, random.pick(contents), random);
    }
    case "integer": {
      const beyond = beyondBounds(type, 0);
      if (beyond.length === 0) return otherType(type, number, random);
      return scalarField(number, 0, Buffer.from(varint(BigInt(random.pick(beyond)))), random);
    }
    case "double":
      return spoiledDouble(type, number, random) ?? otherType(type, number, random);
    case "decimal": {
      const texts = [...NOT_DECIMAL, ...beyondBounds(type, type.fractionDigits ?? 0)];
      const content = random.below(4) === 0 ? Buffer.from("31ff", "hex") : Buffer.from(random.pick(texts));
      return message([lengthDelimited(1, content, random)]);
    }
    case "date":
      return numbers(random.pick(NOT_DATES));
    case "datetime":
      return numbers(random.pick(NOT_MOMENTS));
    default:
      return otherType(type, number, random);
  }
}

function spoiledDouble(type: DoubleType, number: number, random: Random): Buffer | undefined {
  const beyond = beyondBounds(type, type.fractionDigits ?? 0).map(Number);
  const hasBounds = type.minimum !== undefined || type.maximum !== undefined;
  const values = [...beyond, ...(type.totalDigits === undefined && !hasBounds ? [] : [Number.NaN])];
  if (type.totalDigits !== undefined) values.push(Infinity, -Infinity, 5e-324, Number.MAX_VALUE);
  if (values.length === 0) return undefined;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(random.pick(values));
  return scalarField(number, 1, bytes, random);
}

/** Numbers just outside of what the facets allow, as text. */
function beyondBounds(
  { totalDigits, minimum, maximum }: Pick<DecimalType | IntegerType, "totalDigits" | "minimum" | "maximum">,
  fractionDigits: number,
): readonly string[] {
  return [
    ...(totalDigits === undefined ? [] : [`1${"0".repeat(totalDigits - fractionDigits)}`]),
    ...(totalDigits === undefined ? [] : [`-1${"0".repeat(totalDigits - fractionDigits)}`]),
    ...(totalDigits === undefined || fractionDigits === 0 ? [] : [`0.${"0".repeat(fractionDigits)}1`]),
    ...(minimum === undefined ? [] : [String(BigInt(minimum) - 1n)]),
    ...(maximum === undefined ? [] : [String(BigInt(maximum) + 1n)]),
  ];
}

/** The field as another wire type; four bytes are that of no type of a contract. */
function otherType(type: FieldType, number: number, random: Random): Buffer {
  const wires = { string: [0, 1, 5], boolean: [1, 5], integer: [1, 5], double: [0, 5] } as const;
  const wire = random.pick(type.kind in wires ? wires[type.kind as keyof typeof wires] : [0, 1, 5]);
  const content = wire === 0 ? [1] : Array.from({ length: wire === 1 ? 8 : 4 }, () => 0);
  return Buffer.from([...tag(number, wire), ...content]);
}
