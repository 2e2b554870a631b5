/**
 * The lineage of an artifact: what is made from what, as a directed graph from the inputs to the artifact itself. It can have
 * cycles, because a file can state them.
 */

export const NODE_KINDS = [
  "artifact",
  "table",
  "column",
  "argument",
  "parameter",
  /** A feature, model, prompt…: something of the governance platform that is part of the artifact. */
  "object",
  /** Something that is named and is none of the others. */
  "unknown",
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/**
 * `stated`: a file says so. `implied`: nothing says what uses it, and it is part of the artifact. `selected`: it leads to the
 * artifact in a part of the lineage that somebody asked for.
 */
export const EDGE_ORIGINS = ["stated", "implied", "selected"] as const;
export type EdgeOrigin = (typeof EDGE_ORIGINS)[number];

export interface LineageNode {
  /** Unique in the graph, for example `column:accounts.bureau_score`. */
  readonly id: string;
  readonly kind: NodeKind;
  /** What the artifact's files call it: `accounts.bureau_score`, `risk_band`. */
  readonly ref: string;
  /** Its own name: `bureau_score`. */
  readonly name: string;
  /** The `id` of the table of a column. */
  readonly table?: string;
  /** `Feature`, `Model`… */
  readonly objectType?: string;
  readonly version?: string;
  /** As the file spells it. */
  readonly type?: string;
  readonly description?: string;
  /** The folder of a component, relative to the root. */
  readonly folder?: string;
  /** Files that belong to it, relative to the root. */
  readonly files: readonly string[];
}

export interface LineageEdge {
  /** `id` of what is used. */
  readonly source: string;
  /** `id` of what uses it. */
  readonly target: string;
  readonly origin: EdgeOrigin;
}

export interface Lineage {
  /** The artifact first, then tables with their columns, arguments, parameters, objects, and unknown names. */
  readonly nodes: readonly LineageNode[];
  /** Each pair of nodes once. */
  readonly edges: readonly LineageEdge[];
}

/** The `id` of the artifact itself. */
export const ARTIFACT_ID = "artifact";

/** The nodes by their `id`. */
export function nodesById({ nodes }: Lineage): ReadonlyMap<string, LineageNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}

/** The edges that end at each node, by its `id`, in their order. */
export function edgesInto({ edges }: Pick<Lineage, "edges">): ReadonlyMap<string, readonly LineageEdge[]> {
  return grouped(edges, ({ target }) => target);
}

/** The edges that begin at each node, by its `id`, in their order. */
export function edgesFrom({ edges }: Pick<Lineage, "edges">): ReadonlyMap<string, readonly LineageEdge[]> {
  return grouped(edges, ({ source }) => source);
}

/** `Model, version 7, Numerical`; empty when nothing is known of it. The type of an answer is too long for this. */
export function nodeDetails({ kind, objectType, version, type }: LineageNode): string {
  const ofValue = kind === "artifact" ? undefined : type;
  const parts = [objectType, version === undefined ? undefined : `version ${version}`, ofValue];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

/** The items by key, in their order. */
export function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
