import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../../src/errors.js";
import { describeProblem } from "../../src/errors.js";
import { normaliseInputInfo, type InputInfo, type ReaderOptions } from "../../src/artifact/input-info.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { problemsOf } from "./bundles.js";

function read(json: unknown, options: ReaderOptions = {}): InputInfo {
  return normaliseInputInfo(parseStrictJson(Buffer.from(JSON.stringify(json)), "input_info.json"), options);
}

/** `table.column: type!` with `!` for required, `argument: type`, `?parameter: type`. */
function summary({ tables, arguments: args, parameters }: InputInfo): string[] {
  const line = (prefix: string, column: InputInfo["arguments"][number]): string =>
    `${prefix}${column.alias}: ${column.spelledType}${column.nullable ? "" : "!"}`;
  return [
    ...tables.flatMap(({ alias, columns }) => columns.map((column) => line(`${alias}.`, column))),
    ...args.map((column) => line("", column)),
    ...parameters.map((column) => line("?", column)),
  ];
}

const NAMES_THAT_ARE_WORDS: readonly (readonly [unknown, readonly string[], string])[] = [
  [{ t: { type: "String", values: "Numerical" } }, ["t.type: String", "t.values: Numerical"], "V1"],
  [{ t: { type: "String", amount: "int" } }, ["t.type: String", "t.amount: int"], "V1"],
  [{ t: { columns: "String", a: "int" } }, ["t.columns: String", "t.a: int"], "V1"],
  [{ t: { columns: { columns: "String" } } }, ["t.columns: String"], "V4"],
  [{ t: { fields: { type: "String", nullable: true } } }, ["t.fields: String"], "V7"],
  [{ tables: { tables: { tables: "String" } } }, ["tables.tables: String"], "V6"],
  [{ tables: "String" }, ["tables: String"], "V9"],
  [{ inputs: { application: { a: "String" } } }, ["application.a: String"], "V6"],
  [{ inputs: [{ alias: "t", columns: ["a"] }] }, ["t.a: Any"], "V6"],
  [{ datasets: ["a", "b"] }, ["datasets.a: Any", "datasets.b: Any"], "V2"],
  [{ x: { type: "Numerical", nullable: false } }, ["x: Numerical!"], "V9"],
  [JSON.parse('{"__proto__": {"constructor": "String"}}'), ["__proto__.constructor: String"], "V1"],
];

test("words of the file are ordinary names where only that makes sense", () => {
  for (const [json, expected, code] of NAMES_THAT_ARE_WORDS) {
    const inputs = read(json);
    assert.deepEqual(summary(inputs), expected, JSON.stringify(json));
    assert.equal(inputs.variant?.code, code, JSON.stringify(json));
  }
});

/** File, what each stated variant makes of it. */
const AMBIGUOUS: readonly (readonly [unknown, string, Readonly<Record<string, readonly string[]>>])[] = [
  [{ inputs: { a: "String" } }, "", { V1: ["inputs.a: String"], V9: ["a: String"] }],
  [{ inputs: [{ alias: "a", type: "String" }] }, "", { V3: ["inputs.a: String"], V8: ["a: String"] }],
  [{ m: { type: "String" } }, "", { V1: ["m.type: String"], V9: ["m: String"] }],
  [{ inputs: { a: "String" }, bureau: { b: "int" } }, "", { V1: ["inputs.a: String", "bureau.b: int"] }],
  [
    { t: { columns: { type: "String" } }, u: ["a"] },
    "t",
    { V4: ["t.type: String", "u.a: Any"], V7: ["t.columns: String", "u.a: Any"] },
  ],
  // One of the ways is itself ambiguous inside, which does not make the other the only one.
  [
    { inputs: { columns: { type: "String", b: "int" } } },
    "",
    { V6: ["columns.type: String", "columns.b: int"], V4: ["inputs.type: String", "inputs.b: int"] },
  ],
  [
    { tables: { t: { schema: { type: "int" } } } },
    "tables.t",
    { V4: ["t.type: int"], V7: ["t.schema: int"] },
  ],
];

test("what reads in two ways is refused with both, until somebody states which", async () => {
  for (const [json, path, stated] of AMBIGUOUS) {
    const problems = await problemsOf(() => read(json));
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.path, path);
    assert.match(problems[0].message, /^It can be read in [23] ways: as .*; or as /);
    for (const [variant, expected] of Object.entries(stated)) {
      assert.ok(problems[0].remedy.includes(variant), problems[0].remedy);
      const options = { variant } as ReaderOptions;
      assert.deepEqual(summary(read(json, options)), expected, `${JSON.stringify(json)} ${variant}`);
    }
  }
});

test("a word of the platform is a section, and a name only when that is stated", () => {
  const json = { parameters: { a: "String" }, t: { b: "int" } };
  assert.deepEqual(summary(read(json)), ["t.b: int", "?a: String"]);
  assert.deepEqual(summary(read(json, { variant: "V1" })), ["parameters.a: String", "t.b: int"]);
});

test("a variant that was stated and is not there is refused", async () => {
  const problems = await problemsOf(() => read({ t: { a: "String" } }, { variant: "V5" }));
  assert.match(problems.map(describeProblem).join(), /stated to be V5 \(a list of tables\), and reads as V1/);
});

test("two ways that give the same are one", () => {
  const json = { inputs: [{ alias: "t", columns: { a: "String" } }] };
  assert.deepEqual(summary(read(json)), ["t.a: String"]);
});

test("what stands beside the tables is named when it is not used", () => {
  const warned = (json: unknown): string[] => {
    const warnings: Problem[] = [];
    read(json, { warnings });
    return warnings.map(({ path }) => path);
  };
  assert.deepEqual(warned({ t: { a: "String" }, version: 2, name: "Credit", nothing: null }), [
    "version",
    "name",
    "nothing",
  ]);
  assert.deepEqual(warned({ tables: { t: ["a"] }, lineage: { x: 1 }, version: 2 }), ["lineage"]);
  assert.deepEqual(warned({ t: [{ alias: "a", type: "int", unit: {}, description: [], enum: [[]] }] }), [
    "t[0].description",
    "t[0].unit",
    "t[0].enum",
  ]);
  assert.deepEqual(warned({ t: ["a"], runtime_params: { on: "Boolean", by: "String" } }), [
    "runtime_params.on",
  ]);
});

test("documentation is kept beside the type and changes nothing", () => {
  const [column] =
    read({
      t: [
        {
          alias: "status",
          type: "int",
          comment: "Payment status.",
          units: "months",
          source_column: "BUREAU.STS",
          missing: "never late",
          values: [0, 1, "X", null, true],
        },
      ],
    }).tables[0]?.columns ?? [];
  assert.equal(column?.description, "Payment status.");
  assert.deepEqual(column.documentation, {
    unit: "months",
    source: "BUREAU.STS",
    nullMeaning: "never late",
    allowedValues: ["0", "1", "X", "true"],
  });
  const [sampled] =
    read({ t: { a: { type: "int", values: [1, 2] }, b: { type: "String", enum: { C: "card" } } } }).tables[0]
      ?.columns ?? [];
  assert.equal(sampled?.documentation, undefined);
  const labelled = read({ t: { b: { type: "String", enum: { CARD: "credit card" } } } }).tables[0]
    ?.columns[0];
  assert.deepEqual(labelled?.documentation, { allowedValues: ["CARD"] });
});

test("arguments stand in their order, without what the platform hands over", () => {
  const warnings: Problem[] = [];
  const json = {
    functionInputs: [
      { inputOrder: 3, alias: "cache", inputType: "dict", isMandatory: false, defaultValue: "{}" },
      { inputOrder: 2, alias: "prompt", inputType: "String", isMandatory: true, defaultValue: null },
      { inputOrder: 1, alias: "temperature", inputType: "Numerical", isMandatory: false, defaultValue: "0" },
    ],
  };
  assert.deepEqual(summary(read(json, { objectType: "Pipeline", warnings })), [
    "temperature: Numerical",
    "prompt: String!",
  ]);
  assert.deepEqual(
    warnings.map(({ path }) => path),
    ["functionInputs[0]"],
  );
  assert.deepEqual(summary(read(json, { objectType: "Prompt" })), ["temperature: Numerical"]);
  assert.equal(read(json).arguments[0]?.default, 0);
});

test("a default in Python's spelling is read by its type", async () => {
  const fallback = (inputType: string, defaultValue: unknown): unknown =>
    read({ args: [{ alias: "a", inputType, isMandatory: false, defaultValue }] }).arguments[0]?.default;
  assert.equal(fallback("String", "None"), undefined);
  assert.equal(fallback("String", "0"), "0");
  assert.equal(fallback("String", ""), "");
  assert.equal(fallback("Numerical", "1e-05"), 0.00001);
  assert.equal(fallback("Numerical", 2), 2);
  assert.equal(fallback("int", "9223372036854775807"), 9223372036854775807n);
  assert.equal(fallback("Boolean", "True"), true);
  assert.deepEqual(fallback("Array[String]", "()"), []);
  assert.deepEqual(fallback("list[str]", "['a', \"it's\"]"), ["a", "it's"]);
  assert.deepEqual(fallback("Map[String, int]", "{'a': 1}"), new Map([["a", 1n]]));
  for (const [type, text] of [
    ["Numerical", "inf"],
    ["Numerical", "__import__('os')"],
    ["Boolean", "true"],
    ["int", "0.5"],
    ["Array[String]", "[1]"],
    ["varchar(2)", "abc"],
    ["Any", "1"],
  ] as const) {
    const [problem] = await problemsOf(() => fallback(type, text));
    assert.match(problem?.path ?? "", /^args\[0\]\.defaultValue/, `${type} ${text}`);
  }
});
