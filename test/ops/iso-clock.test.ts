import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createIsoClock } from "../../src/ops/iso-clock.js";

test("the clock says what Date says, whichever way the time goes", () => {
  let moment = 0;
  const clock = createIsoClock(() => moment);
  const step = fc.oneof(fc.integer({ min: -1500, max: 1500 }), fc.integer({ min: -1e10, max: 1e10 }));
  fc.assert(
    fc.property(step, (difference) => {
      moment = Math.max(0, moment + difference);
      assert.equal(clock(), new Date(moment).toISOString());
    }),
    { seed: 61, numRuns: 5000 },
  );
});
