/** A part of the lineage: what makes up some of its objects, or all but some. */
import { ARTIFACT_ID, edgesInto, type Lineage, type LineageEdge, type LineageNode } from "./graph.js";

/** Objects by the names that the artifact's files have for them (`ref`), as the platform's own runtime takes them. */
export interface Selection {
  /** Only these and what they are made from; without it, everything. */
  readonly include?: readonly string[] | undefined;
  /** Not these, nor what only they use. */
  readonly exclude?: readonly string[] | undefined;
}

export interface SelectedLineage {
  readonly lineage: Lineage;
  /** Names that the graph does not have. */
  readonly unknown: readonly string[];
}

/** The artifact itself always stays: what is included leads to it. */
export function selectLineage(lineage: Lineage, { include, exclude = [] }: Selection): SelectedLineage {
  const { nodes } = lineage;
  const unknown = [...(include ?? []), ...exclude].filter(
    (name) => !nodes.some((node) => isNamed(node, [name])),
  );
  if (include === undefined && exclude.length === 0) return { lineage, unknown };
  const left = new Set(nodes.filter((node) => isNamed(node, exclude)).map(({ id }) => id));
  const stays = ({ id, table }: LineageNode): boolean =>
    !left.has(id) && !(table !== undefined && left.has(table));
  const staying = new Set(nodes.filter(stays).map(({ id }) => id));
  const remaining = lineage.edges.filter(({ source, target }) => staying.has(source) && staying.has(target));
  const edges =
    include === undefined
      ? remaining
      : [...remaining.filter(({ target }) => target !== ARTIFACT_ID), ...leading(nodes, include, staying)];
  const used = whatMakes(ARTIFACT_ID, edges);
  const tables = new Set(nodes.filter(({ id }) => used.has(id)).map(({ table }) => table));
  return {
    lineage: {
      nodes: nodes.filter(({ id }) => used.has(id) || tables.has(id)),
      edges: edges.filter(({ target }) => used.has(target)),
    },
    unknown,
  };
}

function isNamed({ kind, ref, id }: LineageNode, names: readonly string[]): boolean {
  return kind !== "artifact" && (names.includes(ref) || names.includes(id));
}

function leading(
  nodes: readonly LineageNode[],
  include: readonly string[],
  staying: ReadonlySet<string>,
): readonly LineageEdge[] {
  return nodes
    .filter((node) => staying.has(node.id) && isNamed(node, include))
    .map(({ id }) => ({ source: id, target: ARTIFACT_ID, origin: "selected" }));
}

/** A node and everything from which it is made. */
function whatMakes(id: string, edges: readonly LineageEdge[]): ReadonlySet<string> {
  const into = edgesInto({ edges });
  const reached = new Set([id]);
  // A set goes on to what is added while it is read.
  for (const each of reached) for (const { source } of into.get(each) ?? []) reached.add(source);
  return reached;
}
