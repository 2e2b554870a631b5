import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { indentElements, soapRequest } from "../../src/samples/soap-messages.js";
import { createRequestReader } from "../../src/soap/read-request.js";
import { newStruct } from "../../src/values.js";
import { sampleService } from "../support/sample-service.js";

test("the decoder reads what the request encoder writes, every blank of it", () => {
  const service = sampleService();
  const { operation } = service;
  // Fields that must be there are left out at random, which is not this test's concern.
  const fields = operation.request.fields.map((field) => ({ ...field, required: false }));
  const lenient = { ...service, operation: { ...operation, request: { ...operation.request, fields } } };
  const read = createRequestReader({
    service: lenient,
    limits: { ...DEFAULT_LIMITS, maxViolations: 1 },
    kinds: [],
  });
  const rows = fc.record({
    strategy: fc.string({
      unit: fc.constantFrom(" ", "\n", "\r", "\t", "a", "<", ">", "&", "]", '"', "é", "\u{1d11e}"),
    }),
    cut_off: fc.double(),
  });
  const property = fc.property(rows, ({ strategy, cut_off }) => {
    const parameters = newStruct();
    parameters["strategy"] = strategy;
    parameters["cut_off"] = cut_off;
    const inputs = newStruct();
    inputs["parameters"] = parameters;
    const body = Buffer.from(
      soapRequest({ service: lenient, operation: lenient.operation, version: "1.1" }, inputs),
    );
    assert.deepEqual(read(body, { contentType: "text/xml", action: "" }).inputs, inputs);
  });
  fc.assert(property, { seed: 9, numRuns: 500 });
});

test("a sample is indented by its elements, and its text left alone", () => {
  assert.equal(
    indentElements("<a><b> x\n</b><c/><d><e>&gt;</e></d></a>"),
    "<a>\n  <b> x\n</b>\n  <c/>\n  <d>\n    <e>&gt;</e>\n  </d>\n</a>\n",
  );
});
