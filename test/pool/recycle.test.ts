import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRecycler } from "../../src/pool/recycle.js";

test("it is off unless it is asked for", () => {
  const recycler = createRecycler({ afterCalls: 0, aboveMb: 0 });
  recycler.started(0);
  assert.equal(recycler.isDue(0, { calls: 1e9, residentMb: 1e9 }), false);
});

test("a process is due after its calls, between four fifths of the setting and all of it", () => {
  for (const [chance, due] of [
    [0, 800],
    [0.5, 900],
    [1, 1000],
  ] as const) {
    const recycler = createRecycler({ afterCalls: 1000, aboveMb: 0, random: () => chance });
    recycler.started(0);
    assert.equal(recycler.isDue(0, { calls: due - 1 }), false);
    assert.equal(recycler.isDue(0, { calls: due }), true);
  }
  const recycler = createRecycler({ afterCalls: 1, aboveMb: 0, random: () => 0 });
  recycler.started(0);
  assert.deepEqual([recycler.isDue(0, { calls: 0 }), recycler.isDue(0, { calls: 1 })], [false, true]);
});

test("a process is due above its memory, but not one that is so large from the start", () => {
  const recycler = createRecycler({ afterCalls: 0, aboveMb: 500, random: () => 1 });
  recycler.started(0);
  assert.equal(recycler.isDue(0, { calls: 99, residentMb: 600 }), false);
  assert.equal(recycler.isDue(0, { calls: 100, residentMb: 499 }), false);
  assert.equal(recycler.isDue(0, { calls: 100 }), false);
  assert.equal(recycler.isDue(0, { calls: 100, residentMb: 500 }), true);
});

test("never more than one is on its way out, and whoever is over its limit gets its turn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(5), { maxLength: 300 }), (workers, picks) => {
      const recycler = createRecycler({ afterCalls: 5, aboveMb: 0 });
      const calls = new Map<number, number>();
      const start = (worker: number): void => {
        recycler.started(worker);
        calls.set(worker, 0);
      };
      for (let worker = 0; worker < workers; worker += 1) start(worker);
      let leaving: number | undefined;
      for (const pick of picks) {
        const worker = pick % workers;
        const done = (calls.get(worker) ?? 0) + 1;
        if (worker === leaving) {
          start(worker);
          leaving = undefined;
          continue;
        }
        calls.set(worker, done);
        const due = recycler.isDue(worker, { calls: done });
        if (leaving !== undefined) assert.equal(due, false);
        else if (done >= 5) assert.equal(due, true);
        if (due) leaving = worker;
      }
    }),
    { seed: 7, numRuns: 200 },
  );
});
