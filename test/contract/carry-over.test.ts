import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { buildContract, type ContractSource } from "../../src/contract/build-contract.js";
import type { FieldType, Message, Service } from "../../src/contract/model.js";

type Columns = Readonly<Record<string, string>>;

function contract(columns: Columns, previous?: Service, changes: Partial<ContractSource> = {}): Service {
  const inputs = normaliseInputInfo({
    tables: [
      { alias: "application", columns: Object.entries(columns).map(([alias, type]) => ({ alias, type })) },
    ],
  });
  return buildContract({
    alias: "credit",
    description: "",
    inputs,
    output: { type: parseDataType("String"), spelled: "String", origin: "metadata" },
    ...(previous === undefined ? {} : { previous }),
    ...changes,
  });
}

function row({ operation }: Service): Message {
  const type: FieldType | undefined = operation.request.fields[0]?.type;
  assert.ok(type?.kind === "array" && type.items.kind === "struct");
  return type.items.message;
}

function wire(service: Service): readonly unknown[] {
  return row(service).fields.map(({ source, number, xmlName, protoName }) => [
    source,
    number,
    xmlName,
    protoName,
  ]);
}

test("the order of the artifact changes nothing for callers, and is kept toward main()", () => {
  const before = contract({ fico: "Numerical", a_b: "String", aB: "String" });
  const after = contract({ aB: "String", fico: "Numerical", a_b: "String" }, before);
  assert.deepEqual(wire(after), wire(before));
  assert.deepEqual(
    row(after).fields.map(({ position }) => position),
    [1, 2, 0],
  );
});

test("what is new comes last, whatever it is called and wherever it stands", () => {
  const before = contract({ b: "Numerical", c: "String" });
  const after = contract({ a: "String", b: "Numerical", c: "String" }, before);
  assert.deepEqual(wire(after), [...wire(before), ["a", 3, "a", "a"]]);
});

test("neither the number nor the names of a removed column are given again", () => {
  const first = contract({ fico: "Numerical", income: "Numerical" });
  const without = contract({ income: "Numerical" }, first);
  assert.deepEqual(row(without).reserved, [
    { source: "fico", number: 1, xmlName: "fico", protoName: "fico" },
  ]);
  const back = contract({ fico: "String", income: "Numerical" }, without);
  assert.deepEqual(row(back).reserved, row(without).reserved);
  const again = row(back).fields.find(({ source }) => source === "fico");
  assert.deepEqual([again?.number, again?.xmlName, again?.protoName], [3, "fico2", "fico2"]);
});

test("a name that nobody can write in ASCII keeps the one it was given", () => {
  const before = contract({ 收入: "Numerical" });
  assert.deepEqual(wire(before), [["收入", 1, "column1", "column1"]]);
  const after = contract({ 年龄: "Numerical", 收入: "Numerical" }, before);
  assert.deepEqual(wire(after), [...wire(before), ["年龄", 2, "column2", "column2"]]);
});

test("numbers that protobuf keeps for itself are stepped over", () => {
  const before = contract({ a: "String" });
  const high: Service = structuredClone(before);
  Object.assign(row(high).fields[0] ?? {}, { number: 18_999 });
  assert.equal(row(contract({ a: "String", b: "String" }, high)).fields[1]?.number, 20_000);
});

test("facets of the lock hold while the artifact states the same type, and give way when it states another", () => {
  const before = contract({ amount: "decimal(11,2)", name: "String" });
  const [amount, name] = row(before).fields;
  Object.assign(amount ?? {}, { type: { kind: "decimal", totalDigits: 9, fractionDigits: 2 } });
  Object.assign(name ?? {}, { type: { kind: "string", maxLength: 40 } });
  const typesOf = (service: Service): readonly FieldType[] => row(service).fields.map(({ type }) => type);
  assert.deepEqual(typesOf(contract({ amount: "decimal(11,2)", name: "str" }, before)), [
    { kind: "decimal", totalDigits: 9, fractionDigits: 2 },
    { kind: "string", maxLength: 40 },
  ]);
  assert.deepEqual(typesOf(contract({ amount: "decimal(13,2)", name: "date" }, before)), [
    { kind: "decimal", totalDigits: 13, fractionDigits: 2 },
    { kind: "date" },
  ]);
});

test("type names stay with their fields, and a new type never takes one that callers know", () => {
  const before = contract({ late: "Array[Numerical]" });
  const after = contract({ late: "Array[String]", other: "Array[Numerical]" }, before);
  const names = (service: Service): readonly unknown[] =>
    row(service).fields.map(({ type }) => (type.kind === "array" ? type.name : type.kind));
  assert.deepEqual(names(before), ["ApplicationRowLate"]);
  assert.deepEqual(names(after), ["ApplicationRowLate2", "ApplicationRowOther"]);
  assert.deepEqual(names(contract({ late: "Array[Numerical]", other: "Array[Numerical]" }, before)), [
    "ApplicationRowLate",
    "ApplicationRowOther",
  ]);
});

test("texts stay where that is asked for", () => {
  const before = contract({ a: "String" });
  Object.assign(row(before).fields[0] ?? {}, { description: "As it was.", notes: { unit: "EUR" } });
  const kept = row(contract({ a: "String" }, before, { keepTexts: true })).fields[0];
  assert.deepEqual([kept?.description, kept?.notes], ["As it was.", { unit: "EUR" }]);
  assert.equal(row(contract({ a: "String" }, before)).fields[0]?.description, "");
});

test("fields of one name and shape share a list or map, so that a caller can send back what it got", () => {
  const map = "Map[String, String]";
  const inputs = normaliseInputInfo({ arguments: [{ alias: "context", type: map }] });
  const spelled = `Struct[output: String, context: ${map}, other: ${map}]`;
  const { operation } = contract({ a: "String" }, undefined, {
    inputs,
    output: { type: parseDataType(spelled), spelled, origin: "metadata" },
  });
  const [asked] = operation.request.fields;
  const [{ type: answer }] = operation.response.fields;
  assert.ok(answer.kind === "struct");
  assert.equal(answer.message.fields[1]?.type, asked?.type);
  assert.notDeepEqual(answer.message.fields[2]?.type, asked?.type);
});

test("one row without a list beside the tables, where the profile asks for it and the types allow it", () => {
  const mainframe = { profile: "mainframe" } as const;
  const { single } = contract({ fico: "Numerical" }, undefined, mainframe);
  assert.equal(single?.name, "EvaluateOne");
  assert.equal(single.request.fields[0]?.type.kind, "struct");
  assert.equal(contract({ fico: "Numerical" }).single, undefined);
  assert.equal(contract({ late: "Array[Numerical]" }, undefined, mainframe).single, undefined);
});
