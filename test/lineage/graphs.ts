/** Graphs of lineage for tests: small ones by hand, large ones as nobody would send them. */
import {
  ARTIFACT_ID,
  type EdgeOrigin,
  type Lineage,
  type LineageEdge,
  type LineageNode,
} from "../../src/lineage/graph.js";

export const ARTIFACT: LineageNode = {
  id: ARTIFACT_ID,
  kind: "artifact",
  ref: "whole",
  name: "Whole",
  objectType: "Model",
  files: [],
};

export function object(ref: string): LineageNode {
  return { id: `object:${ref}`, kind: "object", ref, name: ref, objectType: "Feature", files: [] };
}

export function edge(source: string, target: string, origin: EdgeOrigin = "stated"): LineageEdge {
  const id = (ref: string): string => (ref === ARTIFACT_ID ? ref : `object:${ref}`);
  return { source: id(source), target: id(target), origin };
}

/** Objects by number, with edges from one to another; number 0 leads to the artifact. */
export function numbered(count: number, edges: readonly (readonly [number, number])[]): Lineage {
  return {
    nodes: [ARTIFACT, ...Array.from({ length: count }, (_, index) => object(String(index)))],
    edges: [edge("0", ARTIFACT_ID), ...edges.map(([from, to]) => edge(String(from), String(to)))],
  };
}

const MANY = 10_000;
const range = Array.from({ length: MANY }, (_, index) => index);

/** By what is large in them. */
export const LARGE: Readonly<Record<string, Lineage>> = {
  chain: numbered(
    MANY,
    range.slice(1).map((index) => [index, index - 1]),
  ),
  fan: numbered(
    MANY,
    range.slice(1).map((index) => [index, 0]),
  ),
  cycle: numbered(
    MANY,
    range.map((index) => [index, (index + MANY - 1) % MANY]),
  ),
  tangle: numbered(
    MANY,
    range.flatMap((index) => [1, 7, 211].map((step) => [index, (index * step + 13) % MANY] as const)),
  ),
  dense: numbered(
    110,
    range.slice(0, 110).flatMap((one) => range.slice(0, one).map((other) => [one, other] as const)),
  ),
  loops: numbered(
    MANY,
    range.map((index) => [index, index]),
  ),
};
