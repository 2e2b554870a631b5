/** What `diff` says of requests over gRPC and JSON, held against requests of the contract before and our own readers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkInputs } from "../../src/call/check-inputs.js";
import type { Service } from "../../src/contract/model.js";
import type { Change, Protocol } from "../../src/diff/change.js";
import { diffContracts } from "../../src/diff/diff-contracts.js";
import { GatewayError, type Violation } from "../../src/errors.js";
import { compileDecode } from "../../src/grpc/decode.js";
import { structFromJson } from "../../src/json/decode.js";
import { parseStrictJson } from "../../src/strict-json.js";
import { isStruct, type Struct, type Value } from "../../src/values.js";
import { contractPair } from "./corpus.js";
import { rollFrom } from "./roll.js";
import { asJson, asRequestBytes, sampleInputs } from "./sample-inputs.js";

const PAIRS = 600;
const REQUESTS = 6;

type Reader = (service: Service, before: Service, inputs: Struct) => Struct;

const readJson: Reader = ({ operation }, _, inputs) => {
  const violations: Violation[] = [];
  const struct = structFromJson(operation.request, parseStrictJson(asJson(inputs), "sample"), "", violations);
  const [first] = violations;
  if (first !== undefined) throw new GatewayError("invalid_input", `${first.path}: ${first.message}`);
  return struct;
};

const readGrpc: Reader = (service, before, inputs) => compileDecode(service)(asRequestBytes(before, inputs));

const READERS = { grpc: readGrpc, json: readJson } as const satisfies Partial<Record<Protocol, Reader>>;

function isBroken(changes: readonly Change[], protocol: Protocol): boolean {
  return changes.some(
    ({ direction, effects }) => direction !== "output" && effects[protocol].verdict === "breaking",
  );
}

/** How many scalars there are in a value. */
function leavesOf(value: Value | undefined): number {
  if (value === undefined) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + leavesOf(item), 0);
  if (value instanceof Map)
    return [...value.values()].reduce<number>((sum, item) => sum + 1 + leavesOf(item), 0);
  if (!isStruct(value)) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + leavesOf(item), 0);
}

for (const [protocol, read] of Object.entries(READERS)) {
  const spoken: Protocol = protocol === "grpc" ? "grpc" : "json";
  test(`where no change breaks ${protocol}, requests of before are accepted, and everything in them arrives`, () => {
    let checked = 0;
    let refused = 0;
    for (let seed = 0; seed < PAIRS; seed += 1) {
      const { before, after, history } = contractPair(seed);
      if (before.major !== after.major) continue;
      const changes = diffContracts(before, after);
      const drops = changes.some(({ direction, kind }) => direction === "input" && kind === "field_removed");
      const roll = rollFrom(seed);
      for (let count = 0; count < REQUESTS; count += 1) {
        const inputs = sampleInputs(before.operation.request, roll);
        const what = `case_${seed}: ${history.join("; ")}: ${asJson(inputs).toString()}`;
        try {
          const arrived = read(after, before, inputs);
          checkInputs(after.operation.request, arrived, 10);
          if (isBroken(changes, spoken)) continue;
          checked += 1;
          if (!drops) assert.equal(leavesOf(arrived), leavesOf(inputs), what);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          assert.ok(isBroken(changes, spoken), `${what}: ${error.message}`);
          refused += 1;
        }
      }
    }
    assert.ok(checked > 500 && refused > 300, `${checked} accepted, ${refused} refused`);
  });
}
