import assert from "node:assert/strict";
import { test } from "node:test";
import { ARTIFACT_ID, type Lineage } from "../../src/lineage/graph.js";
import { selectLineage, type Selection } from "../../src/lineage/select-lineage.js";
import { ARTIFACT, edge, object } from "./graphs.js";

/** raw → clean → score → artifact, raw → other → artifact. */
const LINEAGE: Lineage = {
  nodes: [ARTIFACT, ...["raw", "clean", "score", "other"].map(object)],
  edges: [
    edge("raw", "clean"),
    edge("clean", "score"),
    edge("raw", "other"),
    edge("score", ARTIFACT_ID),
    edge("other", ARTIFACT_ID),
  ],
};

function refsOf(selection: Selection): string[] {
  return selectLineage(LINEAGE, selection).lineage.nodes.map(({ ref }) => ref);
}

test("without a selection everything stays", () => {
  assert.equal(selectLineage(LINEAGE, {}).lineage, LINEAGE);
});

test("what is included leads to the artifact, with all that it is made from", () => {
  assert.deepEqual(refsOf({ include: ["clean"] }), ["whole", "raw", "clean"]);
  const { edges } = selectLineage(LINEAGE, { include: ["clean"] }).lineage;
  assert.deepEqual(edges, [edge("raw", "clean"), edge("clean", ARTIFACT_ID, "selected")]);
});

test("what is excluded goes with what only it uses", () => {
  assert.deepEqual(refsOf({ exclude: ["score"] }), ["whole", "raw", "other"]);
  assert.deepEqual(refsOf({ exclude: ["score", "other"] }), ["whole"]);
  assert.deepEqual(refsOf({ include: ["score"], exclude: ["raw"] }), ["whole", "clean", "score"]);
});

test("names that nothing has are told", () => {
  assert.deepEqual(selectLineage(LINEAGE, { include: ["scor"], exclude: ["object:raw", "x"] }).unknown, [
    "scor",
    "x",
  ]);
});
