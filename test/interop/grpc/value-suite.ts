/** Values in both directions, by generated stubs: every type, every kind of method. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { textOf, type Json, type JsonObject } from "../../support/json-of-type.js";
import type { ServedCommand } from "../serve-command.js";
import { SINGLE_CASES } from "../soap/value-cases.js";
import type { Running } from "./grpc-client.js";
import { clearText, methodOf, serveFixtures } from "./served-grpc.js";
import { PROTO_CASES, protoRow, UNDECLARED } from "./value-cases.js";

/** Items of one stream. */
const ITEMS = 2000;

/** Registers them for one client. */
export function testValues(running: () => Running): void {
  describe("values", () => {
    let served: ServedCommand;
    before(async () => {
      served = await serveFixtures(["anything", "every_value", "single_row"], running().folder);
    });
    after(() => served.stop());

    const evaluate = async (method: string, request: Json): Promise<Json> => {
      const channel = clearText(served);
      const { answers, status } = await running().call({ channel, method, requests: [request] });
      assert.deepEqual(status, {});
      assert.equal(answers.length, 1);
      return canonical(answers[0] ?? null);
    };

    test("every value arrives in Python as it was sent, and comes back", async (context) => {
      for (const { name, row, seen } of PROTO_CASES) {
        await context.test(name, async () => {
          const answer = await evaluate(methodOf("every_value"), { rows: [row] });
          assert.deepEqual(answer, { result: [canonical({ ...row, seen })] });
        });
      }
    });

    test("all of them as rows of one request, in their order", async () => {
      const rows = PROTO_CASES.map(({ row }) => row);
      const wanted = PROTO_CASES.map(({ row, seen }) => canonical({ ...row, seen }));
      assert.deepEqual(await evaluate(methodOf("every_value"), { rows }), { result: wanted });
    });

    test("all of them as items of one stream, in their order", async () => {
      const requests = Array.from({ length: ITEMS }, (_, index) => {
        const { row, seen } = PROTO_CASES[index % PROTO_CASES.length] ?? assert.fail();
        return { id: String(index), row, seen };
      });
      const { answers, status } = await running().call({
        channel: clearText(served),
        method: methodOf("every_value", "EvaluateStream"),
        requests: requests.map(({ id, row }) => ({ id, request: { rows: [row] } })),
      });
      assert.deepEqual(status, {});
      assert.deepEqual(
        answers.map(canonical),
        requests.map(({ id, row, seen }) => ({
          id,
          response: { result: [canonical({ ...row, seen })] },
        })),
      );
    });

    test("no rows are no rows", async () => {
      assert.deepEqual(await evaluate(methodOf("every_value"), {}), {});
    });

    test("values within the bounds of a lock", async () => {
      for (const { row, seen, answer = row } of SINGLE_CASES) {
        const sent = protoRow(answer);
        const wanted = canonical({ ...sent, seen });
        const many = await evaluate(methodOf("single_row"), { rows: [sent, sent] });
        assert.deepEqual(many, { result: [wanted, wanted] });
      }
    });

    test("an answer that nothing declares is a google.protobuf.Value", async () => {
      for (const [python, value] of UNDECLARED) {
        const wanted = value === undefined ? {} : { result: value };
        assert.deepEqual(await evaluate(methodOf("anything"), { python }), wanted);
      }
    });
  });
}

/**
 * A message as every client reports it. Lists and maps that are empty are not there, the entries of a map have no order,
 * and libraries differ in how many zeros they print at the end of a moment.
 */
function canonical(json: Json): Json {
  if (Array.isArray(json)) return json.map(canonical);
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]): [string, Json][] => {
      if (name === "$dateTime") return [[name, withoutZeros(textOf(value))]];
      if (name === "seen") return [[name, withMapInOrder(textOf(value))]];
      if (Array.isArray(value) && value.length === 0) return [];
      if (name === "counts" && Object.keys(value as JsonObject).length === 0) return [];
      return [[name, canonical(value)]];
    }),
  );
}

function withoutZeros(moment: string): string {
  return moment.replace(/(\.\d*?)0*Z$/, (_, fraction: string) => `${fraction === "." ? "" : fraction}Z`);
}

/** For rows with nothing but a map. */
function withMapInOrder(seen: string): string {
  return seen.replace(
    /^counts=\{(.*)\}$/,
    (_, entries: string) => `counts={${entries.split(", ").sort().join(", ")}}`,
  );
}
