/**
 * A value tree laid out as the record of a copybook, item by item: what a converter from XML would do. The bytes of an item are
 * made from its PICTURE alone, apart from the generator's own arithmetic.
 */
import { Buffer } from "node:buffer";
import { endianness } from "node:os";
import type { RecordItem } from "../../src/cobol/record-layout.js";
import type { FieldType, Message } from "../../src/contract/model.js";
import { CalendarDate, DateTime, Decimal, isStruct, type Struct, type Value } from "../../src/values.js";

/** One occurrence of an elementary item. */
export interface Leaf {
  /** `item OF reasonCodes OF result OF EvaluateResponse (1 3)`, in parts that fit on lines. */
  readonly reference: readonly string[];
  readonly item: RecordItem;
  /** As XML writes it; absent where the counts say that nothing is there. */
  readonly text: string | undefined;
}

interface Walk {
  readonly groups: readonly string[];
  readonly subscripts: readonly number[];
  readonly leaves: Leaf[];
}

/** Every elementary item of a record, in the order of storage. */
export function recordLeaves(message: Message, layout: RecordItem, struct: Struct): readonly Leaf[] {
  const leaves: Leaf[] = [];
  walkMessage(message, layout.items, struct, { groups: [layout.name], subscripts: [], leaves });
  return leaves;
}

/** The record as a COBOL program on this machine has it in storage. */
export function recordBytes(leaves: readonly Leaf[]): Buffer {
  return Buffer.concat(leaves.map(leafBytes));
}

function walkMessage(
  message: Message,
  items: readonly RecordItem[],
  struct: Struct | undefined,
  walk: Walk,
): void {
  const rest = [...items];
  for (const field of message.fields) {
    const value = struct?.[field.source] ?? undefined;
    if (!field.required) {
      const presence = take(rest, "presence");
      // Behind a count that says no, the indicator itself is unused too.
      leaf(presence, struct === undefined ? undefined : value === undefined ? "0" : "1", walk);
    }
    const item = rest.shift();
    if (item !== undefined) walkType(field.type, item, value, walk);
  }
}

function walkType(type: FieldType, item: RecordItem, value: Value | undefined, walk: Walk): void {
  if (item.role === "omitted") return;
  const inside = { ...walk, groups: [...walk.groups, item.name] };
  if (type.kind === "struct") {
    walkMessage(type.message, item.items, isStruct(value) ? value : undefined, inside);
  } else if (type.kind === "array") {
    const values = Array.isArray(value) ? value : undefined;
    const [count, element] = item.items;
    if (count !== undefined) leaf(count, values === undefined ? undefined : String(values.length), inside);
    repeat(element, inside, (index, at) => element && walkType(type.items, element, values?.[index], at));
  } else if (type.kind === "map") {
    const entries = value instanceof Map ? [...value] : undefined;
    const [count, entry] = item.items;
    if (count !== undefined) leaf(count, entries === undefined ? undefined : String(entries.length), inside);
    repeat(entry, inside, (index, at) => {
      const parts = { ...at, groups: [...at.groups, entry?.name ?? ""] };
      const [key, one] = entry?.items ?? [];
      if (key !== undefined) walkType(type.key, key, entries?.[index]?.[0], parts);
      if (one !== undefined) walkType(type.value, one, entries?.[index]?.[1], parts);
    });
  } else {
    leaf(item, value === undefined ? undefined : textOf(value), walk);
  }
}

function repeat(item: RecordItem | undefined, walk: Walk, visit: (index: number, at: Walk) => void): void {
  for (let index = 0; index < (item?.occurs ?? 0); index += 1) {
    visit(index, { ...walk, subscripts: [...walk.subscripts, index + 1] });
  }
}

function leaf(item: RecordItem, text: string | undefined, { groups, subscripts, leaves }: Walk): void {
  const qualified = [item.name, ...[...groups].reverse().map((group) => `OF ${group}`)];
  const reference = subscripts.length === 0 ? qualified : [...qualified, `(${subscripts.join(" ")})`];
  leaves.push({ reference, item, text });
}

function take(items: RecordItem[], role: RecordItem["role"]): RecordItem {
  const item = items.shift();
  if (item?.role !== role) throw new Error(`expected an item for ${role}, found ${item?.name ?? "none"}`);
  return item;
}

function textOf(value: Value): string {
  if (value instanceof DateTime) return `${value.text}Z`;
  if (value instanceof CalendarDate || value instanceof Decimal) return value.text;
  if (typeof value === "number") return plainNumber(value);
  // A single-byte code page has one character for all that it has not.
  if (typeof value === "string") return value.replace(/[^\u{0}-\u{ff}]/gu, "?");
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  throw new TypeError("not a scalar");
}

/** The samples have no number so large or small that JavaScript writes an exponent. */
function plainNumber(value: number): string {
  const text = String(value);
  if (text.includes("e")) throw new RangeError(`${text} needs an exponent`);
  return text;
}

function leafBytes({ item, text }: Leaf): Buffer {
  const clause = item.picture?.clause ?? "";
  if (item.isBoolean === true) return Buffer.from([text === "true" ? 1 : 0]);
  const characters = /^PIC X\((\d+)\)$/.exec(clause);
  if (characters !== null) return Buffer.from((text ?? "").padEnd(Number(characters[1])), "latin1");
  const binary = /^PIC S9\((\d+)\) COMP-5$/.exec(clause);
  if (binary !== null) return binaryBytes(Number(binary[1]) > 9 ? 8 : 4, BigInt(text ?? "0"));
  if (clause === "COMP-2") return doubleBytes(Number(text ?? "0"));
  const packed = /^PIC S(?:9\((\d+)\))?(?:V9\((\d+)\))? COMP-3$/.exec(clause);
  if (packed !== null) return packedBytes(text ?? "0", Number(packed[1] ?? 0), Number(packed[2] ?? 0));
  throw new Error(`no bytes for ${clause}`);
}

function binaryBytes(bytes: 4 | 8, value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(value);
  const little = buffer.subarray(0, bytes);
  return endianness() === "LE" ? little : Buffer.from(little).reverse();
}

function doubleBytes(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  if (endianness() === "LE") buffer.writeDoubleLE(value);
  else buffer.writeDoubleBE(value);
  return buffer;
}

/** Two digits in a byte, the sign in the last half: C for plus, D for minus. */
function packedBytes(text: string, wholeDigits: number, fractionDigits: number): Buffer {
  const [whole = "", fraction = ""] = text.replace(/^-/, "").split(".");
  const digits = whole.replace(/^0+/, "").padStart(wholeDigits, "0") + fraction.padEnd(fractionDigits, "0");
  if (digits.length > wholeDigits + fractionDigits) throw new RangeError(`${text} does not fit`);
  const halves = `${digits}${text.startsWith("-") ? "d" : "c"}`;
  return Buffer.from(halves.length % 2 === 0 ? halves : `0${halves}`, "hex");
}
