/** zeep, which knows nothing but the WSDL that is served. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { samplesOf } from "../examples/sample-files.js";
import { repository } from "../support/served-example.js";
import { runForRecords } from "../support/run-command.js";
import { wsdlsOfCorpus } from "./corpus.js";
import { EXAMPLES, serveExamples, wsdlUrl, type ServedCommand } from "./serve-command.js";
import { readTools } from "./tools.js";

const { clientPython, modelPython } = readTools();
let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

for (const example of EXAMPLES) {
  test(`zeep: every sample of ${example}`, async (context) => {
    const samples = samplesOf(example);
    const script = repository("test/interop/zeep_samples.py");
    const files = samples.map(({ file }) => file);
    const records = await runForRecords(clientPython, [script, wsdlUrl(served, example), ...files]);
    assert.equal(records.length, samples.length);
    for (const [index, { name, expected }] of samples.entries()) {
      await context.test(name, () => {
        assert.equal(records[index]?.["sample"], name);
        assert.equal(records[index]["answer"], expected);
      });
    }
  });
}

test("zeep: every type keeps its values, to the last digit", async () => {
  const script = repository("test/interop/zeep_samples.py");
  const file = repository("test/interop/fixtures/exact.json");
  const [record] = await runForRecords(clientPython, [script, wsdlUrl(served, "exact_echo"), file]);
  assert.equal(
    record?.["answer"],
    readFileSync(repository("test/interop/fixtures/exact.expected.json"), "utf8"),
  );
});

test("zeep: loads every WSDL without a warning", async () => {
  const wsdls = wsdlsOfCorpus();
  const records = await runForRecords(clientPython, [repository("test/interop/zeep_load.py"), ...wsdls]);
  assert.equal(records.length, wsdls.length);
  for (const { signature, types, logged } of records) {
    assert.equal(typeof signature, "string");
    assert.deepEqual(logged, []);
    assert.ok(Number(types) > 0);
  }
});

test("zeep: the typed detail of every fault", async (context) => {
  const script = repository("test/interop/zeep_faults.py");
  const sample = repository("examples/credit_decision/samples/approve.json");
  const records = await runForRecords(clientPython, [script, wsdlUrl(served, "credit_decision"), sample]);
  const seen = new Map(records.map((record) => [record["case"], record]));
  const expected = {
    missing_required: {
      faultcode: "soapenv:Client",
      code: "invalid_input",
      path: "application[0].product_code",
      row: 0,
    },
    wrong_type: {
      faultcode: "soapenv:Client",
      code: "invalid_input",
      path: "application[0].requested_amount",
      row: 0,
    },
    unknown_column: { faultcode: "soapenv:Client", code: "invalid_input", path: "trade_lines[0]", row: 0 },
    artifact_error: { faultcode: "soapenv:Server", code: "artifact_error", path: null, row: null },
  };
  assert.deepEqual([...seen.keys()], Object.keys(expected));
  for (const [name, wanted] of Object.entries(expected)) {
    await context.test(name, () => {
      const { faultstring, message, requestId, ...rest } = seen.get(name) ?? {};
      assert.deepEqual(rest, { case: name, ...wanted });
      assert.match(String(requestId), /^[0-9a-f-]{36}$/);
      assert.equal(faultstring, message);
      // Neither what the caller sent nor what the artifact said about it.
      assert.doesNotMatch(String(message), /five thousand|43|reckless|Traceback|ValueError/);
    });
  }
});
