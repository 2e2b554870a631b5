/** No bound on XML forbids a list that its contract allows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../../src/errors.js";
import { contractXmlLimits } from "../../src/soap/xml/contract-xml-limits.js";
import { createRequestReader } from "../../src/soap/read-request.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";
import { envelope, payload } from "./soap-harness.js";

const service = sampleService();
/** The rows of the first table that the sample service allows, and of its other one. */
const MOST_ROWS = 100;
const LONGEST = 200;
const limits = { ...DEFAULT_LIMITS, maxXmlChildren: 30 };
const read = createRequestReader({ service, limits, kinds: [] });

/** @param comment makes it a request for the complete reader */
function rows(count: number, comment: string): Buffer {
  const row = /<row>.*<\/row>/.exec(payload())?.[0] ?? "";
  return Buffer.from(envelope(payload().replace(row, comment + row.repeat(count))));
}

function readRows(count: number, comment: string): number | undefined {
  const { inputs } = read(rows(count, comment), { contentType: "text/xml", action: "" });
  const table = inputs["application"];
  return Array.isArray(table) ? table.length : undefined;
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof GatewayError ? thrown.code : String(thrown);
  }
  return "none";
}

test("as many rows as the contract allows are read by either reader, under a lower bound on children", () => {
  for (const comment of ["", "<!---->"]) {
    assert.equal(readRows(MOST_ROWS, comment), MOST_ROWS);
    // Beyond it the contract has the word, until there are more than any of its lists may have.
    assert.equal(
      refusal(() => readRows(MOST_ROWS + 1, comment)),
      "invalid_input",
    );
    assert.equal(
      refusal(() => readRows(LONGEST + 1, comment)),
      "too_large",
    );
  }
});

test("the longest list of any operation counts, and a bound that is higher stays", () => {
  assert.equal(contractXmlLimits(limits, service).maxXmlChildren, LONGEST);
  assert.equal(contractXmlLimits(DEFAULT_LIMITS, service).maxXmlChildren, DEFAULT_LIMITS.maxXmlChildren);
  const single = singleService(true);
  const [table] = single.operation.request.fields;
  assert.ok(table?.type.kind === "array");
  assert.equal(contractXmlLimits(limits, single).maxXmlChildren, table.type.maxItems);
});
