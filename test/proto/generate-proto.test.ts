import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSync } from "@grpc/proto-loader";
import type { Field, Service } from "../../src/contract/model.js";
import { generateProto, protoPath } from "../../src/proto/generate-proto.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";
import { bufFormatDiff, bufLint } from "./buf.js";
import { RESULT_SHAPES, servicesOfEveryShape } from "./result-shapes.js";

const service = sampleService();

test("the file lies where its package says", () => {
  assert.equal(protoPath(service), "sample_decision/v1/sample_decision.proto");
});

test("equal contracts give equal bytes", () => {
  assert.equal(generateProto(sampleService()), generateProto(structuredClone(service)));
});

test("the service, presence, lists, maps and Google's types are declared as callers expect", () => {
  const text = generateProto(service);
  for (const line of [
    "package sample_decision.v1;",
    "service SampleDecisionService {",
    "  rpc Evaluate(EvaluateRequest) returns (EvaluateResponse) {",
    "    option idempotency_level = NO_SIDE_EFFECTS;",
    "  repeated ApplicationRow application = 1;",
    "  EvaluateParameters parameters = 3;",
    "  optional double annual_income = 2;",
    "  google.type.Decimal requested_amount = 4;",
    "  google.type.Date birth_date = 6;",
    "  google.protobuf.Timestamp submitted_at = 7;",
    "  repeated double late_months = 8;",
    "  map<string, int64> tags = 9;",
    "  repeated ApplicationRowMatrixItem matrix = 11;",
    "  repeated ApplicationRowBandsEntry bands = 12;",
    "  EvaluateResult result = 1;",
    '  // Source name "annual_income", type Numerical. Optional.',
  ]) {
    assert.ok(text.split("\n").includes(line), line);
  }
});

test("limits and what is not declared stand in comments", () => {
  const onOneLine = (text: string): string => text.replace(/\n *\/\/ /g, " ");
  const text = onOneLine(generateProto(singleService()));
  for (const comment of [
    'Source name "application_id", type String. Required. At most 8 characters.',
    'Source name "annual_income", type Numerical. Optional. At most 9 digits before the point and 2 after it.',
    'Source name "status", type String. Optional. One of: NEW, OLD.',
    'Source name "dependants", type bigint. Optional. At most 2 digits. At least 0.',
  ]) {
    assert.ok(text.includes(comment), comment);
  }
  const undeclared = onOneLine(generateProto(sampleService({ kind: "dynamic" })));
  assert.match(undeclared, /artifact-gateway lock ARTIFACT --sample FILE --out contract\.lock\.json\n/);
});

test("a line break in a name or description cannot declare anything", () => {
  const text = generateProto(sampleService(RESULT_SHAPES.get("struct")));
  assert.ok(text.includes("// One score. With a second line, */ and // in it."));
  assert.ok(text.includes('// Source name "Über Limit } message Evil {", type Map[String, decimal(9,4)].'));
  assert.ok(!/^\s*message Evil/m.test(text));
});

test("a package with a part named google still finds Google's types", () => {
  const text = generateProto({ ...service, protoPackage: "acme.google.v1" });
  assert.ok(text.includes("  .google.type.Date birth_date = 6;"));
  bufLint(new Map([["acme/google/v1/sample_decision.proto", text]]));
});

test("buf lint STANDARD and buf format have nothing to say", () => {
  const texts = new Map(servicesOfEveryShape().map((each) => [protoPath(each), generateProto(each)]));
  bufLint(texts);
  assert.equal(bufFormatDiff(texts), "");
});

test("proto-loader reads the text as the same service", () => {
  const folder = mkdtempSync(join(tmpdir(), "proto-"));
  try {
    const file = join(folder, "sample_decision.proto");
    writeFileSync(file, generateProto(service));
    const loaded = loadSync(file, { keepCase: true, includeDirs: ["proto"] });
    const evaluate = loaded["sample_decision.v1.SampleDecisionService"];
    assert.ok(evaluate !== undefined && !("format" in evaluate));
    assert.equal(evaluate["Evaluate"]?.path, "/sample_decision.v1.SampleDecisionService/Evaluate");
    const row = JSON.stringify(loaded["sample_decision.v1.ApplicationRow"]);
    for (const { protoName, number } of requestRow(service)) {
      assert.ok(row.includes(`"name":"${protoName}","extendee":"","number":${number},`), protoName);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function requestRow({ operation }: Service): readonly Field[] {
  const [table] = operation.request.fields;
  assert.ok(table?.type.kind === "array" && table.type.items.kind === "struct");
  return table.type.items.message.fields;
}
