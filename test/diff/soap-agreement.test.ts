/** What `diff` says of SOAP, held against messages and libxml2's reading of the two WSDLs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "../../src/contract/model.js";
import { type Change, type Verdict } from "../../src/diff/change.js";
import { diffContracts } from "../../src/diff/diff-contracts.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { createSchemaOracle, type SchemaOracle } from "../soap/schema-oracle.js";
import { contractPair } from "./corpus.js";
import { rollFrom } from "./roll.js";
import { replyEnvelope, requestEnvelope } from "./sample-messages.js";

const PAIRS = 400;
const MESSAGES = 8;

function oracleOf(service: Service): SchemaOracle {
  return createSchemaOracle(generateWsdl(service, "http://localhost/"));
}

function isBroken(changes: readonly Change[], direction: "input" | "output"): boolean {
  const breaking: Verdict = "breaking";
  return changes.some(
    (change) =>
      (change.direction === direction || change.direction === "interface") &&
      change.effects.soap.verdict === breaking,
  );
}

test("where no change breaks SOAP, what was valid before is valid now, and what comes now was valid before", () => {
  const checked = { requests: 0, replies: 0 };
  for (let seed = 0; seed < PAIRS; seed += 1) {
    const { before, after, history } = contractPair(seed);
    if (before.major !== after.major) continue;
    const changes = diffContracts(before, after);
    const old = oracleOf(before);
    const now = oracleOf(after);
    const roll = rollFrom(seed);
    for (let count = 0; count < MESSAGES; count += 1) {
      const request = requestEnvelope(before, roll);
      const reply = replyEnvelope(after, roll);
      assert.ok(old.isValid(request), `not a request of case_${seed}: ${request}`);
      assert.ok(now.isValid(reply), `not a reply of case_${seed}: ${reply}`);
      const what = `case_${seed}: ${history.join("; ")}`;
      if (!isBroken(changes, "input")) {
        checked.requests += 1;
        assert.ok(now.isValid(request), `${what}: refused now: ${request}`);
      }
      if (!isBroken(changes, "output")) {
        checked.replies += 1;
        assert.ok(old.isValid(reply), `${what}: not known before: ${reply}`);
      }
    }
  }
  assert.ok(checked.requests > 500 && checked.replies > 500, JSON.stringify(checked));
});
