/**
 * Artifacts that nobody would write by hand, for the tools that read contracts: the same ones in every run. They go
 * through the command line as bundles do, so this file knows `input_info.json` and nothing of the code.
 */
import fc from "fast-check";
import { ACCESSORS, HOSTILE_NAMES, HOSTILE_TYPES } from "./hostile-names.js";

export interface Column {
  readonly alias: string;
  readonly type: string;
  readonly nullable?: boolean;
  readonly description?: string;
  readonly default?: unknown;
}

export interface GeneratedArtifact {
  /** Also the alias of its service. */
  readonly name: string;
  readonly inputInfo: {
    readonly tables?: readonly { readonly alias: string; readonly columns: readonly Column[] }[];
    readonly arguments?: readonly Column[];
    readonly runtime_params?: readonly Column[];
  };
  /** Of `metadata.json`; without it the output is undeclared. */
  readonly outputType?: string;
}

/** How many artifacts are random beside those that are named for what they hold. */
const RANDOM = 24;
const SEED = 20_261_123;

const SCALARS = ["String", "Numerical", "bigint", "decimal(18,4)", "decimal", "Boolean", "DateTime", "date"];

const ACCESSOR_TYPES = ["String", "Array[String]", "Map[String, String]", "Struct[text: String]"];

const PROSE = '<b>5 & 6</b> */ // \\n ]]> -- \u2028 ünïcode 漢字 😀 %s ${x} \\u000a `tick` "quoted"';

function columnsOf(types: readonly string[]): Column[] {
  return types.map((type, index) => ({ alias: `column_${index}`, type, nullable: index % 2 === 0 }));
}

function hostileColumns(types: readonly string[]): Column[] {
  return HOSTILE_NAMES.map((alias, index) => ({
    alias,
    type: types[index % types.length] ?? "String",
    nullable: index % 3 === 0,
    description: index % 5 === 0 ? PROSE : "",
  }));
}

/** `Array[Array[…]]` and so on, `depth` levels of it. */
function nested(depth: number, wrap: (inner: string, level: number) => string): string {
  return Array.from({ length: depth }).reduce<string>((inner, _, level) => wrap(inner, level), "Numerical");
}

const COLLECTIONS = SCALARS.flatMap((type) => [
  `Array[${type}]`,
  `Map[String, ${type}]`,
  `Struct[one: ${type}, two: Array[${type}]]`,
]);
const KEYS = SCALARS.map((type) => `Map[${type}, ${type}]`);
const MIXED =
  "Struct[list: Array[Map[String, Struct[amount: decimal(11,2), days: Array[date]]]], flag: Boolean]";

const NAMED: readonly GeneratedArtifact[] = [
  { name: "nothing_at_all", inputInfo: {} },
  {
    name: "every_type",
    inputInfo: { tables: [{ alias: "rows", columns: columnsOf([...SCALARS, ...COLLECTIONS, ...KEYS]) }] },
    outputType: `Array[Struct[${SCALARS.map((type, index) => `c${index}: ${type}`).join(", ")}]]`,
  },
  {
    name: "hostile_columns",
    inputInfo: { tables: [{ alias: "class", columns: hostileColumns(SCALARS) }] },
    outputType: "Struct[class: String, getClass: Numerical, type: Map[String, String], values: Array[date]]",
  },
  {
    name: "hostile_tables",
    inputInfo: {
      tables: HOSTILE_NAMES.map((alias) => ({ alias, columns: [{ alias, type: "Numerical" }] })),
    },
    outputType: "Map[String, Map[String, Array[Numerical]]]",
  },
  {
    name: "hostile_arguments",
    inputInfo: {
      arguments: hostileColumns(["String", "Array[String]", "Map[String, String]", "Struct[self: String]"]),
    },
    outputType: "String",
  },
  {
    name: "hostile_types",
    inputInfo: {
      arguments: HOSTILE_TYPES.map((alias) => ({ alias, type: "Struct[text: String, at: DateTime]" })),
    },
    outputType: "Array[Struct[object: Map[Numerical, decimal(11,2)], string: Array[Struct[long: bigint]]]]",
  },
  {
    name: "hostile_accessors",
    inputInfo: {
      tables: [
        {
          alias: "rows",
          columns: ACCESSORS.map((alias, index) => ({ alias, type: ACCESSOR_TYPES[index % 4] ?? "String" })),
        },
      ],
      // Two lists of text called tags and tags_bytes are one name to the Java of protoc, which no single name can prevent.
      arguments: ACCESSORS.filter((alias) => alias !== "tags_bytes").map((alias) => ({
        alias,
        type: "Array[String]",
      })),
    },
    outputType:
      "Struct[tags: Array[String], tags_count: bigint, tags_list: Array[bigint], tags_bytes: String]",
  },
  {
    name: "hostile_parameters",
    inputInfo: {
      runtime_params: hostileColumns(["String", "Numerical"]).map((one) => ({ ...one, nullable: true })),
    },
    outputType: "Numerical",
  },
  {
    name: "deep",
    inputInfo: {
      arguments: [
        { alias: "lists", type: nested(8, (inner) => `Array[${inner}]`) },
        { alias: "maps", type: nested(8, (inner) => `Map[String, ${inner}]`) },
        {
          alias: "records",
          type: nested(8, (inner, level) => `Struct[level_${level}: ${inner}, other: String]`),
        },
        { alias: "mixed", type: MIXED },
      ],
    },
    outputType: nested(8, (inner, level) =>
      level % 2 === 0 ? `Array[${inner}]` : `Struct[inner: ${inner}]`,
    ),
  },
  {
    name: "chat",
    inputInfo: {
      arguments: [
        { alias: "user_message", type: "str", nullable: false, description: PROSE },
        {
          alias: "history",
          type: "list[TypedDict[{'role': str, 'content': str}]]",
          nullable: true,
          default: [],
        },
        { alias: "context", type: "dict[str, str]", nullable: true },
      ],
    },
    outputType: "Struct[output: String, context: Map[String, String]]",
  },
  {
    name: "wide",
    inputInfo: {
      tables: [
        {
          alias: "rows",
          columns: columnsOf(Array.from({ length: 400 }, (_, i) => SCALARS[i % 8] ?? "date")),
        },
      ],
    },
    outputType: "Array[Struct[id: String, score: Numerical]]",
  },
  {
    name: "many_tables",
    inputInfo: {
      tables: Array.from({ length: 50 }, (_, index) => ({
        alias: `table_${index}`,
        columns: columnsOf(SCALARS),
      })),
    },
    outputType: "Array[Struct[id: String, score: Numerical]]",
  },
  {
    name: "undeclared_output",
    inputInfo: { tables: [{ alias: "rows", columns: columnsOf(SCALARS) }] },
  },
  {
    name: "class",
    inputInfo: { arguments: [{ alias: "text", type: "String" }] },
    outputType: "String",
  },
  {
    name: "int",
    inputInfo: { arguments: [{ alias: "int", type: "Struct[int: int, Int: Array[int]]" }] },
    outputType: "Struct[int: int]",
  },
];

const names = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,40}$/),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
    .filter((name) => /[^\s\p{C}\p{Z}]/u.test(name)),
);

/** Names inside `Struct[…]`, whose grammar has words only. */
const words = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES.filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))),
  fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,40}$/),
);

const types: fc.Arbitrary<string> = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 4, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 1, arbitrary: tie("type").map((type) => `Array[${type}]`) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...SCALARS), tie("type")).map((pair) => `Map[${pair.join(", ")}]`),
    },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(fc.tuple(words, tie("type")), { minLength: 1, maxLength: 4, selector: ([name]) => name })
        .map((fields) => `Struct[${fields.map((field) => field.join(": ")).join(", ")}]`),
    },
  ),
})).type;

const column: fc.Arbitrary<Column> = fc.record({
  alias: names,
  type: types,
  nullable: fc.boolean(),
  description: fc.constantFrom("", PROSE, "What it is."),
});

const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 12, selector: ({ alias }) => alias });

const inputInfo = fc
  .record({
    tables: fc.uniqueArray(fc.record({ alias: names, columns }), {
      maxLength: 3,
      selector: ({ alias }) => alias,
    }),
    arguments: fc.uniqueArray(column, { maxLength: 3, selector: ({ alias }) => alias }),
  })
  // A table and an argument share one namespace toward `main()`.
  .filter(({ tables, arguments: args }) => {
    const aliases = [...tables, ...args].map(({ alias }) => alias);
    return new Set(aliases).size === aliases.length && !aliases.includes("parameters");
  });

function randomArtifacts(): GeneratedArtifact[] {
  const drawn = fc.sample(fc.tuple(inputInfo, fc.option(types)), { seed: SEED, numRuns: RANDOM });
  return drawn.map(([info, outputType], index) => ({
    name: `random_${index}`,
    inputInfo: info,
    ...(outputType === null ? {} : { outputType }),
  }));
}

/** All of them; the names are unique. */
export function generatedArtifacts(): readonly GeneratedArtifact[] {
  return [...NAMED, ...randomArtifacts()];
}
