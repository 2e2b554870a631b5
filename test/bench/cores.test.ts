import assert from "node:assert/strict";
import { test } from "node:test";
import { onCores, parseCoreList, splitCores } from "../../bench/cores.js";

test("a list of processors is read as the kernel writes it", () => {
  assert.deepEqual(parseCoreList("0-2,5"), [0, 1, 2, 5]);
  assert.deepEqual(parseCoreList("7"), [7]);
  assert.deepEqual(parseCoreList(""), []);
});

test("two of four processors are the servers', and fewer than four are shared", () => {
  assert.deepEqual(splitCores([0, 1, 2, 3], undefined), { servers: [0, 1], generator: [2, 3] });
  assert.equal(splitCores([0, 1], undefined), undefined);
  assert.equal(splitCores([0, 1, 2, 3], "all"), undefined);
  assert.deepEqual(splitCores([4, 6], 1), { servers: [4], generator: [6] });
  assert.throws(() => splitCores([0, 1], 2), /leaves none of 2 processors/);
});

test("a program is bound only where there is something to bind it to", () => {
  assert.deepEqual(onCores(undefined, ["node", "x"]), ["node", "x"]);
  assert.deepEqual(onCores([0, 1], ["node", "x"]), ["taskset", "-c", "0,1", "node", "x"]);
});
