/** PHP takes every WSDL; `soap/php.test.ts` calls with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { repository } from "../support/served-example.js";
import { runForRecords } from "../support/run-command.js";
import { wsdlsOfCorpus } from "./corpus.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { php } = readTools();
const skip = skipWithout(php);

test("PHP: loads every WSDL without a warning", { skip }, async () => {
  const wsdls = wsdlsOfCorpus();
  const records = await runForRecords(commandOf(php), [repository("test/interop/soap_load.php"), ...wsdls]);
  assert.equal(records.length, wsdls.length);
  for (const { functions } of records) {
    assert.ok(Array.isArray(functions));
    assert.ok(functions.includes("EvaluateResponse Evaluate(Evaluate $parameters)"), functions.join("\n"));
  }
});
