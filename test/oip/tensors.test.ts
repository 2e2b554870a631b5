/** Which tensors a contract has, name by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, RequestField, Service } from "../../src/contract/model.js";
import { GatewayError } from "../../src/errors.js";
import { compileInferenceCodec } from "../../src/oip/codec.js";
import { describeTensors, inputTensors, outputTensors } from "../../src/oip/tensors.js";
import { sampleService } from "../support/sample-service.js";

function inputsOf(service: Service): string[] {
  const found = inputTensors(service);
  assert.ok(found.ok);
  return describeTensors(found.tensors).map(({ name, datatype, shape }) => `${name} ${datatype} ${shape}`);
}

function withFields(...fields: readonly RequestField[]): Service {
  const service = sampleService();
  const { operation } = service;
  return { ...service, operation: { ...operation, request: { ...operation.request, fields } } };
}

const [application, tradeLines, parameters] = sampleService().operation.request.fields;
assert.ok(application !== undefined && tradeLines !== undefined && parameters !== undefined);

test("with several tables a column has the name of its table before it; what may be null has a companion", () => {
  assert.deepEqual(inputsOf(sampleService()), [
    "application.application_id BYTES -1",
    "application.annual_income FP64 -1",
    "application.annual_income__is_null BOOL -1",
    "application.dependants INT64 -1",
    "application.dependants__is_null BOOL -1",
    "application.requested_amount BYTES -1",
    "application.is_employed BOOL -1",
    "application.is_employed__is_null BOOL -1",
    "application.birth_date BYTES -1",
    "application.birth_date__is_null BOOL -1",
    "application.submitted_at BYTES -1",
    "application.submitted_at__is_null BOOL -1",
    "application.late_months BYTES -1",
    "application.late_months__is_null BOOL -1",
    "application.tags BYTES -1",
    "application.tags__is_null BOOL -1",
    "application.address BYTES -1",
    "application.address__is_null BOOL -1",
    "application.matrix BYTES -1",
    "application.matrix__is_null BOOL -1",
    "application.bands BYTES -1",
    "application.bands__is_null BOOL -1",
    "trade_lines.balance FP64 -1",
    "trade_lines.opened_on BYTES -1",
    "trade_lines.opened_on__is_null BOOL -1",
    "strategy BYTES 1",
    "cut_off FP64 1",
  ]);
});

test("with one table a column has its own name, and an argument always", () => {
  const argument = { ...field("note"), role: "argument" } as const;
  assert.deepEqual(inputsOf(withFields(tradeLines, argument, parameters)), [
    "balance FP64 -1",
    "opened_on BYTES -1",
    "opened_on__is_null BOOL -1",
    "note BYTES 1",
    "strategy BYTES 1",
    "cut_off FP64 1",
  ]);
});

test("where two would have one name, all have their long names", () => {
  const argument = { ...field("balance"), role: "argument" } as const;
  assert.deepEqual(inputsOf(withFields(tradeLines, argument, parameters)), [
    "trade_lines.balance FP64 -1",
    "trade_lines.opened_on BYTES -1",
    "trade_lines.opened_on__is_null BOOL -1",
    "balance BYTES 1",
    "parameters.strategy BYTES 1",
    "parameters.cut_off FP64 1",
  ]);
});

test("where even those are the same, the model is refused by the name", () => {
  const argument = { ...field("trade_lines.opened_on__is_null"), role: "argument" } as const;
  const service = withFields(application, tradeLines, argument);
  assert.deepEqual(inputTensors(service), { ok: false, conflict: "trade_lines.opened_on__is_null" });
  assert.throws(
    () => compileInferenceCodec(service),
    (error) =>
      error instanceof GatewayError &&
      error.code === "contract_mismatch" &&
      error.message.includes("trade_lines.opened_on__is_null"),
  );
});

test("outputs are the fields of the result, of its rows, or the result itself", () => {
  const described = (result: Field["type"]): string[] => {
    const found = outputTensors(sampleService(result));
    assert.ok(found.ok);
    return describeTensors(found.tensors).map(({ name, datatype, shape }) => `${name} ${datatype} ${shape}`);
  };
  const score = { ...field("score"), type: { kind: "double" }, required: true } as const;
  const message = { name: "Row", description: "", fields: [score, field("note")], reserved: [] };
  const row = { kind: "struct", message } as const;
  const list = (items: Field["type"]): Field["type"] => ({
    kind: "array",
    name: "List",
    items,
    itemName: "item",
    maxItems: 5,
  });
  assert.deepEqual(described(row), ["score FP64 1", "note BYTES 1", "note__is_null BOOL 1"]);
  assert.deepEqual(described(list(row)), ["score FP64 -1", "note BYTES -1", "note__is_null BOOL -1"]);
  assert.deepEqual(described({ kind: "integer" }), ["result INT64 1"]);
  assert.deepEqual(described(list({ kind: "boolean" })), ["result BOOL -1"]);
  assert.deepEqual(described(list(list({ kind: "double" }))), ["result BYTES -1"]);
  assert.deepEqual(described({ kind: "dynamic" }), ["result BYTES 1"]);
});

/** An optional text. */
function field(source: string): Field {
  return {
    source,
    xmlName: "name",
    protoName: "name",
    number: 9,
    type: { kind: "string" },
    required: false,
    description: "",
    notes: {},
    position: 9,
    spelledType: "String",
  };
}
