/** Every kind of change, by itself: found as what it is, and judged as the tables say; for SOAP, messages bear it out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELD_KINDS, PROTOCOLS } from "../../src/diff/change.js";
import { diffContracts } from "../../src/diff/diff-contracts.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { createSchemaOracle } from "../soap/schema-oracle.js";
import { FIELD_CASES, plainContract, unchanged, withRecords } from "./field-cases.js";
import { rollFrom } from "./roll.js";
import { replyEnvelope, requestEnvelope } from "./sample-messages.js";

const MESSAGES = 60;
const PLACES = { input: "application[]", output: "result" };

for (const kind of FIELD_KINDS) {
  const { before: past = unchanged, after: future, without = [], ...letters } = FIELD_CASES[kind];
  const before = withRecords(past);
  const after = withRecords(future);
  const changes = diffContracts(before, after);
  const old = createSchemaOracle(generateWsdl(before, "http://localhost/"));
  const now = createSchemaOracle(generateWsdl(after, "http://localhost/"));
  for (const direction of ["input", "output"] as const) {
    test(`${kind} in the ${direction}`, () => {
      const [change, ...more] = changes.filter((found) => found.direction === direction);
      assert.ok(change !== undefined);
      assert.deepEqual(
        more.map((other) => other.kind),
        kind === "default_added" ? [kind] : [],
      );
      assert.ok(change.path.startsWith(PLACES[direction]), change.path);
      const found = more.at(-1) ?? change;
      assert.equal(found.kind, kind);
      assert.equal(
        PROTOCOLS.map((protocol) => found.effects[protocol].verdict.charAt(0)).join(""),
        letters[direction],
      );
      const roll = rollFrom(1);
      const fitting = Array.from({ length: MESSAGES }, () =>
        direction === "input"
          ? now.isValid(requestEnvelope(before, roll))
          : old.isValid(replyEnvelope(after, roll)),
      ).filter((isValid) => isValid).length;
      const breaks = [change, ...more].some(({ effects }) => effects.soap.verdict === "breaking");
      if (!breaks) assert.equal(fitting, MESSAGES, "it breaks nothing");
      else if (!without.includes(direction)) assert.ok(fitting < MESSAGES, "no message shows that it breaks");
    });
  }
}

test("equal contracts have no changes", () => {
  assert.deepEqual(diffContracts(plainContract(), plainContract()), []);
});
