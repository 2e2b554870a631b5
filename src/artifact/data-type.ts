/**
 * The types that columns, arguments and results of an artifact can have, and the reader of their spellings: the
 * platform's (`Array[Numerical]`), the data lake's (`array<decimal(11,2)>`) and Python's (`list[float] | None`).
 */
import { shown } from "../problems.js";
import { DataTypeError, scanType, type TypeScanner } from "./type-scanner.js";

export type ScalarType =
  /** `maxLength` in Unicode characters, where the spelling has one (`varchar(20)`). */
  | { readonly kind: "string"; readonly maxLength?: number }
  | { readonly kind: "boolean" }
  /** IEEE 754 double. */
  | { readonly kind: "numerical" }
  /** Signed 64-bit integer. */
  | { readonly kind: "integer" }
  /** Exact decimal; both facets are given or neither. */
  | { readonly kind: "decimal"; readonly totalDigits?: number; readonly fractionDigits?: number }
  | { readonly kind: "datetime" }
  | { readonly kind: "date" };

export interface StructField {
  readonly name: string;
  readonly type: DataType;
}

export type DataType =
  | ScalarType
  | { readonly kind: "array"; readonly items: DataType }
  | { readonly kind: "map"; readonly key: ScalarType; readonly value: DataType }
  | { readonly kind: "struct"; readonly fields: readonly StructField[] }
  /** Not stated: a column that is listed without a type. Nothing is served before somebody states one. */
  | { readonly kind: "any" };

/** Most levels of types inside one another. */
export const DEEPEST_TYPE = 32;
/** Most digits of a decimal; what the data lake itself allows. */
const MOST_DIGITS = 38;

const SPELLINGS = [
  ["numerical", ["numerical", "number", "numeric", "float", "double", "real"]],
  ["integer", ["int", "integer", "long", "bigint", "short", "smallint", "tinyint"]],
  ["decimal", ["decimal", "decimal.decimal"]],
  ["string", ["string", "str", "text", "varchar", "char"]],
  ["boolean", ["boolean", "bool"]],
  ["datetime", ["datetime", "datetime.datetime", "timestamp", "timestamp_ntz"]],
  ["date", ["date", "datetime.date"]],
  ["array", ["array", "list", "sequence"]],
  ["map", ["map", "dict", "mapping"]],
  ["struct", ["struct"]],
  ["typedDict", ["typeddict"]],
  ["optional", ["optional"]],
  ["any", ["any"]],
] as const;

type Constructor = (typeof SPELLINGS)[number][0];

const CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map(
  SPELLINGS.flatMap(([constructor, words]) =>
    words.map((word): [string, Constructor] => [word, constructor]),
  ),
);

const CANDIDATES =
  "String, Numerical, Integer, Decimal(p,s), Boolean, DateTime, Date, Array[…], Map[…, …] and Struct[name: …]";

/** True for a type without parts. */
export function isScalarType(type: DataType): type is ScalarType {
  return type.kind !== "array" && type.kind !== "map" && type.kind !== "struct" && type.kind !== "any";
}

/** False for `any`, and for every type with `any` somewhere inside. */
export function isStatedType(type: DataType): boolean {
  switch (type.kind) {
    case "any":
      return false;
    case "array":
      return isStatedType(type.items);
    case "map":
      return isStatedType(type.value);
    case "struct":
      return type.fields.every((field) => isStatedType(field.type));
    default:
      return true;
  }
}

/** The type that `text` spells, or in words why it spells none. */
export function dataTypeOrReason(text: string): DataType | string {
  try {
    return parseDataType(text);
  } catch (error) {
    if (error instanceof DataTypeError) return error.message;
    throw error;
  }
}

/**
 * Reads a spelled type. Type names are read ignoring case, blanks are free; `Optional[…]` and `| None` are dropped,
 * because everything but a map key may be null there.
 * @throws DataTypeError saying at which character what was expected
 */
export function parseDataType(text: string): DataType {
  const scanner = scanType(text);
  const type = readType(scanner, 1);
  scanner.expectEnd();
  return type;
}

function readType(scanner: TypeScanner, depth: number): DataType {
  if (depth > DEEPEST_TYPE) return scanner.fail(`types are nested deeper than ${DEEPEST_TYPE} levels`);
  const type = readPlainType(scanner, depth);
  while (scanner.takes("|")) {
    if (scanner.word() !== "None") return scanner.fail("expected `None` after `|`");
  }
  return type;
}

function readPlainType(scanner: TypeScanner, depth: number): DataType {
  const word = scanner.word();
  const constructor = CONSTRUCTORS.get(word.toLowerCase().replace(/^(t|typing)\./, ""));
  switch (constructor) {
    case "string":
      return readString(scanner, word);
    case "numerical":
    case "integer":
    case "boolean":
    case "datetime":
    case "date":
    case "any":
      return { kind: constructor };
    case "decimal":
      return readDecimal(scanner);
    case "array":
      return scanner.bracketed(word, () => ({ kind: constructor, items: readType(scanner, depth + 1) }));
    case "optional":
      return scanner.bracketed(word, () => readType(scanner, depth + 1));
    case "map":
      return scanner.bracketed(word, () => readMap(scanner, depth));
    case "struct":
      return scanner.bracketed(word, () => readFields(scanner, depth, scanner.bareName));
    case "typedDict":
      return readTypedDict(scanner, depth, word);
    case undefined:
      return scanner.fail(`\`${shown(word)}\` is not a type; expected one of ${CANDIDATES}`);
  }
}

/** `varchar(20)`; the other words for text have no length. */
function readString(scanner: TypeScanner, word: string): DataType {
  const [maxLength] = /char$/i.test(word) ? readLengths(scanner, 1) : [];
  return maxLength === undefined ? { kind: "string" } : { kind: "string", maxLength };
}

function readDecimal(scanner: TypeScanner): DataType {
  const [totalDigits, fractionDigits = 0] = readLengths(scanner, 2);
  if (totalDigits === undefined) return { kind: "decimal" };
  if (totalDigits > MOST_DIGITS || fractionDigits > totalDigits) {
    return scanner.fail(
      `expected at most ${MOST_DIGITS} digits, and no more of them in the fraction than in all`,
    );
  }
  return { kind: "decimal", totalDigits, fractionDigits };
}

/** `(11,2)`: up to `most` numbers, the first of them not 0; none without parentheses. */
function readLengths(scanner: TypeScanner, most: number): number[] {
  const lengths: number[] = [];
  if (!scanner.takes("(")) return lengths;
  do lengths.push(scanner.integer());
  while (lengths.length < most && scanner.takes(","));
  if (lengths[0] === 0) return scanner.fail("expected a length of at least 1");
  scanner.expect(")");
  return lengths;
}

function readMap(scanner: TypeScanner, depth: number): DataType {
  const key = readType(scanner, depth + 1);
  if (!isScalarType(key)) return scanner.fail("the key of a map must be a type without parts");
  scanner.expect(",");
  return { kind: "map", key, value: readType(scanner, depth + 1) };
}

function readFields(scanner: TypeScanner, depth: number, readName: () => string): DataType {
  const fields: StructField[] = [];
  const names = new Set<string>();
  do {
    const name = readName();
    if (names.has(name)) return scanner.fail(`the struct has the field \`${shown(name)}\` twice`);
    names.add(name);
    scanner.expect(":");
    fields.push({ name, type: readType(scanner, depth + 1) });
  } while (scanner.takes(","));
  return { kind: "struct", fields };
}

/** `TypedDict[{'a': str}]`, or the call that makes one: `TypedDict("T", {'a': str}, total=False)`. */
function readTypedDict(scanner: TypeScanner, depth: number, word: string): DataType {
  const readBody = (): DataType => {
    scanner.expect("{");
    const type = readFields(scanner, depth, scanner.quotedName);
    scanner.expect("}");
    return type;
  };
  if (!scanner.takes("(")) return scanner.bracketed(word, readBody);
  scanner.quotedName();
  scanner.expect(",");
  const type = readBody();
  if (scanner.takes(",")) {
    if (scanner.word() !== "total") return scanner.fail("expected `total=False`");
    scanner.expect("=");
    if (!/^(True|False)$/.test(scanner.word())) return scanner.fail("expected `True` or `False`");
  }
  scanner.expect(")");
  return type;
}
