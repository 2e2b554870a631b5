import assert from "node:assert/strict";
import { test } from "node:test";
import { generateCopybooks } from "../../src/cobol/generate-copybook.js";
import { recordLayout, type RecordItem } from "../../src/cobol/record-layout.js";
import { contractFiles } from "../../src/contract-files.js";
import type { Field, FieldType, Message, Service } from "../../src/contract/model.js";
import { proposeFacets } from "../../src/lock/propose-facets.js";
import { newStruct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";
import { hostileService } from "./hostile-service.js";
import { asMainframe, mainframeExample } from "./mainframe-service.js";
import { recordBytes, recordLeaves } from "./record-values.js";

function field(source: string, type: FieldType, changes: Partial<Field> = {}): Field {
  return {
    source,
    xmlName: source,
    protoName: source,
    number: 1,
    type,
    required: true,
    description: "",
    notes: {},
    position: 0,
    spelledType: type.kind,
    ...changes,
  };
}

function record(...fields: readonly Field[]): Message {
  return { name: "Sample", description: "", fields, reserved: [] };
}

function copybookOf(...fields: readonly Field[]): string {
  const service = sampleService();
  const request = { ...record(), fields: [] };
  const [result] = service.operation.response.fields;
  const answer: Field = { ...result, type: { kind: "struct", message: record(...fields) } };
  const response = { ...service.operation.response, fields: [answer] as const };
  const [main] = generateCopybooks({ ...service, operation: { ...service.operation, request, response } });
  return (main?.content ?? "").slice(main?.content.indexOf("01  EvaluateResponse"));
}

function bounded(): Service {
  return proposeFacets(asMainframe(sampleService()), []).service;
}

function items(item: RecordItem): RecordItem[] {
  return [item, ...item.items.flatMap(items)];
}

test("a record in the fixed reference format", () => {
  const text = copybookOf(
    field("decision", { kind: "string", allowed: ["APPROVE", "REFER"] }, { description: "What is decided." }),
    field("limit", { kind: "decimal", totalDigits: 11, fractionDigits: 2 }, { xmlName: "creditLimit" }),
    field("score", { kind: "integer", totalDigits: 4, minimum: "0" }, { required: false }),
    field("approved", { kind: "boolean" }),
    field("reasons", {
      kind: "array",
      name: "Reasons",
      items: { kind: "string", maxLength: 8 },
      itemName: "item",
      maxItems: 5,
    }),
  );
  assert.equal(
    text,
    `01  EvaluateResponse.
           03  result.
      * What is decided.
      * One of: 'APPROVE', 'REFER'.
             05  decision PIC X(7).
      * Source name: limit.
             05  creditLimit PIC S9(9)V9(2) COMP-3.
      * Optional: score-num is 1, or 0 for absent.
             05  score-num PIC S9(9) COMP-5.
      * At most 4 digits.
      * At least 0.
             05  score PIC S9(18) COMP-5.
             05  approved PIC X.
               88  approved-false VALUE X'00'.
               88  approved-true VALUE X'01'.
             05  reasons.
      * item-num of 5 are used.
               07  item-num PIC S9(9) COMP-5.
               07  item PIC X(8) OCCURS 5 TIMES.
`,
  );
});

test("unit, origin and the meaning of an absent value travel as comments", () => {
  const notes = {
    unit: "EUR",
    nullMeaning: "not asked for",
    origin: "loans.amount",
    allowedValues: ["1", "2"],
  };
  const text = copybookOf(field("amount", { kind: "string", maxLength: 1 }, { notes, required: false }));
  for (const line of ["Unit: EUR.", "Absent means: not asked for", "From: loans.amount.", "Values: 1, 2."]) {
    assert.ok(text.includes(`\n      * ${line}\n`), line);
  }
});

test("what a record cannot carry is said in its place", () => {
  const cases: readonly (readonly [FieldType, string])[] = [
    [{ kind: "string" }, "its length is not limited"],
    [{ kind: "string", maxLength: 40_000 }, "it may be longer than 32767 characters"],
    [{ kind: "decimal" }, "its digits are not limited"],
    [{ kind: "decimal", totalDigits: 38, fractionDigits: 2 }, "it may have more than 31 digits"],
    [{ kind: "dynamic" }, "its type is not declared"],
    [{ kind: "struct", message: record() }, "nothing is in it that a record can hold"],
  ];
  for (const [type, reason] of cases) {
    const text = copybookOf(field("lost", type), field("kept", { kind: "boolean" }));
    const comment = text.replace(/\n {6}\* /g, " ");
    assert.ok(comment.includes(`NOT IN THIS RECORD: lost, because ${reason}.`), text);
    assert.doesNotMatch(text, /\d\d {2}lost/);
    assert.match(text, /05 {2}kept PIC X\./);
  }
});

test("a record with nothing in it still compiles", () => {
  const [main] = generateCopybooks(sampleService({ kind: "dynamic" }));
  const content = main?.content ?? "";
  assert.equal(
    content.slice(content.indexOf("      * Length: 1 byte.")),
    `      * Length: 1 byte.
      * Nothing is in it that a record can hold.
       01  EvaluateResponse.
      * NOT IN THIS RECORD: result, because its type is not declared.
           03  FILLER PIC X.
`,
  );
});

test("nothing passes column 72, and everything is plain ASCII in the right areas", async () => {
  const services = [
    sampleService(),
    bounded(),
    hostileService(),
    (await mainframeExample("credit_decision")).service,
  ];
  for (const { content } of services.flatMap(generateCopybooks)) {
    assert.match(content, /^[ -~\n]*$/);
    for (const line of content.trimEnd().split("\n")) {
      assert.ok(line.length <= 72, line);
      assert.match(
        line,
        /^(?: {6}\*(?: \S.*)?| {7}01 {2}\S.*| {11,}(?:\d\d {2}|PIC|OCCURS|COMP|VALUE).*)$/,
        line,
      );
    }
    assert.doesNotMatch(content, /^ {7,}01 {2}INJECTED/m);
  }
});

test("every name is COBOL's, and every reference has one meaning", () => {
  for (const service of [bounded(), hostileService()]) {
    for (const message of [service.operation.request, service.operation.response]) {
      const layout = recordLayout(message);
      const paths = new Map<string, string[][]>();
      const visit = (item: RecordItem, groups: readonly string[]): void => {
        const key = item.name.toLowerCase();
        if (item.role !== "omitted") paths.set(key, [...(paths.get(key) ?? []), [...groups]]);
        for (const inner of item.items) visit(inner, [...groups, key]);
      };
      visit(layout, []);
      for (const { name } of items(layout))
        assert.match(name, /^(?=.{1,30}$)[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/);
      for (const [name, chains] of paths) {
        // A full reference names every group; it must not fit another item of the name.
        for (const chain of chains) {
          const meant = chains.filter((other) => isSubsequence(chain, other));
          assert.equal(meant.length, 1, `${name} OF ${[...chain].reverse().join(" OF ")}`);
        }
      }
    }
  }
});

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const name of whole) if (name === part[at]) at += 1;
  return at === part.length;
}

test("the stated length is the sum of what the pictures take", () => {
  for (const service of [bounded(), hostileService()]) {
    const [main] = generateCopybooks(service);
    const stated = [...(main?.content ?? "").matchAll(/^ {6}\* Length: (\d+) bytes\.$/gm)].map(([, n]) =>
      Number(n),
    );
    const messages = [service.operation.request, service.operation.response];
    const counted = messages.map((message) => {
      const empty = recordBytes(recordLeaves(message, recordLayout(message), newStruct()));
      return empty.length;
    });
    assert.deepEqual(stated, counted);
  }
});

test("lists within lists end at seven, and levels at 49", () => {
  const nest = (depth: number): FieldType =>
    depth === 0
      ? { kind: "boolean" }
      : { kind: "array", name: `L${depth}`, items: nest(depth - 1), itemName: "item", maxItems: 2 };
  assert.doesNotMatch(copybookOf(field("deep", nest(7))), /NOT IN/);
  assert.match(
    copybookOf(field("deep", nest(8))),
    /NOT IN THIS RECORD: item8, because it is in more than 7 lists/,
  );
  const wrap = (depth: number): FieldType =>
    depth === 0
      ? { kind: "boolean" }
      : {
          kind: "struct",
          message: record(field("inner", wrap(depth - 1)), field("flag", { kind: "boolean" })),
        };
  const deepest = copybookOf(field("deep", wrap(46)));
  assert.match(deepest, /^ +49 {2}inner\d+ PIC X\.$/m);
  assert.doesNotMatch(deepest, /NOT IN/);
  assert.match(
    copybookOf(field("deep", wrap(60))).replace(/\n {6}\* /g, " "),
    /because it is nested too deeply/,
  );
});

test("a contract with EvaluateOne has a copybook without lists for it", () => {
  const service = bounded();
  const { operation } = service;
  const request = { ...operation.request, name: "EvaluateOneRequest", fields: [] };
  const response = { ...operation.response, name: "EvaluateOneResponse" };
  const single = { name: "EvaluateOne", request, response };
  const paths = generateCopybooks({ ...service, single }).map(({ path, kind }) => [path, kind]);
  assert.deepEqual(paths, [
    ["cobol/sample_decision.v1.cpy", "evaluate"],
    ["cobol/sample_decision.v1.one.cpy", "one"],
  ]);
});

test("copybooks are contract files of the profile mainframe alone", () => {
  const cobol = (service: Service): number =>
    contractFiles(service).filter(({ path }) => path.startsWith("cobol/")).length;
  assert.equal(cobol(sampleService()), 0);
  assert.equal(cobol(bounded()), 1);
});

test("twice the same bytes, and in proportion to the contract", () => {
  const [result] = sampleService().operation.response.fields;
  const wide = (columns: number): string => {
    const fields = Array.from({ length: columns }, (_, index) =>
      field(`column${index}`, {
        kind: "array",
        name: `List${index}`,
        items: { kind: "string", maxLength: 10 },
        itemName: "item",
        maxItems: 10,
      }),
    );
    const service = sampleService({ kind: "struct", message: record(...fields) });
    return generateCopybooks(service)[0]?.content ?? "";
  };
  assert.equal(result.source, "result");
  assert.equal(wide(2000), wide(2000));
  const perColumn = (wide(2000).length - wide(1000).length) / 1000;
  const before = (wide(1000).length - wide(500).length) / 500;
  assert.ok(perColumn < before * 1.1, `${perColumn} and ${before} characters a column`);
});
