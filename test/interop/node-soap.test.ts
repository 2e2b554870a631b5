/** The client side of the `soap` package, which knows nothing but the WSDL that is served. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { createClientAsync } from "soap";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";
import { withoutNulls, type Json } from "../support/json-of-type.js";
import { soapResult } from "../support/soap-client.js";
import { EXAMPLES, serveExamples, wsdlUrl, type ServedCommand } from "./serve-command.js";
import { readTools } from "./tools.js";
import { toXmlShape } from "./xml-shape.js";

const { modelPython } = readTools();
let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

/** What the generated method of a client gives: the parsed answer, and the envelope that it was parsed from. */
type Method = (request: Json) => Promise<[{ readonly result: unknown }, string]>;

async function evaluateOf(example: string): Promise<Method> {
  const client = await createClientAsync(wsdlUrl(served, example));
  const method: unknown = client["EvaluateAsync"];
  assert.ok(typeof method === "function");
  return (request) => Reflect.apply(method, client, [request]) as ReturnType<Method>;
}

for (const example of EXAMPLES) {
  test(`node-soap: every sample of ${example}`, async (context) => {
    const service = await contractOfExample(example);
    const evaluate = await evaluateOf(example);
    for (const { name, file, expected } of samplesOf(example)) {
      await context.test(name, async () => {
        const sample = JSON.parse(readFileSync(file, "utf8")) as Json;
        // The envelope, because its own parser turns decimals into doubles and dates into moments.
        const [, envelope] = await evaluate(toXmlShape(service.operation.request, sample));
        assert.deepEqual(soapResult(service, envelope), withoutNulls(JSON.parse(expected) as Json));
      });
    }
  });
}

test("node-soap: reads an answer by the types of the WSDL", async () => {
  const evaluate = await evaluateOf("default_risk");
  const [{ result }] = await evaluate({ accounts: { row: [{ accountId: "ACC-200002" }] } });
  assert.deepEqual(structuredClone(result), {
    row: [{ accountId: "ACC-200002", defaultProbability: 0.081059, band: "B" }],
  });
});

test("node-soap: reads the typed detail of a fault", async () => {
  const evaluate = await evaluateOf("default_risk");
  const refused = evaluate({ accounts: { row: [{ accountId: "A", bureauScore: "high" }] } });
  await assert.rejects(refused, (error: { root?: { Envelope: { Body: { Fault: Fault } } } }) => {
    const { faultcode, detail } = error.root?.Envelope.Body.Fault ?? {};
    assert.equal(faultcode, "soapenv:Client");
    assert.equal(detail?.EvaluateFault.code, "invalid_input");
    assert.equal(detail.EvaluateFault.path, "accounts[0].bureau_score");
    return true;
  });
});

interface Fault {
  readonly faultcode: string;
  readonly detail: { readonly EvaluateFault: { readonly code: string; readonly path: string } };
}
