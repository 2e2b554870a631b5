import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDataType } from "../../src/artifact/data-type.js";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { buildContract, type ContractSource } from "../../src/contract/build-contract.js";
import type { FieldType, Service } from "../../src/contract/model.js";
import { PROTOCOLS, type Change } from "../../src/diff/change.js";
import { descriptorFindings } from "../../src/diff/descriptor-findings.js";
import { diffContracts } from "../../src/diff/diff-contracts.js";
import { areSideBySide, verdictsOf } from "../../src/diff/verdicts.js";
import { generateProto } from "../../src/proto/generate-proto.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { contractPair } from "./corpus.js";

/** Columns as `name: type`. */
type Columns = readonly string[];

function contract(columns: Columns, more: Partial<ContractSource> = {}): Service {
  const named = columns.map((column) => {
    const end = column.indexOf(": ");
    return { alias: column.slice(0, end), type: column.slice(end + 2) };
  });
  const inputs = normaliseInputInfo({ tables: [{ alias: "application", columns: named }] });
  return buildContract({ alias: "credit", description: "", inputs, output: undefined, ...more });
}

function output(spelled: string): Pick<ContractSource, "output"> {
  return { output: { type: parseDataType(spelled), spelled, origin: "declared" } };
}

/** `kind path letters`, the letters being the verdicts for SOAP, gRPC, JSON and COBOL. */
function told(changes: readonly Change[]): string[] {
  return changes.map(({ kind, path, effects }) => {
    const letters = PROTOCOLS.map((protocol) => effects[protocol].verdict.charAt(0)).join("");
    return [kind, path, letters].filter((part) => part !== "").join(" ");
  });
}

const plain = contract(["fico: Numerical", "income: decimal(9,2)", "state: String"]);

test("a column that is removed and comes back under a new type breaks every protocol, and its number is not used again", () => {
  const without = contract(["fico: Numerical", "state: String"], { previous: plain });
  const back = contract(["fico: Numerical", "state: String", "income: String"], { previous: without });
  assert.deepEqual(told(diffContracts(plain, without)), ["field_removed application[].income bcbb"]);
  const changes = diffContracts(plain, back);
  const at = "application[].income";
  assert.deepEqual(told(changes), [
    `xml_name_changed ${at} bssb`,
    `proto_name_changed ${at} sbss`,
    `number_changed ${at} sbss`,
    `type_changed ${at} bbbb`,
    "order_changed application[] bssb",
  ]);
  assert.deepEqual(Object.values(verdictsOf(changes, false)), [
    "breaking",
    "breaking",
    "breaking",
    "breaking",
  ]);
  const number = changes.find(({ kind }) => kind === "number_changed");
  assert.deepEqual([number?.before, number?.after], ["2", "4"]);
  assert.match(generateProto(back), /optional string income2 = 4;/);
});

test("without the contract before, the numbers behind a removed column belong to others, and each is named", () => {
  const anew = contract(["fico: Numerical", "state: String"]);
  assert.deepEqual(told(diffContracts(plain, anew)), [
    "field_removed_unreserved application[].income bbbb",
    "number_changed application[].state sbss",
  ]);
  assert.deepEqual(
    descriptorFindings(plain, anew).map(({ rule, number }) => `${rule} ${number ?? ""}`),
    [
      "FIELD_SAME_NAME 2",
      "FIELD_SAME_JSON_NAME 2",
      "FIELD_WIRE_JSON_COMPATIBLE_TYPE 2",
      "FIELD_NO_DELETE_UNLESS_NAME_RESERVED 3",
      "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED 3",
    ],
  );
});

test("a new major is an interface of its own: its changes are told, and break nobody who stays", () => {
  const next = contract(["fico: String", "income: decimal(9,2)", "state: String"], {
    previous: plain,
    major: 2,
  });
  const changes = diffContracts(plain, next);
  assert.deepEqual(told(changes), ["major_changed cccc", "type_changed application[].fico bbbb"]);
  assert.ok(areSideBySide(plain, next));
  assert.deepEqual(Object.values(verdictsOf(changes, true)), Array(4).fill("compatible"));
  assert.deepEqual(descriptorFindings(plain, next), []);
});

test("another alias is another service", () => {
  const other = { ...plain, alias: "other", protoPackage: "other.v1" };
  assert.deepEqual(told(diffContracts(plain, other)), ["alias_changed bbbb"]);
  assert.ok(!areSideBySide(plain, other));
});

test("the operation for one row comes with the profile and goes when a list comes", () => {
  const columns = ["fico: Numerical"];
  const answer = output("Struct[decision: String]");
  const standard = contract(columns, answer);
  const mainframe = contract(columns, { ...answer, previous: standard, profile: "mainframe" });
  assert.deepEqual(told(diffContracts(standard, mainframe)), ["profile_changed ssss", "single_added cssc"]);
  const withList = contract([...columns, "tags: Array[String]"], { ...answer, previous: mainframe });
  assert.deepEqual(told(diffContracts(mainframe, withList)), [
    "single_removed bssb",
    "field_added application[].tags cccb",
  ]);
});

test("an answer that is declared, or no longer, is told as that", () => {
  const columns = ["fico: Numerical"];
  const undeclared = contract(columns);
  const declared = contract(columns, { ...output("Struct[decision: String]"), previous: undeclared });
  assert.deepEqual(told(diffContracts(undeclared, declared)), ["result_declared result bbcb"]);
  assert.deepEqual(told(diffContracts(declared, undeclared)), ["result_undeclared result bbbb"]);
  assert.deepEqual(told(diffContracts(declared, { ...declared, resultOrigin: "samples" })), [
    "result_origin_changed result ssss",
  ]);
});

test("a type's name that comes to stand for another type is told, although neither field goes on", () => {
  const before = contract(["a: Struct[x: String]"]);
  const renamed = contract(["b: Struct[x: int]"]);
  const text = JSON.stringify(renamed).replaceAll("ApplicationRowB", "ApplicationRowA");
  const after = JSON.parse(text) as Service;
  assert.ok(told(diffContracts(before, after)).includes("type_name_reused ApplicationRowA cbss"));
});

test("what main() is given an input as is told, and changes no message", () => {
  const declared = { alias: "rows", type: "Array[Struct[a: int]]" };
  const inputs = normaliseInputInfo({ arguments: [declared] });
  const before = buildContract({ alias: "credit", description: "", inputs, output: undefined });
  const { operation } = before;
  const fields = operation.request.fields.map((field) => ({ ...field, role: "table" as const }));
  const after = { ...before, operation: { ...operation, request: { ...operation.request, fields } } };
  assert.deepEqual(told(diffContracts(before, after)), ["role_changed rows ssss"]);
});

test("every reason is one sentence", () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const { before, after } = contractPair(seed);
    for (const { effects } of diffContracts(before, after)) {
      for (const { why } of Object.values(effects)) assert.match(why, /^[A-Z][^\n]*[^.]\.$/);
    }
  }
});

test("contracts without a change between them make the same files", () => {
  let equal = 0;
  for (let seed = 0; seed < 2000; seed += 1) {
    const { before, after } = contractPair(seed);
    if (diffContracts(before, after).length > 0) continue;
    equal += 1;
    assert.equal(generateProto(after), generateProto(before), `case_${seed}`);
    const wsdls = [after, before].map((service) => generateWsdl(service, "http://localhost/"));
    assert.equal(wsdls[0], wsdls[1], `case_${seed}`);
  }
  assert.ok(equal > 20, `only ${equal} pairs are equal`);
});

test("a path is told in the names of before, elements of lists and maps as []", () => {
  const before = contract(["limits: Map[date, Array[Struct[a: int]]]"]);
  const after = contract(["limits: Map[date, Array[Struct[a: String]]]"], { previous: before });
  assert.deepEqual(told(diffContracts(before, after)), [
    "type_changed application[].limits[].value[].a bbbb",
  ]);
});

test("a record that is used twice on each of 40 levels is compared once on each", () => {
  const layered = (leaf: FieldType): Service => {
    const service = contract(["a: Struct[x: int, y: int]"]);
    const { operation } = service;
    const [table] = operation.request.fields;
    assert.ok(table?.type.kind === "array" && table.type.items.kind === "struct");
    const [column] = table.type.items.message.fields;
    assert.ok(column?.type.kind === "struct");
    let type = leaf;
    for (let level = 0; level < 40; level += 1) {
      const fields = column.type.message.fields.map((field) => ({ ...field, type }));
      type = { kind: "struct", message: { ...column.type.message, name: `Level${level}`, fields } };
    }
    const fields = [{ ...table, type }];
    return { ...service, operation: { ...operation, request: { ...operation.request, fields } } };
  };
  const changes = diffContracts(layered({ kind: "integer" }), layered({ kind: "boolean" }));
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ["type_changed", "type_changed"],
  );
});

test("each of 2,000 columns is told", () => {
  const wide = (count: number, type: string): Service =>
    contract(Array.from({ length: count }, (_, index) => `column_${index}: ${type}`));
  const changes = diffContracts(wide(2000, "String"), wide(2000, "int"));
  assert.equal(changes.length, 2000);
});
