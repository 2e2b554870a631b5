/** grpcio, which knows nothing but what server reflection tells it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { samplesOf } from "../examples/sample-files.js";
import { repository } from "../support/served-example.js";
import { runForRecords } from "../support/run-command.js";
import { EXAMPLES, serveExamples, type ServedCommand } from "./serve-command.js";
import { readTools } from "./tools.js";

const { clientPython, modelPython } = readTools();
let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

function runPython(script: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const target = `localhost:${served.port}`;
  return runForRecords(clientPython, [repository(`test/interop/${script}`), target, ...args]);
}

for (const example of EXAMPLES) {
  test(`grpcio: every sample of ${example}`, async (context) => {
    const samples = samplesOf(example);
    const records = await runPython("grpc_samples.py", example, ...samples.map(({ file }) => file));
    assert.equal(records.length, samples.length);
    for (const [index, { name, expected }] of samples.entries()) {
      await context.test(name, () => {
        assert.equal(records[index]?.["sample"], name);
        assert.equal(records[index]["answer"], expected);
      });
    }
  });
}

test("grpcio: every type keeps its values, to the last digit", async () => {
  const [record] = await runPython(
    "grpc_samples.py",
    "exact_echo",
    repository("test/interop/fixtures/exact.json"),
  );
  assert.equal(
    record?.["answer"],
    readFileSync(repository("test/interop/fixtures/exact.expected.json"), "utf8"),
  );
});

test("grpcio: health of the whole, of each service and of a service that is not there", async () => {
  const names = [
    "",
    "credit_decision.v1.CreditDecisionService",
    "default_risk.v1.DefaultRiskService",
    "card_assistant.v1.CardAssistantService",
  ];
  const records = await runPython("health_check.py", ...names, "nobody.v1.NobodyService");
  assert.deepEqual(records, [
    ...names.map((name) => ({ name, status: "SERVING" })),
    { name: "nobody.v1.NobodyService", status: "NOT_FOUND" },
  ]);
});

test("grpcio: the details of every error", async (context) => {
  const sample = repository("examples/credit_decision/samples/approve.json");
  const records = await runPython("grpc_errors.py", sample);
  const invalid = (field: string): object => ({ code: "INVALID_ARGUMENT", reason: "INVALID_INPUT", field });
  const expected = {
    missing_required: invalid("application[0].product_code"),
    wrong_value: invalid("application[0].requested_amount"),
    wrong_type: invalid("application[0].applicant_name"),
    artifact_error: { code: "INTERNAL", reason: "ARTIFACT_ERROR", field: undefined },
  };
  const seen = new Map(records.map((record) => [record["case"], record as unknown as SeenError]));
  assert.deepEqual([...seen.keys()], Object.keys(expected));
  for (const [name, wanted] of Object.entries(expected)) {
    await context.test(name, () => {
      const error = seen.get(name);
      assert.ok(error !== undefined);
      const { ErrorInfo, BadRequest } = error.details;
      const violations = BadRequest?.fieldViolations ?? [];
      assert.ok(violations.length <= 1);
      assert.deepEqual({ code: error.code, reason: ErrorInfo.reason, field: violations[0]?.field }, wanted);
      assert.equal(ErrorInfo.domain, "artifact-gateway");
      assert.equal(ErrorInfo.metadata.service, "credit_decision.v1.CreditDecisionService");
      assert.equal(ErrorInfo.metadata.started, String(name === "artifact_error"));
      assert.match(ErrorInfo.metadata.request_id, /^[0-9a-f-]{36}$/);
      assert.equal(error.trailers["x-request-id"], ErrorInfo.metadata.request_id);
      assert.doesNotMatch(JSON.stringify(error), /five thousand|reckless|Traceback|ValueError/);
    });
  }
});

interface SeenError {
  readonly code: string;
  readonly message: string;
  readonly details: {
    readonly ErrorInfo: {
      readonly reason: string;
      readonly domain: string;
      readonly metadata: { readonly service: string; readonly request_id: string; readonly started: string };
    };
    readonly BadRequest?: {
      readonly fieldViolations: readonly { readonly field: string; readonly description: string }[];
    };
  };
  readonly trailers: Readonly<Record<string, string>>;
}
