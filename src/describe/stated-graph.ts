/**
 * A graph that a file states: in the node-link or adjacency form of networkx, as lists of nodes and pairs, or as objects by name.
 * An arrow goes from what is used to what uses it.
 */
import { memberPath } from "../problems.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../strict-json.js";
import { firstText, textsOf } from "./json-members.js";
import {
  newContent,
  readUses,
  statedObject,
  type StatedObject,
  type StatedReader,
  type Use,
} from "./stated-objects.js";

export const GRAPH_KEYS: ReadonlySet<string> = new Set([
  "lineage",
  "graph",
  "execution_graph",
  "executionGraph",
  "dependency_graph",
  "dependencyGraph",
  "dag",
]);

const EDGE_KEYS = ["edges", "links"];
const FROM_KEYS = ["source", "from", "parent", "upstream"];
const TO_KEYS = ["target", "to", "child", "downstream"];
const NODE_KEYS = ["ref", "id", "alias", "name", "key"];
const REMEDY = "Nothing, if the rest of the graph is enough.";

/** The objects of the graph, each with what it uses. */
export function readGraph(value: JsonValue, path: string, reader: StatedReader): readonly Use[] {
  if (!isJsonObject(value) || !Array.isArray(value["nodes"])) return readUses(value, path, reader);
  const refs = value["nodes"].map((node) =>
    isJsonObject(node) ? firstText(node, NODE_KEYS) : textsOf(node)[0],
  );
  const usesOf = new Map<string, Use[]>();
  for (const [source, target] of arrowsIn(value, refs, path, reader)) {
    const uses = usesOf.get(target);
    if (uses === undefined) usesOf.set(target, [{ name: source }]);
    else uses.push({ name: source });
  }
  const listed = value["nodes"].flatMap((node, index): readonly Use[] => {
    const ref = refs[index];
    const at = `${path}.nodes[${index}]`;
    if (ref === undefined) {
      reader.notes.add(at, "Found a node without a name.", REMEDY);
      return [];
    }
    const own = statedObject(isJsonObject(node) ? node : newContent({}), ref, at, reader);
    const object: StatedObject = { ...own, uses: [...own.uses, ...(usesOf.get(ref) ?? [])] };
    usesOf.delete(ref);
    return [{ name: ref, objectType: object.objectType, object }];
  });
  // Targets that are listed nowhere: the artifact itself, or a node that was forgotten.
  const others = [...usesOf].map(([ref, uses]): Use => {
    return { name: ref, object: { ...statedObject(newContent({}), ref, path, reader), uses } };
  });
  return [...listed, ...others];
}

type Arrow = readonly [source: string, target: string];

function arrowsIn(
  graph: JsonObject,
  refs: readonly (string | undefined)[],
  path: string,
  reader: StatedReader,
): readonly Arrow[] {
  const known = new Set(refs);
  // Some writers number the nodes by their place.
  const named = (text: string | undefined): string | undefined =>
    text !== undefined && !known.has(text) && /^\d{1,9}$/.test(text) ? (refs[Number(text)] ?? text) : text;
  const arrow = (source: string | undefined, target: string | undefined, at: string): readonly Arrow[] => {
    const [from, to] = [named(source), named(target)];
    if (from !== undefined && to !== undefined) return [[from, to]];
    reader.notes.add(at, "Found an edge that does not name both of its ends.", REMEDY);
    return [];
  };
  const stated = EDGE_KEYS.flatMap((key) =>
    listOf(graph[key]).flatMap((edge, index) => {
      const at = `${memberPath(path, key)}[${index}]`;
      if (isJsonObject(edge)) return arrow(firstText(edge, FROM_KEYS), firstText(edge, TO_KEYS), at);
      const [source, target] = textsOf(edge);
      return arrow(source, target, at);
    }),
  );
  const adjacent = listOf(graph["adjacency"]).flatMap((targets, index) =>
    listOf(targets).flatMap((target) => {
      const to = isJsonObject(target) ? firstText(target, NODE_KEYS) : textsOf(target)[0];
      return arrow(refs[index], to, `${path}.adjacency[${index}]`);
    }),
  );
  return [...stated, ...adjacent];
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
