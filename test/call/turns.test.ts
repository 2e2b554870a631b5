import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createTurns, type Turns } from "../../src/call/turns.js";

const KB = 1024;

/** The order in which work begins, and in which turn of the event loop. */
function workOf(turns: Turns, sizes: readonly number[]): { readonly begun: string[]; nextTurn(): void } {
  const begun: string[] = [];
  let turn = 0;
  for (const [index, bytes] of sizes.entries()) {
    const begin = (): void => void begun.push(`${index} in ${turn}`);
    const wait = turns(bytes);
    if (wait === undefined) begin();
    else void wait.then(begin);
  }
  return { begun, nextTurn: () => void (turn += 1) };
}

test("messages that arrive at once take turns of the event loop, in their order", async () => {
  const work = workOf(createTurns(), [100 * KB, 100 * KB, 20 * KB, 100 * KB]);
  assert.deepEqual(work.begun, ["0 in 0"]);
  for (let turn = 0; turn < 3; turn += 1) {
    work.nextTurn();
    await nextTurn();
  }
  assert.deepEqual(work.begun, ["0 in 0", "1 in 1", "2 in 1", "3 in 2"]);
});

test("a message that is longer than a turn has one to itself", async () => {
  const work = workOf(createTurns(), [1000 * KB, 10 * KB, 1000 * KB]);
  for (let turn = 0; turn < 3; turn += 1) {
    work.nextTurn();
    await nextTurn();
  }
  assert.deepEqual(work.begun, ["0 in 0", "1 in 1", "2 in 2"]);
});

test("short messages never wait", () => {
  const work = workOf(createTurns(), [1000 * KB, ...Array.from({ length: 100 }, () => 2 * KB)]);
  assert.equal(work.begun.length, 101);
});

test("a turn that nothing was done in is as long as any other", async () => {
  const turns = createTurns();
  assert.equal(turns(100 * KB), undefined);
  await nextTurn();
  await nextTurn();
  assert.equal(turns(100 * KB), undefined);
  assert.ok(turns(100 * KB) instanceof Promise);
});
