import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normaliseInputInfo, type InputColumn, type InputInfo } from "../../src/artifact/input-info.js";
import { VARIANT_NAMES, type VariantCode } from "../../src/artifact/input-info-variants.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { readMetadata } from "../../src/artifact/metadata.js";
import { spellType } from "../../src/artifact/spell-type.js";
import { EVERYDAY_WORDS, SPELLINGS } from "../../src/artifact/spellings.js";
import { readVersions } from "../../src/artifact/versions.js";
import { Refusal } from "../../src/errors.js";
import { parseStrictJson, type JsonValue } from "../../src/strict-json.js";
import type { Value } from "../../src/values.js";
import { anyType, scalarType } from "./arbitrary-types.js";

type Inputs = Omit<InputInfo, "variant">;
type Column = InputColumn;
/** An argument, and its default as Python's `str()` writes it. */
interface Argument {
  readonly column: Column;
  readonly printed: string | null;
}

const WORDS = [
  ...new Set<string>(Object.values(SPELLINGS).flat()),
  "default",
  "tables",
  "__proto__",
  "toString",
];
const SECTIONS = new Set<string>(
  [...SPELLINGS.tables, ...SPELLINGS.arguments, ...SPELLINGS.parameters].filter(
    (word) => !EVERYDAY_WORDS.has(word),
  ),
);

/** Names of every kind, the words of the file among them. */
const alias = fc
  .oneof(
    fc.constantFrom(...WORDS),
    fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).filter((name) => !/\p{Cc}/u.test(name)),
  )
  .filter((name) => name !== "cache");

const plainColumn = fc
  .record({ alias, type: anyType }, { noNullPrototype: true })
  .map(({ alias: name, type }): Column => ({
    alias: name,
    type,
    spelledType: spellType(type),
    nullable: true,
    description: "",
  }));
const unique = { selector: ({ alias: name }: { alias: string }) => name };
const plainColumns = fc.uniqueArray(plainColumn, { minLength: 1, maxLength: 4, ...unique });
const plainTables = fc.uniqueArray(
  fc.record({ alias, columns: plainColumns }, { noNullPrototype: true }).map((table) => ({
    ...table,
    description: "",
    nullable: true,
  })),
  { minLength: 1, maxLength: 3, ...unique },
);

const text = fc.string({ minLength: 1, maxLength: 8 });
const documentation = fc.record(
  { unit: text, source: text, nullMeaning: text, allowedValues: fc.array(text, { maxLength: 3 }) },
  { requiredKeys: [], noNullPrototype: true },
);

/** A column with everything that can be said of it. */
const fullColumn = fc
  .tuple(plainColumn, fc.boolean(), text, documentation)
  .map(([column, nullable, description, said]): Column => ({
    ...column,
    nullable,
    description,
    ...(Object.keys(said).length === 0 ? {} : { documentation: said }),
  }));
const fullTables = fc.uniqueArray(
  fc.record(
    {
      alias,
      description: text,
      nullable: fc.boolean(),
      columns: fc.uniqueArray(fullColumn, { minLength: 1, maxLength: 4, ...unique }),
    },
    { noNullPrototype: true },
  ),
  { minLength: 1, maxLength: 3, ...unique },
);

/** A type, a default of it, and that default as Python's `str()` writes it. */
const fallback: fc.Arbitrary<readonly [spelledType: string, value: NonNullable<Value>, printed: string]> =
  fc.oneof(
    text.filter((value) => value !== "None").map((value) => ["String", value, value] as const),
    fc.boolean().map((value) => ["Boolean", value, value ? "True" : "False"] as const),
    fc.integer().map((value) => ["int", BigInt(value), String(value)] as const),
    fc.integer().map((value) => ["Numerical", value / 4, String(value / 4)] as const),
    fc.constant<[string, NonNullable<Value>, string]>(["Array[String]", [], "[]"]),
  );
const plainArguments = fc.uniqueArray(plainColumn, { minLength: 1, maxLength: 4, ...unique });
const fullArguments = fc.uniqueArray(
  fc.tuple(fullColumn, fc.option(fallback)).map(([column, stated]): Argument => {
    if (stated === null) return { column, printed: null };
    const [spelledType, value, printed] = stated;
    return { column: { ...column, type: parseDataType(spelledType), spelledType, default: value }, printed };
  }),
  { minLength: 1, maxLength: 4, selector: ({ column }) => column.alias },
);
const parameters = fc.uniqueArray(
  fc
    .tuple(fullColumn, scalarType)
    .map(([column, type]) => ({ ...column, type, spelledType: spellType(type) })),
  { maxLength: 3, ...unique },
);

/** An object with these members, whatever they are called. */
function objectOf(members: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of members) object[key] = value;
  return object;
}

const details = ({
  alias: name,
  spelledType,
  nullable,
  description,
  documentation: said,
}: Column): object => ({
  alias: name,
  type: spelledType,
  nullable,
  ...(description === "" ? {} : { description }),
  ...(said?.unit === undefined ? {} : { unit: said.unit }),
  ...(said?.source === undefined ? {} : { source_column: said.source }),
  ...(said?.nullMeaning === undefined ? {} : { null_meaning: said.nullMeaning }),
  ...(said?.allowedValues === undefined ? {} : { allowed_values: said.allowedValues }),
});

type ColumnWriter = (columns: readonly Column[]) => unknown;
const typesByName: ColumnWriter = (columns) =>
  objectOf(columns.map((each) => [each.alias, each.spelledType]));
const objectsByName: ColumnWriter = (columns) =>
  objectOf(columns.map((each) => [each.alias, { type: each.spelledType, values: [1] }]));
const listed: ColumnWriter = (columns) =>
  columns.map((each) => ({ alias: each.alias, type: each.spelledType }));
const names: ColumnWriter = (columns) => columns.map((each) => each.alias);

const SHAPES: readonly (readonly [VariantCode, ColumnWriter])[] = [
  ["V1", typesByName],
  ["V2", names],
  ["V3", listed],
  ["V7", objectsByName],
];

const byName = (tables: Inputs["tables"], write: ColumnWriter): object =>
  objectOf(tables.map((table) => [table.alias, write(table.columns)]));

const untyped = (tables: Inputs["tables"]): Inputs["tables"] =>
  tables.map((table) => ({
    ...table,
    columns: table.columns.map((each) => ({ ...each, type: { kind: "any" }, spelledType: "Any" })),
  }));

function read(json: unknown, variant?: VariantCode): Inputs {
  const bytes = Buffer.from(JSON.stringify(json));
  const inputs = normaliseInputInfo(parseStrictJson(bytes, "input_info.json"), { variant });
  return { tables: inputs.tables, arguments: inputs.arguments, parameters: inputs.parameters };
}

/** With its variant stated a file reads as what was written; without, it does too or is refused. */
function assertReads(json: unknown, written: Inputs, variant: VariantCode): void {
  const what = JSON.stringify(json);
  assert.deepEqual(read(json, variant), written, what);
  // At the outermost level the words of the sections mean sections.
  const topLevel = Object.keys(json as object);
  if (!Array.isArray(json) && variant !== "V6" && topLevel.some((key) => SECTIONS.has(key))) return;
  try {
    assert.deepEqual(read(json), written, what);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    assert.match(error.message, /can be read in [23] ways/, what);
  }
}

const runs = (seed: number): { seed: number; numRuns: number } => ({ seed, numRuns: 300 });

test("tables by name are read back from every shape that can say them", () => {
  fc.assert(
    fc.property(plainTables, fc.constantFrom(...SHAPES), (tables, [variant, write]) => {
      const written = { tables: variant === "V2" ? untyped(tables) : tables, arguments: [], parameters: [] };
      assertReads(byName(tables, write), written, variant);
      assertReads({ tables: byName(tables, write) }, written, "V6");
      const under = objectOf(tables.map((table) => [table.alias, { columns: write(table.columns) }]));
      assertReads(under, written, "V4");
    }),
    runs(1),
  );
});

test("everything is read back from the canonical form and from a list of tables", () => {
  const lists = (tables: Inputs["tables"]): object[] =>
    tables.map(({ alias: name, description, nullable, columns }) => ({
      alias: name,
      description,
      nullable,
      columns: columns.map(details),
    }));
  fc.assert(
    fc.property(fullTables, parameters, fullArguments, (tables, params, all) => {
      assertReads(lists(tables), { tables, arguments: [], parameters: [] }, "V5");
      if (params.length > 0 && tables.some((table) => table.alias === "parameters")) return;
      const taken = new Set([...tables.map((table) => table.alias), "parameters"]);
      const free = all.filter(({ column }) => !taken.has(column.alias));
      const canonical = {
        tables: lists(tables),
        arguments: free.map(({ column, printed }) => ({ ...details(column), default_value: printed })),
        runtime_params: params.map(details),
      };
      const args = free.map(({ column }) => column);
      assert.deepEqual(read(canonical), { tables, arguments: args, parameters: params });
    }),
    runs(2),
  );
});

test("arguments are read back by name and as function inputs", () => {
  fc.assert(
    fc.property(plainArguments, fullArguments, (plain, full) => {
      const alone = { tables: [], parameters: [] };
      assertReads(typesByName(plain), { ...alone, arguments: plain }, "V9");
      const functionInputs = full.map(({ column, printed }, index) => ({
        inputOrder: index + 1,
        alias: column.alias,
        inputType: column.spelledType,
        isMandatory: !column.nullable,
        defaultValue: printed,
      }));
      const args = full.map(({ column: { alias: name, type, spelledType, nullable, default: value } }) => ({
        alias: name,
        type,
        spelledType,
        nullable,
        description: "",
        ...(value === undefined ? {} : { default: value }),
      }));
      assertReads({ functionInputs: functionInputs.reverse() }, { ...alone, arguments: args }, "V8");
    }),
    runs(3),
  );
});

const key = fc.oneof(fc.constantFrom(...WORDS, "application"), fc.string({ maxLength: 4 }));
const leaf = fc.oneof(
  fc.constantFrom("String", "Numerical", "Array[", "list", "None", "Any", "varchar(3)", "[]"),
  fc.string({ maxLength: 4 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const anyJson = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    leaf,
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(key, tie("json"), { maxKeys: 3 }),
  ),
})).json;

test("any JSON is read or refused, by all three readers", () => {
  let read = 0;
  fc.assert(
    fc.property(
      anyJson,
      fc.option(fc.constantFrom(...(Object.keys(VARIANT_NAMES) as VariantCode[]))),
      (json, variant) => {
        const value: JsonValue = parseStrictJson(Buffer.from(JSON.stringify(json)), "any.json");
        readMetadata(value);
        for (const attempt of [
          () => normaliseInputInfo(value, { variant: variant ?? undefined }),
          () => readVersions(value, "versions.json"),
        ]) {
          try {
            attempt();
            read += 1;
          } catch (error) {
            assert.ok(error instanceof Refusal, String(error));
            for (const problem of error.problems) assert.notEqual(problem.remedy, "");
            assert.ok(error.problems.length <= 101);
          }
        }
      },
    ),
    { seed: 4, numRuns: 3000 },
  );
  assert.ok(read > 100, `only ${read} were read`);
});
