import assert from "node:assert/strict";
import { test } from "node:test";
import { normaliseInputInfo } from "../../src/artifact/input-info.js";
import { parseDataType } from "../../src/artifact/data-type.js";
import { buildContract, type ContractSource } from "../../src/contract/build-contract.js";

const INPUTS = normaliseInputInfo({
  tables: [
    {
      alias: "application",
      description: "What the customer asks for.",
      nullable: false,
      columns: [
        { alias: "application_id", type: "String", nullable: false },
        { alias: "late_months", type: "Array[Numerical]" },
        { alias: "address", type: "Struct[city: String, since: date]" },
      ],
    },
    { alias: "trade_lines", columns: [{ alias: "balance", type: "decimal(11,2)" }] },
  ],
  runtime_params: [{ alias: "strategy", type: "String", nullable: false, default: "standard" }],
});

function source(changes: Partial<ContractSource> = {}): ContractSource {
  const spelled = "Struct[decision: String, reason_codes: Array[String]]";
  return {
    alias: "credit_decision",
    description: "Decides.",
    inputs: INPUTS,
    output: { type: parseDataType(spelled), spelled, origin: "metadata" },
    ...changes,
  };
}

test("one service, its names and its request in the order of the artifact", () => {
  const service = buildContract(source());
  assert.equal(service.name, "CreditDecisionService");
  assert.equal(service.namespace, "urn:artifact-gateway:credit_decision:v1");
  assert.equal(service.protoPackage, "credit_decision.v1");
  assert.deepEqual(
    service.operation.request.fields.map(({ source: name, role, number, required }) => [
      name,
      role,
      number,
      required,
    ]),
    [
      ["application", "table", 1, true],
      ["trade_lines", "table", 2, false],
      ["parameters", "parameters", 3, false],
    ],
  );
});

test("every type has a name of its own", () => {
  const names: string[] = [];
  JSON.stringify(buildContract(source()), (key, value: unknown) => {
    if ((key === "name" || key === "entryName") && typeof value === "string") names.push(value);
    return value;
  });
  assert.deepEqual(names.sort(), [
    "ApplicationRow",
    "ApplicationRowAddress",
    "ApplicationRowLateMonths",
    "ApplicationTable",
    "CreditDecisionService",
    "Evaluate",
    "EvaluateParameters",
    "EvaluateRequest",
    "EvaluateResponse",
    "EvaluateResult",
    "EvaluateResultReasonCodes",
    "TradeLinesRow",
    "TradeLinesTable",
  ]);
});

test("no input has the XML name of the answer, beside which a generated method lists it", () => {
  const inputs = normaliseInputInfo({ arguments: [{ alias: "result", type: "String" }] });
  const [field] = buildContract(source({ inputs })).operation.request.fields;
  assert.deepEqual([field?.source, field?.xmlName, field?.protoName], ["result", "result2", "result"]);
});

test("no type has the name of a class that generators put beside it", () => {
  const aliases = ["credit_decision_service", "CreditDecisionPortType", "evaluate_fault_message"];
  const inputs = normaliseInputInfo({
    arguments: aliases.map((alias) => ({ alias, type: "Struct[text: String]" })),
  });
  const { fields } = buildContract(source({ inputs })).operation.request;
  assert.deepEqual(
    fields.map(({ type }) => type.kind === "struct" && type.message.name),
    ["CreditDecisionService2", "CreditDecisionPortType2", "EvaluateFaultMessage2"],
  );
});

test("no proto package is a word that Java and Python keep for themselves", () => {
  assert.equal(buildContract(source({ alias: "class" })).protoPackage, "class_service.v1");
  assert.equal(buildContract(source({ alias: "classes" })).protoPackage, "classes.v1");
});

test("a default makes a parameter optional", () => {
  const parameters = buildContract(source()).operation.request.fields[2];
  assert.equal(parameters?.type.kind, "struct");
  assert.equal(parameters.type.message.fields[0]?.required, false);
  assert.equal(parameters.type.message.fields[0].default, "standard");
});

test("an answer that nothing declares is dynamic; a list of records has rows", () => {
  const [dynamic] = buildContract(source({ output: undefined })).operation.response.fields;
  assert.equal(dynamic.type.kind, "dynamic");
  const spelled = "Array[Struct[score: Numerical]]";
  const [rows] = buildContract(
    source({ output: { type: parseDataType(spelled), spelled, origin: "metadata" } }),
  ).operation.response.fields;
  assert.equal(rows.type.kind, "array");
  assert.equal(rows.type.itemName, "row");
});

test("the same artifact gives the same contract", () => {
  assert.deepEqual(buildContract(source()), buildContract(source()));
});
