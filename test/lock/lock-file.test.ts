import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { withMajor } from "../../src/contract/assemble-service.js";
import { buildContract } from "../../src/contract/build-contract.js";
import { DEFAULT_MAIN_OPTIONS } from "../../src/contract/main-options.js";
import type { Service } from "../../src/contract/model.js";
import { Refusal } from "../../src/errors.js";
import { interfaceHash } from "../../src/lock/interface-hash.js";
import { lockOfService } from "../../src/lock/lock-of-service.js";
import { printLock } from "../../src/lock/print-lock.js";
import { parseLock, type Lock } from "../../src/lock/read-lock.js";

const FACTS = { revision: 3, main: DEFAULT_MAIN_OPTIONS, evidence: ["first.json: answered"] };

const SPELLED =
  "Struct[decision: String, scores: Array[Struct[name: String, points: Map[String, decimal(9,2)]]], at: DateTime]";

function contract(columns: readonly { readonly alias: string; readonly type: string }[]): Service {
  return buildContract({
    alias: "credit_decision",
    description: "Decides.",
    inputs: normaliseInputInfo({
      tables: [{ alias: "application", description: "As received.", columns }],
      arguments: [{ alias: "limit", type: "bigint", default: 9_007_199_254_740_993n }],
      runtime_params: [{ alias: "strategy", type: "String", default: "standard" }],
    }),
    output: { type: parseDataType(SPELLED), spelled: SPELLED, origin: "declared" },
  });
}

const SERVICE = contract([
  { alias: "fico", type: "Numerical" },
  { alias: "late_months", type: "Array[Numerical]" },
  { alias: "address", type: "Struct[city: String, since: date]" },
]);

function parsed(text: string): Lock {
  return parseLock(Buffer.from(text), "contract.lock.json");
}

function problemsOf(text: string): readonly string[] {
  try {
    parsed(text);
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.kind, "usage");
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
  return assert.fail("the lock should have been refused");
}

test("a contract, its lock and the text of it say the same", () => {
  const lock = lockOfService(SERVICE, FACTS);
  const text = printLock(lock);
  const { content, service } = parsed(text);
  assert.equal(printLock(content), text);
  assert.deepEqual(service, SERVICE);
  assert.equal(content.interface, interfaceHash(service));
});

test("every contract comes back from its lock, whatever its names are", () => {
  const type = fc.constantFrom(
    "Numerical",
    "bigint",
    "Array[Map[String, date]]",
    "Struct[a: Array[String], b: Boolean]",
  );
  const alias = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .filter((text) => !/\p{Cc}/u.test(text));
  const columns = fc.uniqueArray(fc.record({ alias, type }), {
    minLength: 1,
    maxLength: 12,
    selector: (column) => column.alias,
  });
  fc.assert(
    fc.property(columns, (list) => {
      const service = contract(list);
      assert.deepEqual(parsed(printLock(lockOfService(service, FACTS))).service, service);
    }),
    { seed: 4, numRuns: 200 },
  );
});

test("an alias that no package of Java may have is spelled alike, wherever the contract comes from", () => {
  const service = buildContract({
    alias: "class",
    description: "",
    inputs: normaliseInputInfo({ arguments: [{ alias: "text", type: "String" }] }),
    output: undefined,
  });
  assert.equal(service.protoPackage, "class_service.v1");
  assert.deepEqual(parsed(printLock(lockOfService(service, FACTS))).service, service);
  const next = withMajor(service, 2);
  assert.deepEqual(
    [next.protoPackage, next.namespace],
    ["class_service.v2", "urn:artifact-gateway:class:v2"],
  );
});

test("one line for each field", () => {
  const lines = printLock(lockOfService(SERVICE, FACTS)).split("\n");
  const fico = lines.filter((line) => line.includes('"source": "fico"'));
  assert.deepEqual(fico, [
    '        { "source": "fico", "number": 1, "xml": "fico", "proto": "fico", "type": { "kind": "double" }, ' +
      '"required": false, "spelled": "Numerical" },',
  ]);
});

test("a stated rename is the field under its new name", () => {
  const text = printLock(lockOfService(SERVICE, FACTS)).replace(
    '"source": "fico",',
    '"source": "fico", "renamedTo": "fico_score",',
  );
  const { service } = parsed(text);
  const [table] = service.operation.request.fields;
  assert.ok(table?.type.kind === "array" && table.type.items.kind === "struct");
  const [renamed] = table.type.items.message.fields;
  assert.deepEqual([renamed?.source, renamed?.xmlName, renamed?.number], ["fico_score", "fico", 1]);
});

test("what is wrong with a lock is said with its place", () => {
  const text = printLock(lockOfService(SERVICE, FACTS));
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['"format": 1', '"format": 2', /^format: /],
    ['"major": 1', '"major": 0', /^major: /],
    ['"revision"', '"revisions"', /^revision: |Unrecognized key/],
    ['"number": 2', '"number": 1', /number: `.*` has the same/],
    ['"number": 2', '"number": 19500', /belong to protobuf/],
    ['"xml": "lateMonths"', '"xml": "fico"', /xml: `.*` has the same/],
    ['"xml": "lateMonths"', '"xml": "late months"', /^types\[1\]\.fields\[1\]\.xml: /],
    ['"type": "ApplicationTable"', '"type": "Unknown"', /There is no type `Unknown`/],
    ['"items": "ApplicationRow"', '"items": "ApplicationTable"', /may not contain itself/],
    ['"kind": "double"', '"kind": "double", "totalDigits": 16', /totalDigits: /],
    ['"role": "table", ', "", /request\.fields\[0\]\.role: /],
    ['"default": "standard"', '"default": 5', /default: /],
  ];
  for (const [found, replacement, expected] of cases) {
    const broken = text.replace(found, replacement);
    assert.notEqual(broken, text, found);
    assert.ok(
      problemsOf(broken).some((problem) => expected.test(problem)),
      `${replacement}: ${problemsOf(broken).join("\n")}`,
    );
  }
});

test("bytes that are no lock are refused and never crash", () => {
  const text = printLock(lockOfService(SERVICE, FACTS));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 20 }), (at, length, insert) => {
      try {
        parsed(text.slice(0, at) + insert + text.slice(at + length));
      } catch (error) {
        assert.ok(error instanceof Refusal);
        assert.ok(error.problems.every(({ remedy }) => remedy !== ""));
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});

test("the digest counts what callers depend on and nothing else", () => {
  const same = structuredClone(SERVICE);
  Object.assign(same, { description: "Decides better.", resultOrigin: "metadata" });
  assert.equal(interfaceHash(same), interfaceHash(SERVICE));
  const table = { alias: "fico", type: "Numerical" };
  assert.notEqual(interfaceHash(contract([{ ...table, type: "bigint" }])), interfaceHash(contract([table])));
});
