/** Whom the next call goes to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseWorker, type Candidate, type Choice } from "../../src/pool/choose-worker.js";

type Load = NonNullable<Candidate["process"]>;

/** The index of the chosen one of these, `undefined` when none is. */
function chosen(loads: readonly (Load | undefined)[], choice: Choice): number | undefined {
  const workers = loads.map((process) => ({ process }));
  const worker = chooseWorker(workers, choice);
  return worker === undefined ? undefined : workers.indexOf(worker);
}

const atWork = (running: number): Load => ({ running, freeSlots: 32 - running });
const idle = atWork(0);
const two = { processes: 2, meanMs: 1 };

test("the one with the most free slots gets the next call", () => {
  assert.equal(chosen([{ running: 2, freeSlots: 2 }, idle], two), 1);
  assert.equal(
    chosen(
      [
        { running: 3, freeSlots: 1 },
        { running: 1, freeSlots: 3 },
      ],
      two,
    ),
    1,
  );
  assert.equal(chosen([undefined, { running: 4, freeSlots: 1 }], two), 1);
});

test("nobody gets it when nobody is free", () => {
  const full: Load = { running: 4, freeSlots: 0 };
  assert.equal(chosen([full, undefined], two), undefined);
  assert.equal(chosen([full, full], { processes: 2, meanMs: 0.01 }), undefined);
});

test("an idle one gets it only while fewer are at work than may be", () => {
  const busy: Load = { running: 1, freeSlots: 1 };
  assert.equal(chosen([busy, idle], { processes: 1, meanMs: 1 }), 0);
  assert.equal(chosen([{ running: 1, freeSlots: 0 }, idle], { processes: 1, meanMs: 1 }), undefined);
  assert.equal(chosen([busy, idle], two), 1);
});

test("nobody is woken for what one at work has done sooner", () => {
  assert.equal(chosen([idle, atWork(1)], { processes: 2, meanMs: 0.02 }), 1);
  assert.equal(chosen([idle, atWork(4)], { processes: 2, meanMs: 0.02 }), 1);
  assert.equal(chosen([idle, atWork(5)], { processes: 2, meanMs: 0.02 }), 0);
  assert.equal(chosen([atWork(1), atWork(3)], { processes: 2, meanMs: 0.02 }), 1);
  assert.equal(chosen([idle, { running: 1, freeSlots: 0 }], { processes: 2, meanMs: 0.02 }), 0);
});

test("as long as nothing is known of the artifact, its calls are spread", () => {
  assert.equal(chosen([idle, { running: 1, freeSlots: 3 }], { processes: 2, meanMs: 0 }), 0);
});
