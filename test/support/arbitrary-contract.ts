/**
 * Contracts of artifacts that nobody would write and everybody will meet: names that are words of some language, that differ
 * in what is cut off, or that hold nothing a compiler takes; every type inside every other; facets, notes and removed
 * columns. All by seed, through the reader of `input_info.json` and `buildContract`, like any artifact.
 */
import fc from "fast-check";
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract, type ContractSource } from "../../src/contract/build-contract.js";
import { PROFILES, type Service } from "../../src/contract/model.js";
import { facetsArbitrary, withFacets } from "./arbitrary-facets.js";

const LONG = "a_very_long_name_of_a_column_that_goes_on_and_on_".repeat(4);

/** Names that have broken somebody's generator. */
export const HOSTILE_NAMES: readonly string[] = [
  ...["type", "values", "class", "toString", "__proto__", "constructor", "hasOwnProperty", "valueOf"],
  ...["a_b", "aB", "a b", "A_B", "a__b", "_", "__", "-", "1st", "2", "a1", "a_1", "a-1"],
  ...["int", "object", "namespace", "event", "string", "package", "import", "message", "rpc", "reserved"],
  ...[
    "MOVE",
    "PERFORM",
    "VALUE",
    "section",
    "picture",
    "filler",
    "length",
    "count",
    "key",
    "entry",
    "item",
    "row",
  ],
  ...[
    "Evaluate",
    "EvaluateRequest",
    "EvaluateFault",
    "evaluate_one",
    "request",
    "response",
    "result",
    "parameters2",
  ],
  ...[
    "ArrayOfThings",
    "string40",
    "String40",
    "decimal15x2",
    "timestamp",
    "calendarDate",
    "google",
    "tns",
    "xsd",
  ],
  ...[
    "доход",
    "возраст",
    "年収",
    "客户",
    "Größe",
    "naïve",
    "ﬁnance",
    "İstanbul",
    "x\u0301",
    "\u{1f600}",
    "a\u{1f600}b",
  ],
  ...[
    'quote"d',
    "<tag>",
    "&amp;",
    "]]>",
    "*/",
    "//",
    "back\\slash",
    "semi;colon",
    "dot.ted",
    "br[0]",
    "{x}",
    "%s",
  ],
  ...["customer_annual_income_total_2023", "customer_annual_income_total_2024"],
  ...[LONG.slice(0, 200), `${LONG.slice(0, 199)}Z`, LONG.slice(0, 100)],
];

const HOSTILE_TEXTS = [
  "",
  "Plain.",
  'With <b>, & and ]]> and "quotes"',
  "Two\nlines */ // and } message Evil {",
  "\u0000\u0001\ufffe\ud800 broken",
  "東京 is a city. It has many people.",
  "x".repeat(3000),
];

const SCALARS = [
  "String",
  "Numerical",
  "Integer",
  "Decimal",
  "Decimal(15,2)",
  "decimal(38,0)",
  "Boolean",
  "DateTime",
  "date",
];
const KEYS = ["String", "Integer", "Boolean", "Numerical", "date", "DateTime", "Decimal(9,4)"];

const nameArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_NAMES) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 30, unit: "binary" }).filter(isAlias) },
);

/** Aliases are what `input_info.json` allows: without control characters. */
function isAlias(name: string): boolean {
  return name.isWellFormed() && !/\p{Cc}/u.test(name);
}

/** Spelled types, nested to any kind. */
const typeArbitrary: fc.Arbitrary<string> = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...SCALARS),
    tie("type").map((items) => `Array[${items}]`),
    fc.tuple(fc.constantFrom(...KEYS), tie("type")).map(([key, value]) => `Map[${key}, ${value}]`),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom("a", "b_c", "bC", "type", "class", "Money", "x9"), tie("type")), {
        minLength: 1,
        maxLength: 4,
        selector: ([name]) => name,
      })
      .map((fields) => `Struct[${fields.map(([name, type]) => `${name}: ${type}`).join(", ")}]`),
  ),
})).type;

const columnArbitrary = fc.record({
  alias: nameArbitrary,
  type: typeArbitrary,
  nullable: fc.boolean(),
  description: fc.constantFrom(...HOSTILE_TEXTS),
});
const columnsArbitrary = (minLength: number, maxLength: number) =>
  fc.uniqueArray(columnArbitrary, { minLength, maxLength, selector: ({ alias }) => alias });

const parametersArbitrary = fc.uniqueArray(
  fc.record({ alias: nameArbitrary, type: fc.constantFrom(...SCALARS), nullable: fc.boolean() }),
  { maxLength: 4, selector: ({ alias }) => alias },
);

/** The content of `input_info.json` in its canonical form. */
export const inputInfoArbitrary = fc
  .record({
    tables: fc.uniqueArray(
      fc.record({
        alias: nameArbitrary,
        nullable: fc.boolean(),
        description: fc.constantFrom(...HOSTILE_TEXTS),
        columns: columnsArbitrary(1, 12),
      }),
      { maxLength: 4, selector: ({ alias }) => alias },
    ),
    arguments: columnsArbitrary(0, 4),
    runtime_params: parametersArbitrary,
  })
  .filter(({ tables, arguments: args }) => {
    const aliases = [...tables, ...args].map(({ alias }) => alias);
    return new Set(aliases).size === aliases.length;
  });

const outputArbitrary = fc.option(typeArbitrary, { nil: undefined, freq: 5 });

/** What a contract is built from, of one artifact. */
const sourceArbitrary = fc
  .record({
    alias: fc.constantFrom("hostile", "credit_decision", "x1", "type", "google"),
    description: fc.constantFrom(...HOSTILE_TEXTS),
    inputs: inputInfoArbitrary,
    output: outputArbitrary,
    profile: fc.constantFrom(...PROFILES),
  })
  .map(({ inputs, output, ...rest }): ContractSource => ({
    ...rest,
    inputs: normaliseInputInfo(inputs),
    output:
      output === undefined ? undefined : { type: parseDataType(output), spelled: output, origin: "metadata" },
  }));

/** A contract in its first version, or one that has facets, notes and a past. */
export const contractArbitrary: fc.Arbitrary<Service> = fc
  .tuple(sourceArbitrary, fc.option(facetsArbitrary, { nil: undefined, freq: 3 }), fc.nat({ max: 3 }))
  .map(([source, facets, removed]) => {
    const first = buildContract(source);
    if (facets === undefined) return first;
    return buildContract({ ...withoutColumns(source, removed), previous: withFacets(first, facets) });
  });

/** So many contracts, the same ones for the same seed. */
export function sampleContracts(count: number, seed = 4): readonly Service[] {
  return fc.sample(contractArbitrary, { numRuns: count, seed });
}

/** The artifact with some columns of each table gone, as a later version may have it. */
function withoutColumns(source: ContractSource, removed: number): ContractSource {
  const tables = source.inputs.tables.map((table) => ({
    ...table,
    columns: table.columns.length > removed ? table.columns.slice(removed) : table.columns,
  }));
  return { ...source, inputs: { ...source.inputs, tables } };
}
