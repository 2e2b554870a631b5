import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseInputInfo, type InputInfo } from "../../src/artifact/input-info.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { describeProblem } from "../../src/errors.js";
import { CalendarDate, DateTime, Decimal } from "../../src/values.js";
import { INPUT_INFO, problemsOf } from "./bundles.js";

const readText = (text: string): InputInfo =>
  normaliseInputInfo(parseStrictJson(Buffer.from(text), "input_info.json"));
const read = (json: unknown): InputInfo => readText(JSON.stringify(json));

async function messages(json: unknown): Promise<string[]> {
  return (await problemsOf(() => read(json))).map(describeProblem);
}

const column = { alias: "a", type: "String" };
const table = (more: object): object => ({ tables: [{ alias: "t", columns: [column], ...more }] });

test("the canonical form is read", () => {
  assert.deepEqual(read(INPUT_INFO), {
    tables: [
      {
        alias: "application",
        description: "",
        nullable: false,
        columns: [
          {
            alias: "application_id",
            type: { kind: "string" },
            spelledType: "String",
            nullable: false,
            description: "",
          },
          {
            alias: "annual_income",
            type: { kind: "numerical" },
            spelledType: "Numerical",
            nullable: true,
            description: "",
          },
        ],
      },
    ],
    arguments: [],
    parameters: [
      {
        alias: "per_num",
        type: { kind: "numerical" },
        spelledType: "Numerical",
        nullable: true,
        description: "",
      },
    ],
    variant: {
      code: "V6",
      codes: ["V6", "V5", "V3"],
      name: "sections under keys of their own; a list of tables; a list of columns, each with alias and type",
    },
  });
});

test("an artifact may want nothing", () => {
  const nothing = { tables: [], arguments: [], parameters: [] };
  const texts = ["{}", "[]", '{"tables": []}', '{"tables": {}}', '{"arguments": [], "note": 1}'];
  for (const text of texts) {
    const { variant, ...inputs } = readText(text);
    assert.deepEqual(inputs, nothing);
    assert.ok(variant !== undefined);
  }
  assert.equal(readText("{}").variant?.code, "empty");
});

test("keys it does not know are kept out", () => {
  const { tables } = read({ ...table({ location: "s3", group: 1 }), version: 2 });
  assert.deepEqual(Object.keys(tables[0] ?? {}), ["alias", "description", "nullable", "columns"]);
});

test("names of JavaScript's own are ordinary aliases", () => {
  const text = '{"tables": [{"alias": "__proto__", "columns": [{"alias": "constructor", "type": "str"}]}]}';
  const { tables } = readText(text);
  assert.equal(tables[0]?.alias, "__proto__");
  assert.equal(tables[0].columns[0]?.alias, "constructor");
});

test("a default is the exact value of its type", () => {
  const defaults: readonly (readonly [string, string, unknown])[] = [
    ["String", '""', ""],
    ["Boolean", "false", false],
    ["Numerical", "3", 3],
    ["Numerical", "9007199254740992", 9007199254740992],
    ["int", "3", 3n],
    ["bigint", "9223372036854775807", 9223372036854775807n],
    ["decimal", "0.12345678901234567890", new Decimal("0.12345678901234567890")],
    ["decimal(4,2)", '"10.50"', new Decimal("10.50")],
    ["decimal(2,2)", "0.25", new Decimal("0.25")],
    ["DateTime", '"2024-02-29 23:59:59"', new DateTime("2024-02-29T23:59:59")],
    ["DateTime", '"2024-02-29T00:00:00.5"', new DateTime("2024-02-29T00:00:00.5")],
    ["date", '"2024-02-29"', new CalendarDate("2024-02-29")],
    ["Array[int]", "[1, 2]", [1n, 2n]],
    ["Map[String, int]", '{"__proto__": 1}', new Map([["__proto__", 1n]])],
    ["Map[Numerical, int]", "{}", new Map()],
    ["Struct[a: int, b: String]", '{"a": 1}', Object.assign(Object.create(null), { a: 1n })],
    ["Struct[a: int, b: String]", '{"b": null}', Object.assign(Object.create(null), { b: null })],
    ["Numerical", "null", undefined],
  ];
  for (const [type, json, value] of defaults) {
    const inputs = readText(`{"arguments": [{"alias": "a", "type": "${type}", "default": ${json}}]}`);
    assert.deepEqual(inputs.arguments[0]?.default, value, `${type} ${json}`);
  }
  assert.equal("default" in (read({ arguments: [column] }).arguments[0] ?? {}), false);
});

test("a default that does not fit is refused", async () => {
  const wrong: readonly (readonly [string, string, string])[] = [
    ["String", "1", ""],
    ["Boolean", "1", ""],
    ["Boolean", '"true"', ""],
    ["Numerical", '"1"', ""],
    ["Numerical", "9007199254740993", ""],
    ["Numerical", "0.12345678901234567890", ""],
    ["int", "1.5", ""],
    ["int", "9223372036854775808", ""],
    ["int", "-9223372036854775809", ""],
    ["decimal(4,2)", '"100.00"', ""],
    ["decimal(4,2)", '"1.005"', ""],
    ["decimal", '"1e5"', ""],
    ["decimal", "true", ""],
    ["DateTime", '"2023-02-29 00:00:00"', ""],
    ["DateTime", '"2024-01-01 24:00:00"', ""],
    ["DateTime", '"2024-01-01"', ""],
    ["date", '"2024-13-01"', ""],
    ["date", '"0000-01-01"', ""],
    ["date", '"2024-1-1"', ""],
    ["Array[int]", "{}", ""],
    ["Array[int]", "[1, null]", "[1]"],
    ["Array[Struct[a: int]]", '[{"a": "x"}]', "[0].a"],
    ["Map[String, int]", '{"k": "x"}', ".k"],
    ["Map[int, int]", '{"1": 1}', ""],
    ["Map[String, int]", "[]", ""],
    ["Struct[a: int]", '{"b": 1}', ".b"],
  ];
  for (const [type, json, place] of wrong) {
    const text = `{"arguments": [{"alias": "a", "type": "${type}", "default": ${json}}]}`;
    const [problem, ...others] = await problemsOf(() => readText(text));
    assert.equal(problem?.path, `arguments[0].default${place}`, `${type} ${json}`);
    assert.match(problem.message, /^The default does not fit the type; expected /);
    assert.deepEqual(others, []);
  }
  const notNullable = { arguments: [{ ...column, nullable: false, default: null }] };
  assert.match((await messages(notNullable)).join(), /null is not allowed/);
});

test("each mistake is named with its place", async () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [null, "input_info.json: Found null; expected tables with their columns, or arguments with their types"],
    ["x", "input_info.json: Found text; expected tables"],
    [{ note: 1 }, "input_info.json: Found neither tables nor arguments; expected tables"],
    [["application"], "input_info.json: [0]: Found text; expected an object with `alias`."],
    [{ tables: "none", runtime_params: [] }, "tables: Found text; expected a list or an object."],
    [{ tables: [], datasets: [] }, "datasets: `tables` and `datasets` are the same section"],
    [
      { ...table({}), inputs: [{ alias: "utilisation", type: "Numerical" }] },
      "inputs: `tables` and `inputs` are the same section; which one counts is not known.",
    ],
    [{ application: [] }, "application: A table has at least one column."],
    [{ application: { a: "Strin" } }, "application.a: `Strin` is not a type; expected one of"],
    [{ application: { a: "String", b: 3 } }, "application.b: Found a number; expected columns: "],
    [{ application: { a: { type: "String" }, b: {} } }, "application.b: Found an object without a type"],
    [{ application: ["a", "a"] }, "application[1]: `a` is the alias of `application[0]` too."],
    [{ application: ["a", 1] }, "application[1]: Found a number; expected the name of a column."],
    [
      { application: { columns: { a: "String" }, fields: { b: "String" } } },
      "application.columns: `application.fields` can hold the columns of this table too.",
    ],
    [
      { application: { alias: "loan", columns: { a: "String" } } },
      "application.alias: It differs from the name under which the object stands",
    ],
    [
      { application: [{ name: "Income", column: "income", type: "String" }] },
      "application[0]: `application[0].name` and `application[0].column` differ",
    ],
    [
      { application: [{ alias: "a", type: "String", dtype: "int" }] },
      "application[0]: `application[0].type` and `application[0].dtype` give different types.",
    ],
    [
      { application: [{ alias: "a", type: "String", nullable: true, required: true }] },
      "application[0]: It is said to be required and to be optional.",
    ],
    [{ application: ["a"], kind: "String" }, "kind: Found a type beside tables"],
    [
      {
        arguments: [
          { ...column, inputOrder: 1 },
          { ...column, alias: "b", inputOrder: 1 },
        ],
      },
      "arguments[0]: Another argument has the same place in the order.",
    ],
    [
      { arguments: [{ alias: "a", type: "int", default: 1, defaultValue: "2" }] },
      "arguments[0]: It has two defaults that differ.",
    ],
    [{ arguments: [{ ...column, inputOrder: "1" }] }, "arguments[0].inputOrder: Expected a whole number."],
    [{ tables: [1] }, "input_info.json: tables[0]: Found a number; expected an object"],
    [table({ alias: undefined }), "tables[0].alias: Found nothing; expected 1 to 200 characters"],
    [table({ alias: "" }), "tables[0].alias: Found text that is not 1 to 200 characters"],
    [table({ alias: "a\u0000" }), "tables[0].alias: Found text that is not 1 to 200 characters"],
    [table({ alias: "a".repeat(201) }), "tables[0].alias: Found text that is not 1 to 200 characters"],
    [table({ nullable: "yes" }), "tables[0].nullable: Found text; expected true or false."],
    [table({ columns: [] }), "tables[0].columns: A table has at least one column."],
    [table({ columns: undefined }), "tables[0].columns: A table has at least one column."],
    [table({ columns: {} }), "tables[0].columns: A table has at least one column."],
    [table({ columns: "a" }), "tables[0].columns: Found text; expected columns: "],
    [table({ columns: [{ alias: "a" }] }), "tables[0].columns[0].type: Found nothing; expected a type"],
    [
      table({ columns: [column, column] }),
      "tables[0].columns[1].alias: `a` is the alias of `tables[0].columns[0]` too.",
    ],
    [{ arguments: [column, column] }, "arguments[1].alias: `a` is the alias of `arguments[0]` too."],
    [
      { ...table({ alias: "a" }), arguments: [column] },
      "arguments[0].alias: `a` is the alias of `tables[0]` too.",
    ],
    [{ runtime_params: [column, column] }, "runtime_params[1].alias: `a` is the alias of"],
    [
      { runtime_params: [{ alias: "p", type: "Array[String]" }] },
      "runtime_params[0].type: A runtime parameter cannot be of the type array; expected a scalar.",
    ],
    [
      { ...table({ alias: "parameters" }), runtime_params: [column] },
      "tables[0]: `parameters` is the name under which the runtime parameters are sent.",
    ],
    [
      { arguments: [{ ...column, alias: "parameters" }], runtime_params: [column] },
      "arguments[0]: `parameters` is the name",
    ],
  ];
  for (const [json, message] of wrong) {
    const found = await messages(json);
    assert.equal(found.length, 1, found.join("\n"));
    assert.ok(found[0]?.includes(message), `${String(found[0])}\n${message}`);
  }
});

test("a misspelled type is said in full", async () => {
  const json = table({ columns: [column, { alias: "b", type: "Nummerical" }] });
  assert.deepEqual(await messages(json), [
    "input_info.json: tables[0].columns[1].type: `Nummerical` is not a type; expected one of String, Numerical, " +
      "Integer, Decimal(p,s), Boolean, DateTime, Date, Array[…], Map[…, …] and Struct[name: …], at character 1. " +
      "Correct the spelling in input_info.json.",
  ]);
});

test("`parameters` may be a table when there are no runtime parameters", () => {
  assert.equal(read(table({ alias: "parameters" })).tables.length, 1);
});

test("all mistakes are named at once", async () => {
  const json = {
    tables: [{ alias: "", columns: [{ alias: "a", type: "Strin" }, { type: 3 }] }],
    arguments: [{ alias: "x", type: "list" }],
    runtime_params: "none",
  };
  const places = (await problemsOf(() => read(json))).map((problem) => problem.path);
  assert.deepEqual(places, [
    "tables[0].alias",
    "tables[0].columns[0].type",
    "tables[0].columns[1].alias",
    "tables[0].columns[1].type",
    "arguments[0].type",
    "runtime_params",
  ]);
});
