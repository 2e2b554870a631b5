/** Messages come out as they went in, whatever pieces they arrive in, and what is held is counted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBodyBudget } from "../../src/body-budget.js";
import { MessageReader } from "../../src/grpc/message-reader.js";
import { frame } from "./raw-calls.js";

const SEED = 20_260_611;
const MAX_BYTES = 5000;

/** Reads everything that lies there; a copy, because the memory is the reader's. */
function readAll(reader: MessageReader): Buffer[] {
  const messages: Buffer[] = [];
  for (let next = reader.next(); next !== undefined; next = reader.next()) {
    assert.ok("message" in next);
    messages.push(Buffer.from(next.message));
  }
  return messages;
}

const messages = fc.array(
  fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 1000, maxLength: MAX_BYTES })),
  { maxLength: 12 },
);

test("any messages in any pieces, read at once or later, are the same messages", () => {
  fc.assert(
    fc.property(
      messages,
      fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.boolean()), { minLength: 1, maxLength: 40 }),
      (sent, pieces) => {
        const budget = createBodyBudget(Number.MAX_SAFE_INTEGER);
        const reader = new MessageReader(MAX_BYTES, budget);
        const bytes = Buffer.concat(sent.map((message) => frame(message)));
        const received: Buffer[] = [];
        let at = 0;
        for (let turn = 0; at < bytes.length; turn += 1) {
          const [size, isWanted] = pieces[turn % pieces.length] ?? [1, true];
          // Memory of its own that is overwritten afterwards: what is kept has to be a copy.
          const chunk = Buffer.from(bytes.subarray(at, at + size));
          at += chunk.length;
          assert.ok(reader.push(chunk));
          if (isWanted) received.push(...readAll(reader));
          assert.ok(reader.keep());
          chunk.fill(0xee);
          // All that is held is counted, and not more than twice as much as has come and was not read, or the least.
          const unread = at - received.reduce((sum, { length }) => sum + 5 + length, 0);
          assert.ok(budget.held() >= unread && (unread > 0 || budget.held() === 0));
        }
        received.push(...readAll(reader));
        assert.deepEqual(
          received,
          sent.map((message) => Buffer.from(message)),
        );
        reader.close();
        assert.equal(budget.held(), 0);
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
});

test("a large message is held in memory of its own length, however small its pieces", () => {
  const budget = createBodyBudget(Number.MAX_SAFE_INTEGER);
  const reader = new MessageReader(MAX_BYTES, budget);
  const bytes = frame(new Uint8Array(MAX_BYTES));
  let most = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    assert.ok(reader.push(bytes.subarray(at, at + 1)) && reader.keep());
    most = Math.max(most, budget.held());
    assert.ok(budget.held() <= Math.max(512, 2 * (at + 1)), `${budget.held()} bytes for ${at + 1}`);
  }
  assert.equal(most, bytes.length);
  assert.equal(readAll(reader)[0]?.length, MAX_BYTES);
});

test("what the budget does not allow is not held, and gives back what was", () => {
  const budget = createBodyBudget(2000);
  const reader = new MessageReader(MAX_BYTES, budget);
  const bytes = frame(new Uint8Array(MAX_BYTES));
  assert.ok(reader.push(bytes.subarray(0, 900)) && reader.keep());
  assert.equal(budget.held(), 1800);
  assert.equal(reader.push(bytes.subarray(900, 3000)), false);
  assert.equal(budget.held(), 0);
  assert.ok(reader.isEmpty);
  assert.ok(reader.push(bytes.subarray(0, 3000)));
  assert.equal(reader.keep(), false);
  assert.equal(budget.held(), 0);
});

test("a message that is too large, or compressed, is known from its prefix", () => {
  const faultOf = (prefix: Buffer): string | undefined => {
    const reader = new MessageReader(MAX_BYTES, createBodyBudget(1000));
    assert.ok(reader.push(prefix));
    return reader.fault()?.code;
  };
  const prefix = frame(new Uint8Array(MAX_BYTES + 1)).subarray(0, 5);
  assert.equal(faultOf(prefix.subarray(0, 4)), undefined);
  assert.equal(faultOf(prefix), "too_large");
  assert.equal(faultOf(frame(new Uint8Array(), 1)), "internal");
  assert.equal(faultOf(frame(new Uint8Array(MAX_BYTES)).subarray(0, 5)), undefined);
});
