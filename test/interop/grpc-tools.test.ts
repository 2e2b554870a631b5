/** grpcurl (grpc-go) and buf curl (connect-go): strict readers of server reflection, and callers through it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fromProtoJson, toProtoJson } from "../examples/proto-json.js";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";
import { withoutNulls, type Json } from "../support/json-of-type.js";
import { repository } from "../support/served-example.js";
import { runCommand } from "../support/run-command.js";
import { EXAMPLES, serveExamples, type ServedCommand } from "./serve-command.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { modelPython, grpcurl } = readTools();
const BUF = repository("node_modules/.bin/buf");
const NO_GRPCURL = skipWithout(grpcurl);

let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

type Call = (method: string, request: string) => Promise<string>;

const callByGrpcurl: Call = (method, request) => {
  const target = `localhost:${served.port}`;
  return runCommand(commandOf(grpcurl), ["-plaintext", "-d", "@", target, method], request);
};

const callByBuf: Call = (method, request) => {
  const url = `http://localhost:${served.port}/${method}`;
  return runCommand(BUF, ["curl", "--protocol", "grpc", "--data", "@-", url], request);
};

function testEverySample(tool: string, call: Call, skip: string | false): void {
  for (const example of EXAMPLES) {
    test(`${tool}: every sample of ${example}`, { skip }, async (context) => {
      const { protoPackage, name: serviceName, operation } = await contractOfExample(example);
      const [result] = operation.response.fields;
      for (const { name, file, expected } of samplesOf(example)) {
        await context.test(name, async () => {
          const sample = JSON.parse(readFileSync(file, "utf8")) as Json;
          const request = JSON.stringify(toProtoJson(operation.request, sample));
          const answer = await call(`${protoPackage}.${serviceName}/${operation.name}`, request);
          const { result: message } = JSON.parse(answer) as { result?: Json };
          assert.deepEqual(fromProtoJson(result.type, message), withoutNulls(JSON.parse(expected) as Json));
        });
      }
    });
  }
}

testEverySample("grpcurl", callByGrpcurl, NO_GRPCURL);
testEverySample("buf curl", callByBuf, false);

const SERVICES = [
  "card_assistant.v1.CardAssistantService",
  "credit_decision.v1.CreditDecisionService",
  "default_risk.v1.DefaultRiskService",
];

test("grpcurl: lists every service and describes one with its comments", { skip: NO_GRPCURL }, async () => {
  const ask = (...words: string[]): Promise<string> =>
    runCommand(commandOf(grpcurl), ["-plaintext", `localhost:${served.port}`, ...words]);
  const listed = (await ask("list")).trim().split("\n");
  assert.deepEqual(
    SERVICES.filter((name) => !listed.includes(name)),
    [],
  );
  const described = await ask("describe", "credit_decision.v1.ApplicationRow");
  assert.match(described, /\.google\.type\.Decimal requested_amount = 4;/);
  assert.match(described, /optional int64 dependants = 7;/);
  assert.match(described, /Rent or mortgage payment per month\./);
  assert.match(
    await ask("describe", "credit_decision.v1.EvaluateResult"),
    /map<string, double> features = 7;/,
  );
});

test("buf curl: lists every service and method", async () => {
  const ask = (what: string): Promise<string> =>
    runCommand(BUF, ["curl", "--protocol", "grpc", what, `http://localhost:${served.port}`]);
  const services = (await ask("--list-services")).trim().split("\n");
  const methods = (await ask("--list-methods")).trim().split("\n");
  assert.deepEqual(
    SERVICES.filter((name) => !services.includes(name) || !methods.includes(`${name}/Evaluate`)),
    [],
  );
});

test("buf curl: prints the violations of a refused request", async () => {
  const request = JSON.stringify({ accounts: [{ bureau_score: 700 }] });
  await assert.rejects(callByBuf("default_risk.v1.DefaultRiskService/Evaluate", request), (error: Error) => {
    assert.match(error.message, /"code": "invalid_argument"/);
    assert.match(error.message, /google\.rpc\.BadRequest/);
    assert.match(error.message, /accounts\[0\]\.account_id/);
    return true;
  });
});

test("grpcurl: describes the stream and the metadata with their comments", { skip: NO_GRPCURL }, async () => {
  const service = "credit_decision.v1.CreditDecisionService";
  const ask = ["-plaintext", `localhost:${served.port}`, "describe", service];
  const described = await runCommand(commandOf(grpcurl), ask);
  assert.match(described, /The answers come in the order of the requests;/);
  assert.match(described, /rpc EvaluateStream \( stream [^)]+ \) returns \( stream [^)]+ \);/);
  assert.match(described, /Says which artifact answers, and how much can be asked of it\./);
});

for (const [tool, call, skip] of [
  ["grpcurl", callByGrpcurl, NO_GRPCURL],
  ["buf curl", callByBuf, false],
] as const) {
  test(`${tool}: a stream whose second request fails, and the metadata`, { skip }, async () => {
    const service = "credit_decision.v1.CreditDecisionService";
    const file = repository("examples/credit_decision/samples/approve.grpc.json");
    const request = JSON.parse(readFileSync(file, "utf8")) as Json;
    const items = [
      { id: "a", request },
      { id: "b", request: {} },
      { id: "c", request },
    ];
    const sent = items.map((item) => JSON.stringify(item)).join("\n");
    const answers = await call(`${service}/EvaluateStream`, sent);
    assert.deepEqual(
      [...answers.matchAll(/"id":\s*"(\w)"/g)].map(([, id]) => id),
      ["a", "b", "c"],
    );
    assert.equal(answers.match(/"decision":\s*"APPROVE"/g)?.length, 2);
    const metadata = JSON.parse(await call(`${service}/GetMetadata`, "{}")) as Record<string, unknown>;
    assert.match(String(metadata["artifactDigest"]), /^sha256:/);
  });
}
