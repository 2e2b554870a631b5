/** Values in both directions: every sample, every type, every operation. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { contractOfExample, samplesOf } from "../../examples/sample-files.js";
import { objectOf, withoutNulls, type Json } from "../../support/json-of-type.js";
import { EXAMPLES } from "../serve-command.js";
import { readTools } from "../tools.js";
import { inOrder } from "../xml-shape.js";
import { valueArtifacts } from "./served-soap.js";
import { describeClient, type SoapClient } from "./soap-suite.js";
import { seenBy, taggedAnswer, taggedRequest } from "./tagged-values.js";
import { SINGLE_CASES, UNDECLARED, VALUE_CASES } from "./value-cases.js";

/** Registers them for one client. */
export function testValues(client: SoapClient): void {
  const { view } = client;
  describeClient(
    "values",
    client,
    () => valueArtifacts(readTools().modelPython),
    (running) => {
      for (const example of EXAMPLES) {
        test(`every sample of ${example}`, async (context) => {
          const { operation } = await contractOfExample(example);
          const [result] = operation.response.fields;
          for (const sample of samplesOf(example)) {
            await context.test(sample.name, async () => {
              const inputs = JSON.parse(readFileSync(sample.file, "utf8")) as Json;
              const outcome = await running().call(
                example,
                "Evaluate",
                taggedRequest(operation.request, inputs),
              );
              const wanted = taggedAnswer(result.type, withoutNulls(JSON.parse(sample.expected) as Json));
              assert.deepEqual(inOrder(outcome.result), seenBy(view, wanted), JSON.stringify(outcome));
            });
          }
        });
      }

      test("every value arrives in Python as it was sent, and comes back", async (context) => {
        for (const { name, row, seen, answer = row } of VALUE_CASES) {
          await context.test(name, async () => {
            const outcome = await running().call("every_value", "Evaluate", { rows: { row: [row] } });
            const own = client.own.get(name);
            if (own?.sees === "refused") {
              assert.equal(outcome.fault?.detail?.["code"], "invalid_input", own.reason);
              return;
            }
            const wanted = { row: [{ ...(own?.sees ?? answer), seen }] };
            assert.deepEqual(outcome, { result: seenBy(view, wanted) });
          });
        }
      });

      test("rows in their order: none, one and a thousand", async () => {
        for (const count of [0, 1, 1000]) {
          const rows = Array.from({ length: count }, (_, index) => ({ textField: `row ${index}` }));
          const request = { rows: count === 0 ? {} : { row: rows } };
          const { result } = await running().call("every_value", "Evaluate", request);
          const wanted = rows.map((row) => ({ ...row, seen: `text='${row.textField}'` }));
          assert.deepEqual(result, seenBy(view, count === 0 ? {} : { row: wanted }) ?? null);
        }
      });

      test("EvaluateOne gives one row for one row, and Evaluate the same in a list", async () => {
        for (const { row, seen, answer = row } of SINGLE_CASES) {
          const wanted = objectOf(seenBy(view, { ...answer, seen }) ?? {});
          assert.deepEqual(await running().call("single_row", "EvaluateOne", { rows: row }), {
            result: wanted,
          });
          const many = await running().call("single_row", "Evaluate", { rows: { row: [row, row] } });
          assert.deepEqual(many, { result: { row: [wanted, wanted] } });
        }
      });

      test("an answer that nothing declares is JSON text", async () => {
        for (const [python, json] of UNDECLARED) {
          assert.deepEqual(await running().call("anything", "Evaluate", { python }), { result: json });
        }
      });
    },
  );
}
