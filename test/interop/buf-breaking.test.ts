/** As in `test/diff`, with ten times the contracts. */
import { test } from "node:test";
import { assertAgreement } from "../diff/buf-agreement.js";
import { contractPair } from "../diff/corpus.js";

/** Buf takes longer for each file the more there are in a run. */
const BATCH = 250;
const BATCHES = 12;

for (let batch = 0; batch < BATCHES; batch += 1) {
  const first = 1000 + batch * BATCH;
  test(`buf breaking agrees on the contracts ${first} to ${first + BATCH - 1}`, () => {
    assertAgreement(Array.from({ length: BATCH }, (_, index) => contractPair(first + index)));
  });
}
