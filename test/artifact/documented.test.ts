/** Every example of docs/artifact.md is what the page says it is. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo, type InputInfo, type VariantCode } from "../../src/artifact/input-info.js";
import { VARIANT_NAMES } from "../../src/artifact/input-info-variants.js";
import { SPELLINGS } from "../../src/artifact/spellings.js";
import { readVersions } from "../../src/artifact/versions.js";
import { parseStrictJson, type JsonValue } from "../../src/strict-json.js";
import { repository } from "../support/served-example.js";
import { problemsOf } from "./bundles.js";

const PAGE = readFileSync(repository("docs/artifact.md"), "utf8");

const json = (text: string): JsonValue => parseStrictJson(Buffer.from(text), "docs/artifact.md");

/** The rows of a table, cells without blanks around them, from the row that begins with `first` to the table's end. */
function rows(first: string): string[][] {
  const lines = PAGE.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${first}`));
  assert.ok(start >= 0, `no row ${first}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start, end).map((line) =>
    line
      .slice(1, -1)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

/** The texts between backquotes. */
const codes = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

function fences(kind: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`json ${kind}\n([^]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
}

function isVariant(code: string): code is VariantCode {
  return Object.hasOwn(VARIANT_NAMES, code);
}

test("every variant has a row, and its example is of that variant", () => {
  const inputs = new Map<string, InputInfo>();
  for (const [code = "", , example] of rows("V1 ")) {
    const [text = ""] = codes(example);
    const { variant, ...read } = normaliseInputInfo(json(text));
    assert.equal(variant?.code, code);
    inputs.set(code, read);
  }
  assert.deepEqual([...inputs.keys()], Object.keys(VARIANT_NAMES));
  const columns = (code: string): unknown =>
    inputs.get(code)?.tables.map((table) => ({
      alias: table.alias,
      columns: table.columns.map(({ alias, type }) => ({ alias, type })),
    }));
  for (const code of ["V3", "V4", "V5", "V6", "V7"]) assert.deepEqual(columns(code), columns("V1"), code);
  assert.deepEqual(inputs.get("V2")?.tables[0]?.columns[0]?.type, { kind: "any" });
  assert.deepEqual(inputs.get("V8"), inputs.get("V9"));
});

test("the canonical form is read whole", () => {
  const [text = ""] = fences("canonical");
  const { variant, tables, arguments: args, parameters } = normaliseInputInfo(json(text));
  assert.deepEqual(variant?.codes, ["V6", "V5", "V3"]);
  assert.deepEqual(tables[0]?.columns[0]?.documentation, { unit: "EUR" });
  assert.equal(args[0]?.default, "");
  assert.equal(parameters[0]?.alias, "per_num");
});

test("what is said to be ambiguous is refused until its variant is stated", async () => {
  const ambiguous = rows('`{"inputs": {');
  assert.equal(ambiguous.length, 4);
  for (const [example, , stated = ""] of ambiguous) {
    const [text = ""] = codes(example);
    const [problem] = await problemsOf(() => normaliseInputInfo(json(text)));
    assert.match(problem?.remedy ?? "", new RegExp(`: ${stated}\\.$`), text);
    for (const variant of stated.split(" or ")) {
      assert.ok(isVariant(variant));
      assert.ok(normaliseInputInfo(json(text), { variant }).variant?.codes.includes(variant));
    }
  }
});

test("the keys of the page are those of the reader", () => {
  const documented = new Set(rows("section of tables").flatMap(([, spellings]) => codes(spellings)));
  const known = new Set<string>([...Object.values(SPELLINGS).flat(), "default"]);
  documented.delete("None");
  assert.deepEqual([...documented].sort(), [...known].sort());
});

test("the spellings of a type are types of that kind", () => {
  const kinds: readonly string[] = rows("Numerical").map(([kind = "", spellings]) => {
    const types = codes(spellings).map((spelling) => parseDataType(spelling));
    assert.ok(types.length > 0);
    for (const type of types) assert.equal(type.kind, kind.toLowerCase());
    if (["array", "map", "struct"].includes(kind)) {
      for (const type of types) assert.deepEqual(type, types[0]);
    }
    return kind;
  });
  assert.equal(kinds.length, 11);
});

test("every form of versions.json says the same", () => {
  const read = fences("versions").map((text) => readVersions(json(text), "versions.json"));
  assert.equal(read.length, 4);
  for (const { versions, warnings } of read) {
    assert.deepEqual(versions, { python: "3.11.4", libraries: [{ name: "numpy", version: "1.26.4" }] });
    assert.deepEqual(warnings, []);
  }
});
