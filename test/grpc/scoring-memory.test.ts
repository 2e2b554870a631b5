/** What a stream keeps of its requests stays whole when one of them is handed over to a thread. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { createBodyBudget } from "../../src/body-budget.js";
import { GatewayError } from "../../src/errors.js";
import type { Evaluator } from "../../src/grpc/evaluate.js";
import { NOBODY } from "../../src/caller-of.js";
import { startScoring } from "../../src/grpc/evaluate-stream.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { ownBytes } from "../../src/own-bytes.js";

/** Messages one behind the other in one piece of memory that holds nothing else. */
function neighbours(...requests: readonly string[]): Uint8Array[] {
  const messages = requests.map((text) =>
    new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(Buffer.from(text)).finish(),
  );
  const memory = new Uint8Array(messages.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  return messages.map((message) => {
    memory.set(message, at);
    at += message.length;
    return memory.subarray(at - message.length, at);
  });
}

test("a request that was handed over and came back is evaluated again as it was, and so is its neighbour", async () => {
  const seen: string[] = [];
  const evaluator: Evaluator = {
    evaluate({ message }) {
      seen.push(Buffer.from(message).toString());
      // As the threads for large messages take it, and a queue that gives way afterwards.
      const body = ownBytes(message);
      structuredClone(body, { transfer: [body.buffer] });
      if (seen.length > 2) return Promise.resolve(new Uint8Array());
      return Promise.reject(new GatewayError("overloaded", "Busy.", { retryAfterMs: 1 }));
    },
    statusOf: (thrown) => assert.fail(String(thrown)),
  };
  await new Promise<void>((resolve) => {
    const road = {
      requestId: "r",
      signal: new AbortController().signal,
      caller: NOBODY,
      priority: undefined,
      remainingMs: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      write: () => Promise.resolve(),
      end: () => resolve(),
    };
    const scoring = startScoring(road, {
      evaluator,
      limits: DEFAULT_LIMITS,
      bodies: createBodyBudget(1000),
      slots: () => 4,
    });
    for (const message of neighbours("first", "second")) scoring.onMessage(message);
    scoring.stop();
  });
  assert.deepEqual(seen.sort(), ["first", "first", "second", "second"]);
});
