/** PHP's SoapClient (libxml2, in C), which knows nothing but the WSDL that is served. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";
import { objectOf, withoutNulls, type Json } from "../support/json-of-type.js";
import { repository } from "../support/served-example.js";
import { runForRecords } from "../support/run-command.js";
import { wsdlsOfCorpus } from "./corpus.js";
import { EXAMPLES, serveExamples, wsdlUrl, type ServedCommand } from "./serve-command.js";
import { commandOf, readTools, skipWithout } from "./tools.js";
import { inOrder, shapeOf, toXmlShape } from "./xml-shape.js";

const { modelPython, php } = readTools();
const skip = skipWithout(php);
let served: ServedCommand | undefined;
before(async () => {
  if (skip === false) served = await serveExamples(modelPython);
});
after(() => served?.stop());

function callAll(example: string, requests: readonly Json[]): Promise<Record<string, unknown>[]> {
  assert.ok(served !== undefined);
  const lines = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  const script = repository("test/interop/soap_client.php");
  return runForRecords(commandOf(php), [script, wsdlUrl(served, example)], lines);
}

for (const example of EXAMPLES) {
  test(`PHP: every sample of ${example}`, { skip }, async (context) => {
    const { operation } = await contractOfExample(example);
    const [result] = operation.response.fields;
    const samples = samplesOf(example);
    const requests = samples.map(({ file }) =>
      toXmlShape(operation.request, JSON.parse(readFileSync(file, "utf8")) as Json),
    );
    const answers = await callAll(example, requests);
    assert.equal(answers.length, samples.length);
    for (const [index, { name, expected }] of samples.entries()) {
      await context.test(name, () => {
        const wanted = shapeOf(result.type, withoutNulls(JSON.parse(expected) as Json));
        assert.deepEqual(inOrder(answers[index]), inOrder({ result: wanted }));
      });
    }
  });
}

test("PHP: loads every WSDL without a warning", { skip }, async () => {
  const wsdls = wsdlsOfCorpus();
  const records = await runForRecords(commandOf(php), [repository("test/interop/soap_load.php"), ...wsdls]);
  assert.equal(records.length, wsdls.length);
  for (const { functions } of records) {
    assert.ok(Array.isArray(functions));
    assert.ok(functions.includes("EvaluateResponse Evaluate(Evaluate $parameters)"), functions.join("\n"));
  }
});

test("PHP: a fault with its typed detail", { skip }, async () => {
  const { operation } = await contractOfExample("credit_decision");
  const [sample] = samplesOf("credit_decision");
  assert.ok(sample !== undefined);
  const inputs = JSON.parse(readFileSync(sample.file, "utf8")) as Json;
  const request = {
    ...objectOf(toXmlShape(operation.request, inputs)),
    parameters: { strategy: "reckless" },
  };
  const [answer] = await callAll("credit_decision", [request]);
  const { faultcode, faultstring, detail } = answer as unknown as Fault;
  assert.equal(faultcode, "soapenv:Server");
  const { code, message, requestId } = detail.EvaluateFault;
  assert.equal(code, "artifact_error");
  assert.equal(message, faultstring);
  assert.match(requestId, /^[0-9a-f-]{36}$/);
});

interface Fault {
  readonly faultcode: string;
  readonly faultstring: string;
  readonly detail: {
    readonly EvaluateFault: { readonly code: string; readonly message: string; readonly requestId: string };
  };
}
