/** What docs/mainframe.md shows is what the code does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateCopybooks } from "../../src/cobol/generate-copybook.js";
import { cobolPicture } from "../../src/cobol/picture.js";
import type { FieldType } from "../../src/contract/model.js";
import { findingsJson } from "../../src/lint/format-findings.js";
import { lintContract, RULES } from "../../src/lint/lint-contract.js";
import { mainframeExample } from "../cobol/mainframe-service.js";
import { documentedBlock, documentedTable } from "../support/mainframe-document.js";
import { sampleService } from "../support/sample-service.js";

test("the copybook is that of the example", async () => {
  const { service } = await mainframeExample("default_risk");
  const copybook = generateCopybooks(service).find(({ kind }) => kind === "one");
  const shown = documentedBlock("<!-- the end of default_risk.v1.one.cpy -->", "cobol");
  assert.ok(copybook?.content.endsWith(shown), copybook?.content);
});

const FLAG: FieldType = { kind: "boolean" };

/** The types of the table in the document, row by row. */
const TYPES: readonly FieldType[] = [
  { kind: "string", maxLength: 40 },
  FLAG,
  { kind: "integer", totalDigits: 9 },
  { kind: "double", totalDigits: 15, fractionDigits: 4 },
  { kind: "double" },
  { kind: "decimal", totalDigits: 11, fractionDigits: 2 },
  { kind: "date" },
  { kind: "datetime" },
  { kind: "array", name: "L", items: FLAG, itemName: "item", maxItems: 12 },
  { kind: "map", name: "M", entryName: "E", key: FLAG, value: FLAG, maxItems: 9 },
  { kind: "string" },
  { kind: "decimal" },
  { kind: "dynamic" },
];

test("each type is stored as the table says", () => {
  const shown = documentedTable("### How values are stored").map(([, cobol]) => cobol);
  assert.deepEqual(shown, TYPES.map(cobolPicture));
});

test("every rule is listed, with whose it is and how severe", () => {
  const listed = documentedTable("## The linter").map(([id, who, severity]) => [id, who, severity]);
  const rules = Object.entries(RULES).map(([id, { who, severity }]) => [id, who, severity]);
  assert.deepEqual(listed, rules);
});

test("the JSON form of findings", () => {
  const service = { ...sampleService({ kind: "string" }), profile: "mainframe" as const };
  const found = lintContract(service).filter(({ id, path }) => id === "text-length" && path === "result");
  assert.equal(findingsJson(found), documentedBlock("As JSON, findings are", "json"));
});
