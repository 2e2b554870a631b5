/**
 * Messages of a contract in every spelling that protobuf allows for the same values (protobuf.dev, "Encoding"): fields in any order,
 * singular fields more than once, messages in parts, lists packed, unpacked and mixed, map entries without their zeros, unknown
 * fields anywhere. Written by the types alone, with nothing of the gateway's codecs. One value of it may be spoiled.
 */
import type { FieldType, MapType, Message } from "../../src/contract/model.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../../src/values.js";
import type { Random } from "../fuzz/random.js";
import { lengthDelimited, longer, scalarField, unknownField, varint } from "./wire-writer.js";

/** Puts something else in the place of one value. */
export interface Spoiler {
  /** Is asked for each value with its place; what it gives is written, and has to be at fault. */
  spoil(type: FieldType, number: number, path: string): Buffer | undefined;
}

export interface Spelling {
  readonly random: Random;
  readonly spoiler?: Spoiler;
}

const WIRE_OF = { boolean: 0, integer: 0, double: 1 } as const;

/** The bytes of a message whose fields have these values. */
export function spellMessage(message: Message, value: Struct, spelling: Spelling, path = ""): Buffer {
  const fields = message.fields
    .filter(({ source }) => value[source] !== undefined)
    .map(({ source, number, type }) =>
      spellField(type, number, value[source] ?? null, spelling, join(path, source)),
    );
  return shuffle(fields, new Set(message.fields.map(({ number }) => number)), spelling);
}

function join(path: string, source: string): string {
  return path === "" || source === "" ? path + source : `${path}.${source}`;
}

/** The records of all fields in any order, in which those of one field keep theirs, with unknown ones among them. */
function shuffle(
  fields: readonly (readonly Buffer[])[],
  taken: ReadonlySet<number>,
  { random }: Spelling,
): Buffer {
  const lines = fields.map((records) => [...records]).filter((records) => records.length > 0);
  const out: Buffer[] = [];
  const sometimesUnknown = (): void => {
    if (random.below(12) === 0) out.push(unknownField(taken, random));
  };
  sometimesUnknown();
  while (lines.length > 0) {
    const at = random.below(4) === 0 ? random.below(lines.length) : 0;
    const record = lines[at]?.shift();
    if (record !== undefined) out.push(record);
    if (lines[at]?.length === 0) lines.splice(at, 1);
    sometimesUnknown();
  }
  return Buffer.concat(out);
}

/** The records of one field. */
function spellField(
  type: FieldType,
  number: number,
  value: Value,
  spelling: Spelling,
  path: string,
): readonly Buffer[] {
  if (type.kind === "array" && Array.isArray(value))
    return spellList(type.items, number, value, spelling, path);
  if (type.kind === "map" && value instanceof Map) return spellMap(type, number, value, spelling, path);
  return spellSingular(type, number, value, spelling, path);
}

/** A field that is not repeated: given twice the last one counts, and a message is the sum of its parts. */
function spellSingular(
  type: FieldType,
  number: number,
  value: Value,
  spelling: Spelling,
  path: string,
): readonly Buffer[] {
  const { random, spoiler } = spelling;
  const spoiled = spoiler?.spoil(type, number, path);
  if (spoiled !== undefined) return [spoiled];
  if (isScalarKind(type)) {
    const record = (): Buffer => spellScalar(number, value, random);
    return random.below(10) === 0 ? [record(), record()] : [record()];
  }
  const content = spellContent(type, value, spelling, path);
  if (random.below(6) !== 0) return [lengthDelimited(number, content, random)];
  // The same again, or nothing: neither changes what the parts say together, where nothing in them is repeated.
  const parts = isFlat(type)
    ? [content, Buffer.alloc(0), content]
    : [Buffer.alloc(0), content, Buffer.alloc(0)];
  return parts.map((part) => lengthDelimited(number, part, random));
}

function isFlat({ kind }: FieldType): boolean {
  return kind === "decimal" || kind === "date" || kind === "datetime";
}

function isScalarKind({ kind }: FieldType): boolean {
  return kind === "string" || Object.hasOwn(WIRE_OF, kind);
}

/** A scalar with its tag. */
function spellScalar(number: number, value: Value, random: Random): Buffer {
  if (typeof value === "string") return lengthDelimited(number, Buffer.from(value), random);
  return scalarField(number, typeof value === "number" ? 1 : 0, scalarBytes(value, random), random);
}

function scalarBytes(value: Value, random: Random): Buffer {
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  }
  if (typeof value === "bigint") return Buffer.from(varint(value, longer(random)));
  // Everything but zero is true.
  return Buffer.from(varint(value === true ? BigInt(1 + random.below(3)) : 0n, longer(random)));
}

/** What stands between the tag of a message and its end. */
function spellContent(type: FieldType, value: Value, spelling: Spelling, path: string): Buffer {
  if (type.kind === "struct" && isStruct(value)) return spellMessage(type.message, value, spelling, path);
  if (type.kind === "array" || type.kind === "map") {
    return shuffle([spellField(type, 1, value, spelling, path)], new Set([1]), spelling);
  }
  if (value instanceof Decimal) return spellParts([[1, value.text]], spelling);
  if (value instanceof CalendarDate) {
    const numbers = value.text.split("-").map((part) => BigInt(part));
    return spellParts(
      numbers.map((part, index) => [index + 1, part] as const),
      spelling,
    );
  }
  if (value instanceof DateTime) {
    const [whole = "", fraction = ""] = value.text.split(".");
    const seconds = BigInt(Math.floor(Date.parse(`${whole}Z`) / 1000));
    const parts = [[1, seconds] as const, [2, BigInt(fraction.padEnd(9, "0"))] as const];
    // Zeros may be left out, and need not be.
    return spellParts(
      parts.filter(([, part]) => part !== 0n || spelling.random.below(2) === 0),
      spelling,
    );
  }
  throw new TypeError(`no bytes for ${type.kind}`);
}

function spellParts(parts: readonly (readonly [number, Value])[], spelling: Spelling): Buffer {
  const { random } = spelling;
  const records = parts.map(([number, part]) => [spellScalar(number, part, random)]);
  return shuffle(records, new Set([1, 2, 3]), spelling);
}

function spellList(
  items: FieldType,
  number: number,
  list: readonly Value[],
  spelling: Spelling,
  path: string,
): readonly Buffer[] {
  const { random, spoiler } = spelling;
  const isPackable = isScalarKind(items) && items.kind !== "string";
  const records: Buffer[] = [];
  for (let at = 0; at < list.length;) {
    const place = `${path}[${at}]`;
    const value = list[at] ?? null;
    const spoiled = spoiler?.spoil(items, number, place);
    const run = isPackable && spoiler === undefined ? random.below(list.length - at + 1) : 0;
    if (spoiled !== undefined) records.push(spoiled);
    else if (run > 0) {
      const packed = list.slice(at, at + run).map((item) => scalarBytes(item, random));
      records.push(lengthDelimited(number, Buffer.concat(packed), random));
    } else if (isScalarKind(items)) records.push(spellScalar(number, value, random));
    else records.push(lengthDelimited(number, spellContent(items, value, spelling, place), random));
    at += Math.max(1, run);
  }
  return records;
}

function spellMap(
  type: MapType,
  number: number,
  map: ReadonlyMap<Value, Value>,
  spelling: Spelling,
  path: string,
): readonly Buffer[] {
  const { random, spoiler } = spelling;
  const isNative =
    ["string", "boolean", "integer"].includes(type.key.kind) &&
    type.value.kind !== "array" &&
    type.value.kind !== "map";
  return [...map].flatMap(([key, value], index) => {
    const place = `${path}[${index}]`;
    const part = (partType: FieldType, at: number, content: Value, name: string): readonly Buffer[] =>
      isNative && spoiler === undefined && isZero(content) && random.below(2) === 0
        ? []
        : spellField(partType, at, content, spelling, `${place}.${name}`);
    const entry = (): Buffer => {
      const parts = [part(type.key, 1, key, "key"), part(type.value, 2, value, "value")];
      return lengthDelimited(number, shuffle(parts, new Set([1, 2]), spelling), random);
    };
    // Of equal keys the last one counts, as long as there are not too many entries.
    const isTwice =
      isNative && spoiler === undefined && map.size * 2 <= type.maxItems && random.below(8) === 0;
    return isTwice ? [entry(), entry()] : [entry()];
  });
}

/** What protobuf means by an entry without the key or the value. */
function isZero(value: Value): boolean {
  return value === "" || value === false || value === 0n || Object.is(value, 0);
}
