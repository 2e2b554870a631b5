/** Lineage as a tree of text: the artifact at the top, below each thing what it is made from. */
import { abbreviated } from "../visible-text.js";
import { ARTIFACT_ID, edgesInto, nodeDetails, nodesById, type Lineage, type LineageNode } from "./graph.js";

/** One line; it can be wrapped, and goes on under `hang`. */
export interface TreeLine {
  /** What the line begins with: `│  ├─ `. */
  readonly branch: string;
  /** What its other lines begin with, as wide as `branch`. */
  readonly hang: string;
  readonly name: string;
  /** What is known of it, in brackets where it is about the tree. */
  readonly details: string;
}

export interface Tree {
  readonly lines: readonly TreeLine[];
  /** How many lines were left out because there are too many. */
  readonly omitted: number;
}

/** What stands on one line: an object, or all columns of a table, arguments or parameters that the same thing uses. */
interface Entry {
  readonly name: string;
  readonly details: string;
  /** The node that has entries of its own. */
  readonly node?: LineageNode;
}

/** Levels under one root; what is deeper has a tree of its own below, so that no line is ever pushed off the page. */
const DEEPEST = 8;
/** Columns of a name. */
const LONGEST_NAME = 60;
const GROUPS = { argument: "arguments", parameter: "runtime parameters" } as const;

/**
 * Each node is written out once and pointed to after that, so that the tree is never larger than the graph and a cycle ends.
 * @param mostLines what is beyond is counted only
 */
export function lineageTree(lineage: Lineage, mostLines = Number.POSITIVE_INFINITY): Tree {
  const byId = nodesById(lineage);
  const into = edgesInto(lineage);
  const lines: TreeLine[] = [];
  let omitted = 0;
  const add = (line: TreeLine): void => {
    if (lines.length < mostLines) lines.push(line);
    else omitted += 1;
  };
  const open = new Set<string>();
  const finished = new Set<string>();
  const roots = new Set<LineageNode>();

  const addBelow = (node: LineageNode, margin: string, depth: number): void => {
    open.add(node.id);
    const entries = entriesBelow(node, into.get(node.id) ?? [], byId);
    entries.forEach((entry, index) => {
      const isLast = index === entries.length - 1;
      const branch = `${margin}${isLast ? "└─ " : "├─ "}`;
      const hang = `${margin}${isLast ? "   " : "│  "}`;
      const where = entry.node === undefined ? "" : placeOf(entry.node, depth);
      const details = where === "" ? entry.details : where;
      add({ branch, hang, name: entry.name, details });
      if (entry.node !== undefined && where === "") addBelow(entry.node, hang, depth + 1);
    });
    open.delete(node.id);
    finished.add(node.id);
  };
  const placeOf = (node: LineageNode, depth: number): string => {
    if (open.has(node.id)) return "(a cycle: it is above)";
    if (!into.has(node.id)) return "";
    if (finished.has(node.id)) return "(see above)";
    if (roots.has(node)) return "(see below)";
    if (depth < DEEPEST) return "";
    roots.add(node);
    return "(see below)";
  };
  const addRoot = (node: LineageNode): void => {
    add({ branch: "", hang: "", name: nameOf(node), details: nodeDetails(node) });
    addBelow(node, "", 1);
  };
  const artifact = byId.get(ARTIFACT_ID);
  if (artifact !== undefined) addRoot(artifact);
  // The set goes on to what is added on the way.
  for (const root of roots) addRoot(root);
  return { lines, omitted };
}

function entriesBelow(
  user: LineageNode,
  edges: readonly { readonly source: string; readonly origin: string }[],
  byId: ReadonlyMap<string, LineageNode>,
): readonly Entry[] {
  const entries = new Map<string, Entry | { readonly name: string; readonly names: string[] }>();
  for (const { source, origin } of edges) {
    const node = byId.get(source);
    if (node === undefined) continue;
    const group = groupOf(node, byId);
    if (group === undefined) {
      const implied = origin === "implied" && user.kind === "artifact" ? "(nothing states what uses it)" : "";
      const details = [detailsOf(node), implied].filter((text) => text !== "").join(" ");
      entries.set(node.id, { name: nameOf(node), details, node });
      continue;
    }
    const found = entries.get(group);
    if (found !== undefined && "names" in found) found.names.push(nameOf(node));
    else entries.set(group, { name: group, names: [nameOf(node)] });
  }
  return [...entries.values()].map((entry) =>
    "names" in entry ? { name: entry.name, details: entry.names.join(", ") } : entry,
  );
}

function groupOf(node: LineageNode, byId: ReadonlyMap<string, LineageNode>): string | undefined {
  if (node.kind === "argument" || node.kind === "parameter") return GROUPS[node.kind];
  return node.table === undefined ? undefined : byId.get(node.table)?.name;
}

/** A name stands on as many lines as there are uses of it, so a long one is cut. */
function nameOf({ name }: LineageNode): string {
  return abbreviated(name, LONGEST_NAME);
}

function detailsOf(node: LineageNode): string {
  if (node.kind === "table") return "table";
  const details = nodeDetails(node);
  return node.kind === "unknown" ? `${details} (named, but not described)`.trimStart() : details;
}
