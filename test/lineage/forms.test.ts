/** The forms of lineage: complete where they promise it, bounded where a person reads them, harmless always. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SaxesParser } from "saxes";
import { lineageSvg } from "../../src/lineage/drawing/lineage-svg.js";
import { ARTIFACT_ID, type Lineage } from "../../src/lineage/graph.js";
import { lineageDot } from "../../src/lineage/lineage-dot.js";
import { lineageTree } from "../../src/lineage/lineage-tree.js";
import { ARTIFACT, edge, LARGE, numbered, object } from "./graphs.js";

/** The names of all elements; fails when it is not XML. */
function elementsOf(svg: string): string[] {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name }) => names.push(name));
  parser.write(svg).close();
  return names;
}

test("a tree of ten thousand objects has a line for each and never runs off the page", () => {
  for (const [name, lineage] of Object.entries(LARGE)) {
    const { lines } = lineageTree(lineage);
    assert.ok(
      lines.length >=
        lineage.nodes.length - (name === "tangle" || name === "loops" ? lineage.nodes.length : 0),
      name,
    );
    assert.ok(lines.length <= 2 * (lineage.edges.length + lineage.nodes.length), name);
    for (const { branch } of lines) assert.ok(branch.length <= 24, name);
  }
});

test("a tree that is cut says by how much", () => {
  const { lines, omitted } = lineageTree(
    numbered(
      50,
      Array.from({ length: 49 }, (_, index) => [index + 1, 0]),
    ),
    10,
  );
  assert.equal(lines.length, 10);
  assert.equal(omitted, 51 - 10);
});

test("a tree ends at a cycle and at what it has shown", () => {
  const lineage = numbered(4, [
    [1, 0],
    [0, 1],
    [2, 0],
    [3, 0],
    [3, 2],
    [3, 3],
  ]);
  assert.deepEqual(
    lineageTree(lineage).lines.map(({ branch, name, details }) => `${branch}${name} ${details}`),
    [
      "Whole Model",
      "└─ 0 Feature",
      "   ├─ 1 Feature",
      "   │  └─ 0 (a cycle: it is above)",
      "   ├─ 2 Feature",
      "   │  └─ 3 Feature",
      "   │     └─ 3 (a cycle: it is above)",
      "   └─ 3 (see above)",
    ],
  );
});

test("a drawing is bounded in size, well-formed, without a script, and the same every time", () => {
  for (const [name, lineage] of Object.entries(LARGE)) {
    const svg = lineageSvg(lineage, "x");
    assert.ok(svg.length < 600_000, `${name}: ${svg.length}`);
    assert.equal(svg, lineageSvg(lineage, "x"), name);
    const elements = new Set(elementsOf(svg));
    const known = ["svg", "title", "desc", "style", "defs", "marker", "rect", "path", "g", "text"];
    assert.deepEqual(
      [...elements].filter((element) => !known.includes(element)),
      [],
      name,
    );
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/, name);
  }
});

test("a drawing says in words what it leaves out", () => {
  const { chain } = LARGE;
  assert.ok(chain !== undefined);
  assert.match(
    lineageSvg(chain, "x"),
    /<desc id="x_desc">[^<]* 10001 things, \d+ links drawn\. 9881 objects are not drawn\.<\/desc>/,
  );
});

test("names steer neither a drawing nor a graph for Graphviz", () => {
  const name = `"];evil[\\N\\" <script>&'\u001b[2J\u202e\u0000${"x".repeat(1_000_000)}`;
  const lineage: Lineage = {
    nodes: [
      { ...ARTIFACT, name },
      { ...object("a"), name, objectType: name, version: name, type: name },
    ],
    edges: [edge("a", ARTIFACT_ID)],
  };
  const svg = lineageSvg(lineage, "x");
  assert.ok(svg.length < 10_000);
  assert.ok(!elementsOf(svg).includes("script"));
  const dot = lineageDot(lineage);
  assert.ok(dot.length < 2000);
  for (const text of [svg, dot]) assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  const labels = [...dot.matchAll(/label=("(?:[^"\\]|\\.)*"), shape=/g)];
  assert.equal(labels.length, 2, dot);
  assert.match(dot, /\\"\];evil\[\\\\N\\\\\\" <script>/);
});
