/** Which parameter of `main()` gets what: resolved once from the signature, and refused where that could be read in two ways. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { DEFAULT_MAIN_OPTIONS, type MainOptions } from "../../src/contract/main-options.js";
import type { MainInterface } from "../../src/pool/host-messages.js";
import { fixture, PYTHON } from "../support/pool-harness.js";
import { repository } from "../support/served-example.js";

interface Case {
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  readonly arguments?: readonly string[];
  readonly parameters?: readonly string[];
  readonly options?: Partial<MainOptions>;
  /** Parameters of `main()`, which answers with all of them as JSON can show them. */
  readonly main: string;
  /** What it answers, or why it is refused. */
  readonly expected: unknown;
}

const ONE = { application: ["fico", "income"] };
const TWO = { application: ["fico"], trade_lines: ["balance"] };
/** What tables are to `main()` as columns alone: shorter to write than the default. */
const COLUMNS: Partial<MainOptions> = { datasetFormat: "columns" };
const APPLICATION = { fico: ["fico"], income: ["income"] };
const BOTH = { application: { fico: ["fico"] }, trade_lines: { balance: ["balance"] } };

const CASES: readonly Case[] = [
  // What a signature shows.
  { main: "", expected: {} },
  { main: "data", tables: ONE, expected: { data: { application: APPLICATION } } },
  {
    main: "anything, cache={}",
    tables: ONE,
    expected: { anything: { application: APPLICATION }, cache: {} },
  },
  { main: "application", tables: ONE, expected: { application: APPLICATION } },
  { main: "*, trade_lines, application", tables: TWO, expected: BOTH },
  { main: "application, /", tables: ONE, expected: { application: { application: APPLICATION } } },
  { main: "*, data", tables: ONE, expected: { data: { application: APPLICATION } } },
  {
    main: "verbose=False, data=None",
    tables: ONE,
    expected: { data: { application: APPLICATION }, verbose: false },
  },
  {
    main: "data, text",
    tables: ONE,
    arguments: ["text"],
    expected: { data: { application: APPLICATION }, text: "text" },
  },
  { main: "limit, text", arguments: ["text", "limit"], expected: { text: "text", limit: "limit" } },
  { main: "**given", arguments: ["text"], expected: { given: { text: "text" } } },
  { main: "data", arguments: ["text", "limit"], expected: { data: { text: "text", limit: "limit" } } },
  {
    main: "runtime_params, data",
    tables: ONE,
    parameters: ["per_num"],
    expected: { data: { application: APPLICATION }, runtime_params: { per_num: "per_num" } },
  },
  { main: "data, params=()", tables: ONE, expected: { data: { application: APPLICATION }, params: {} } },
  { main: "params", tables: ONE, expected: { params: { application: APPLICATION } } },
  { main: "params, cache=1", tables: ONE, expected: { cache: 1, params: { application: APPLICATION } } },
  { main: "params, text", arguments: ["params", "text"], expected: { params: "params", text: "text" } },
  // What is stated.
  {
    main: "application",
    tables: ONE,
    options: { callStyle: "data" },
    expected: { application: { application: APPLICATION } },
  },
  {
    main: "*given",
    tables: ONE,
    options: { callStyle: "data" },
    expected: { given: [{ application: APPLICATION }] },
  },
  { main: "**given", tables: TWO, options: { callStyle: "tables" }, expected: { given: BOTH } },
  {
    main: "request",
    arguments: ["text"],
    options: { callStyle: "data" },
    expected: { request: { text: "text" } },
  },
  {
    main: "income, fico=0",
    tables: ONE,
    options: { callStyle: "arguments", datasetFormat: "row" },
    expected: { fico: "fico", income: "income" },
  },
  {
    main: "data, per_num, other=None",
    tables: ONE,
    parameters: ["per_num", "other"],
    options: { parametersAs: "names" },
    expected: { data: { application: APPLICATION }, per_num: "per_num", other: "other" },
  },
  // What does not fit.
  {
    main: "",
    tables: ONE,
    expected: /^refused: input_info.json declares tables, but main\(\) takes no positional/,
  },
  {
    main: "data, b",
    tables: ONE,
    expected: /^refused: main\(\) requires b, which input_info.json does not declare$/,
  },
  {
    main: "text",
    arguments: ["text", "limit"],
    expected: /^refused: main\(\) has no parameter for the arguments limit/,
  },
  {
    main: "request",
    arguments: ["text"],
    expected: /arguments text; set main.callStyle in the contract lock to data/,
  },
  {
    main: "data",
    tables: ONE,
    parameters: ["p"],
    expected: /declares runtime parameters, but main\(\) has no parameter/,
  },
  {
    main: "data, p",
    tables: ONE,
    parameters: ["p"],
    expected: /set main.parametersAs in the contract lock to names$/,
  },
  {
    main: "data",
    tables: ONE,
    options: { callStyle: "tables" },
    expected: /call style tables: .* for application$/,
  },
  {
    main: "application, /",
    tables: ONE,
    options: { callStyle: "tables" },
    expected: /call style tables: .*application$/,
  },
  {
    main: "data",
    tables: ONE,
    options: { callStyle: "none" },
    expected: /call style none: .* not get application$/,
  },
  { main: "text", arguments: ["text"], options: { callStyle: "tables" }, expected: /declares no tables$/ },
  {
    main: "**given",
    tables: ONE,
    options: { callStyle: "data" },
    expected: /no parameter for a dict of its inputs$/,
  },
  {
    main: "fico, income",
    tables: ONE,
    options: { callStyle: "arguments" },
    expected: /one table, and main.datasetFormat row$/,
  },
  {
    main: "a, /, *, data",
    tables: ONE,
    options: { callStyle: "data" },
    expected: /^refused: main\(\) requires data/,
  },
  {
    main: "data, p",
    tables: ONE,
    parameters: ["q"],
    options: { parametersAs: "names" },
    expected: /main\(\) has no parameter for q$/,
  },
  {
    main: "**given",
    tables: { fico: ["x"] },
    arguments: ["fico"],
    options: { callStyle: "tables" },
    expected: /two inputs have the same name$/,
  },
  {
    main: "request, text",
    arguments: ["text"],
    options: { callStyle: "data" },
    expected: /^refused: main\(\) requires text/,
  },
  {
    main: "text",
    arguments: ["text"],
    parameters: ["text"],
    options: { parametersAs: "names" },
    expected: /two inputs have the same name$/,
  },
  // What could be read in two ways.
  {
    main: "data",
    tables: { data: ["fico"] },
    expected: /can be the table or all tables; .* to tables or data$/,
  },
  {
    main: "application, other=1",
    tables: TWO,
    expected: /for the tables application and none for trade_lines; .* to data$/,
  },
  {
    main: "fico, income=1",
    tables: ONE,
    expected: /the column of that name or all tables; .* to data or arguments \(with/,
  },
  {
    main: "a=1, b=2",
    tables: ONE,
    expected: /any of its parameters a, b can be the one for all tables; .* to data$/,
  },
  { main: "*given", tables: ONE, expected: /it takes anything, .* to data$/ },
  { main: "**given", tables: ONE, expected: /it takes anything, .* to tables$/ },
  { main: "*given, **named", tables: ONE, expected: /it takes anything, .* to data or tables$/ },
];

test("the inputs go where the signature or the lock says, or the artifact does not start", () => {
  const input = JSON.stringify(CASES.map((one) => [sourceOf(one), interfaceOf(one)]));
  const env = { ...process.env, HOST: repository("src/pool/python"), PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout, stderr } = spawnSync(PYTHON, [fixture("signatures.py")], { input, env, encoding: "utf8" });
  assert.equal(stderr, "");
  const answers = JSON.parse(stdout) as unknown[];
  for (const [index, { main, expected }] of CASES.entries()) {
    const answer = answers[index];
    if (expected instanceof RegExp) assert.match(String(answer), expected, `main(${main})`);
    else assert.deepEqual(answer, expected, `main(${main})`);
  }
});

function sourceOf({ main }: Case): string {
  return `def main(${main}):\n    return dict(sorted(locals().items()))`;
}

function interfaceOf({
  tables = {},
  arguments: named = [],
  parameters = [],
  options = {},
}: Case): MainInterface {
  return {
    tables: Object.entries(tables).map(([alias, columns]) => ({
      alias,
      columns: columns.map((column) => ({ alias: column, type: "String" })),
    })),
    arguments: named,
    parameters,
    options: { ...DEFAULT_MAIN_OPTIONS, ...COLUMNS, ...options },
  };
}
