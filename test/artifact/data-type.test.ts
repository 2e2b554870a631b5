import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { spellType } from "../../src/artifact/spell-type.js";
import { parseDataType, type DataType } from "../../src/artifact/data-type.js";
import { anyType } from "./arbitrary-types.js";
import { DataTypeError } from "../../src/artifact/type-scanner.js";

const string: DataType = { kind: "string" };
const numerical: DataType = { kind: "numerical" };

const SPELLINGS: readonly (readonly [DataType, readonly string[]])[] = [
  [numerical, ["Numerical", "number", "numeric", "float", "DOUBLE", "real", "Optional[float]"]],
  [{ kind: "integer" }, ["int", "Integer", "long", "bigint", "short", "smallint", "tinyint", "int | None"]],
  [{ kind: "decimal" }, ["decimal", "Decimal", "decimal.Decimal"]],
  [{ kind: "decimal", totalDigits: 11, fractionDigits: 2 }, ["decimal(11,2)", " Decimal ( 11 , 2 ) "]],
  [{ kind: "decimal", totalDigits: 9, fractionDigits: 0 }, ["decimal(9)"]],
  [string, ["String", "str", "text", "varchar", "char", "t.Optional[str]", "str|None"]],
  [{ kind: "string", maxLength: 20 }, ["varchar(20)", "VARCHAR( 20 )", "char(20)", "Optional[varchar(20)]"]],
  [{ kind: "string", maxLength: 16777216 }, ["varchar(16777216)"]],
  [{ kind: "any" }, ["Any", "any", "typing.Any", "Optional[Any]"]],
  [{ kind: "boolean" }, ["Boolean", "bool"]],
  [{ kind: "datetime" }, ["DateTime", "datetime", "datetime.datetime", "timestamp", "timestamp_ntz"]],
  [{ kind: "date" }, ["Date", "date"]],
  [
    { kind: "array", items: string },
    ["Array[String]", "list[str]", "List[str]", "typing.Sequence[str]", "array<string>"],
  ],
  [
    { kind: "map", key: { kind: "numerical" }, value: string },
    [
      "Map[Numerical,String]",
      "dict[float, str]",
      "Dict[float,str]",
      "Mapping[float, str]",
      "map<double,string>",
    ],
  ],
  [
    {
      kind: "struct",
      fields: [
        { name: "role", type: string },
        { name: "score", type: numerical },
      ],
    },
    [
      "Struct[role: String, score: Numerical]",
      "struct<role:string,score:double>",
      "TypedDict[{'role': str, 'score': float}]",
      't.TypedDict("T", {"role": str, "score": float})',
      "t.TypedDict('T', {'role': str, 'score': float}, total=False)",
    ],
  ],
];

test("every spelling of a type reads as the same type", () => {
  for (const [type, spellings] of SPELLINGS) {
    for (const spelling of spellings) assert.deepEqual(parseDataType(spelling), type, spelling);
  }
});

test("names of struct fields stay as they are", () => {
  const names = (text: string): string[] => {
    const type = parseDataType(text);
    return type.kind === "struct" ? type.fields.map((field) => field.name) : [];
  };
  assert.deepEqual(names("Struct[__proto__: String, constructor: String]"), ["__proto__", "constructor"]);
  assert.deepEqual(names("Struct[ first name : String, größe: Numerical]"), ["first name", "größe"]);
  assert.deepEqual(names("TypedDict[{'a:b, c]': str}]"), ["a:b, c]"]);
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["Nummerical", /^`Nummerical` is not a type; expected one of String, Numerical,.* at character 1$/],
  ["Array[Strin]", /^`Strin` is not a type; .* at character 7$/],
  ["", /^expected a type, at character 1$/],
  ["list", /^`list` alone does not say what it holds; expected `\[` after it, at character 5$/],
  ["dict", /alone does not say what it holds/],
  ["Array", /alone does not say what it holds/],
  ["Map", /alone does not say what it holds/],
  ["Struct", /alone does not say what it holds/],
  ["Struct[]", /^expected the name of a field, at character 8$/],
  ["Struct[a: String, a: Boolean]", /^the struct has the field `a` twice, at character 19$/],
  ["Struct[a String]", /^expected `:`, at character 16$/],
  ["TypedDict[{'a': str, 'a': str}]", /has the field `a` twice/],
  ["TypedDict('T', {'a': str}, totl=False)", /expected `total=False`/],
  ["TypedDict('T', {'a': str}, total=Maybe)", /expected `True` or `False`/],
  ["Map[Any, String]", /^the key of a map must be a type without parts/],
  ["Map[Array[String], String]", /^the key of a map must be a type without parts/],
  ["Map[String]", /^expected `,`, at character 11$/],
  ["Array[String>", /^expected `\]`, at character 13$/],
  ["Array<String]", /^expected `>`, at character 13$/],
  ["String]", /^expected the end of the type, at character 7$/],
  ["String | Numerical", /^expected `None` after `\|`, at character 10$/],
  ["decimal(2,3)", /no more of them in the fraction than in all/],
  ["decimal(39)", /at most 38 digits/],
  ["decimal(0)", /^expected a length of at least 1/],
  ["varchar(0)", /^expected a length of at least 1/],
  ["varchar(1,2)", /^expected `\)`/],
  ["int(4)", /^expected the end of the type/],
  ["toString", /is not a type/],
  ["__proto__", /is not a type/],
];

test("what is not a type is refused with its place", () => {
  for (const [text, message] of REFUSED) {
    assert.throws(
      () => parseDataType(text),
      (error) => error instanceof DataTypeError && message.test(error.message),
      text,
    );
  }
});

test("types may be nested 32 deep and no deeper", () => {
  const nested = (levels: number): string => "Array[".repeat(levels - 1) + "String" + "]".repeat(levels - 1);
  assert.equal(parseDataType(nested(32)).kind, "array");
  assert.throws(() => parseDataType(nested(33)), /nested deeper than 32 levels/);
  assert.throws(() => parseDataType("Optional[".repeat(1_000_000)), /nested deeper than 32 levels/);
});

const blank = fc.constantFrom("", " ", "  ");
type Style = "platform" | "lake" | "python";

const WORDS = {
  string: { platform: "String", lake: "string", python: "str" },
  boolean: { platform: "Boolean", lake: "boolean", python: "bool" },
  numerical: { platform: "Numerical", lake: "double", python: "float" },
  integer: { platform: "Integer", lake: "bigint", python: "int" },
  datetime: { platform: "DateTime", lake: "timestamp", python: "datetime.datetime" },
  date: { platform: "Date", lake: "date", python: "date" },
  array: { platform: "Array", lake: "array", python: "list" },
  map: { platform: "Map", lake: "map", python: "dict" },
  struct: { platform: "Struct", lake: "struct", python: "TypedDict" },
  decimal: { platform: "Decimal", lake: "decimal", python: "decimal" },
  any: { platform: "Any", lake: "any", python: "t.Any" },
} as const satisfies Record<DataType["kind"], Record<Style, string>>;

/** The type in one of its spellings, with blanks strewn in. */
function printed(type: DataType, style: Style, gap: string): string {
  const inner = (part: DataType): string => gap + printed(part, style, gap) + gap;
  const word = WORDS[type.kind][style];
  const bracketed = (inside: string): string =>
    style === "lake" ? `${word}<${inside}>` : `${word}[${inside}]`;
  switch (type.kind) {
    case "array":
      return bracketed(inner(type.items));
    case "map":
      return bracketed(`${inner(type.key)},${inner(type.value)}`);
    case "struct": {
      const quote = style === "python" ? "'" : "";
      const fields = type.fields
        .map((field) => `${gap}${quote}${field.name}${quote}${gap}:${inner(field.type)}`)
        .join(",");
      return bracketed(style === "python" ? `{${fields}}` : fields);
    }
    case "string":
      return type.maxLength === undefined ? word : `varchar${gap}(${gap}${type.maxLength}${gap})`;
    case "decimal": {
      const { totalDigits, fractionDigits } = type;
      return totalDigits === undefined ? word : `${word}(${totalDigits},${fractionDigits ?? 0})`;
    }
    default:
      return word;
  }
}

test("printing a type in any spelling and reading it again gives the type", () => {
  const style = fc.constantFrom<Style>("platform", "lake", "python");
  fc.assert(
    fc.property(anyType, style, blank, (type, spelling, gap) => {
      assert.deepEqual(parseDataType(printed(type, spelling, gap)), type);
      assert.deepEqual(parseDataType(spellType(type)), type);
    }),
    { seed: 20240131, numRuns: 500 },
  );
});

test("any text is a type or a DataTypeError", () => {
  const piece = fc.constantFrom(
    "Array",
    "Map",
    "Struct",
    "str",
    "[",
    "]",
    "<",
    ">",
    ",",
    ":",
    "a",
    "(",
    "1",
    "|",
    "'",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 3 }))), (pieces) => {
      try {
        parseDataType(pieces.join(""));
      } catch (error) {
        assert.ok(error instanceof DataTypeError, String(error));
      }
    }),
    { seed: 7, numRuns: 1000 },
  );
});
