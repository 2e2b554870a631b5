/** zeep takes every WSDL; `soap/zeep.test.ts` calls with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { repository } from "../support/served-example.js";
import { runForRecords } from "../support/run-command.js";
import { wsdlsOfCorpus } from "./corpus.js";
import { readTools } from "./tools.js";

const { clientPython } = readTools();

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
