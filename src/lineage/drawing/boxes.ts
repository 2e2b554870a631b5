/** What a drawing of the lineage shows: boxes with rows, and links between them, folded until a person can read it. */
import { abbreviated } from "../../visible-text.js";
import {
  ARTIFACT_ID,
  edgesFrom,
  edgesInto,
  grouped,
  nodeDetails,
  nodesById,
  type Lineage,
  type LineageNode,
} from "../graph.js";

export interface Row {
  readonly text: string;
  /** False: nothing is known to use it. */
  readonly isUsed: boolean;
}

export const BOX_KINDS = ["artifact", "input", "object", "unknown"] as const;
export type BoxKind = (typeof BOX_KINDS)[number];

export interface Box {
  readonly kind: BoxKind;
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly Row[];
}

/** From a row of a box, or from the box as a whole, to a box; both by their place in the list. */
export interface Link {
  readonly from: number;
  readonly row?: number;
  readonly to: number;
  readonly isImplied: boolean;
  /** What the link stands for, for who points at it. */
  readonly title: string;
}

export interface Boxes {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  /** Objects that are not drawn, because there are too many. */
  readonly omitted: number;
}

/** A box and, by the `id` of each node in it, the row in which the node stands. */
interface Holder {
  readonly box: Box;
  readonly rowOf: ReadonlyMap<string, number | undefined>;
}

/** More objects than this are drawn as one box for each group of the same type and use. */
const MOST_SINGLE = 60;
const MOST_BOXES = 120;
const MOST_LINKS = 800;
/** A box with more rows than this folds those that are used alike. */
const MOST_ROWS = 24;
/** Columns of a name where it is only pointed at. */
const LONGEST_REF = 80;

export function drawnBoxes(lineage: Lineage): Boxes {
  const usersOf = usersByNode(lineage);
  const isSingle = lineage.nodes.filter(({ kind }) => kind === "object").length <= MOST_SINGLE;
  const objects = objectHolders(lineage, usersOf, isSingle);
  const inputs = inputHolders(lineage, usersByHolder(lineage, objects));
  const isTooMuch = inputs.length + objects.length > MOST_BOXES;
  // The artifact comes first, then its inputs, then what is nearest to it: what is beyond the most is far from all that is drawn.
  const all = [...inputs, ...(isTooMuch ? nearestFirst(lineage, objects) : objects)];
  const holders = all.slice(0, MOST_BOXES);
  const omitted = all.slice(MOST_BOXES).reduce((sum, { rowOf }) => sum + rowOf.size, 0);
  return { boxes: holders.map(({ box }) => box), links: linksBetween(lineage, holders), omitted };
}

/** What uses each node, as one text that is equal where the use is. */
function usersByNode(lineage: Lineage): (id: string) => string {
  const from = edgesFrom(lineage);
  return (id) => (from.get(id) ?? []).map(({ target }) => target).join("\n");
}

/** The same by the boxes: what is used by several objects of one box is used alike. */
function usersByHolder(lineage: Lineage, holders: readonly Holder[]): (id: string) => string {
  const from = edgesFrom(lineage);
  const holderOf = new Map(
    holders.flatMap(({ rowOf }, at) => [...rowOf.keys()].map((id): [string, string] => [id, String(at)])),
  );
  return (id) =>
    [...new Set((from.get(id) ?? []).map(({ target }) => holderOf.get(target) ?? target))].join("\n");
}

function nearestFirst(lineage: Lineage, holders: readonly Holder[]): readonly Holder[] {
  const into = edgesInto(lineage);
  const reached = new Set([ARTIFACT_ID]);
  // A set goes on to what is added while it is read: breadth first.
  for (const id of reached) for (const { source } of into.get(id) ?? []) reached.add(source);
  const distances = new Map([...reached].map((id, at): [string, number] => [id, at]));
  const distanceOf = ({ rowOf }: Holder): number =>
    [...rowOf.keys()].reduce((least, id) => Math.min(least, distances.get(id) ?? least), reached.size);
  return holders.toSorted((one, other) => distanceOf(one) - distanceOf(other));
}

function inputHolders({ nodes }: Lineage, usersOf: (id: string) => string): Holder[] {
  const artifact = nodes.filter(({ kind }) => kind === "artifact").map((node) => single(node, "artifact"));
  const columns = grouped(nodes, ({ table = "" }) => table);
  const tables = nodes
    .filter(({ kind }) => kind === "table")
    .map((table) => withRows(table.name, "table", columns.get(table.id) ?? [], usersOf, [table.id]));
  const named = (kind: LineageNode["kind"], title: string): Holder[] => {
    const those = nodes.filter((node) => node.kind === kind);
    return those.length === 0 ? [] : [withRows(title, "", those, usersOf, [])];
  };
  return [
    ...artifact,
    ...tables,
    ...named("argument", "arguments"),
    ...named("parameter", "runtime parameters"),
  ];
}

function objectHolders({ nodes }: Lineage, usersOf: (id: string) => string, isSingle: boolean): Holder[] {
  const objects = nodes.filter(({ kind }) => kind === "object" || kind === "unknown");
  if (isSingle) {
    return objects.map((node) => single(node, node.kind === "unknown" ? "unknown" : "object"));
  }
  const alike = grouped(objects, (node) => `${node.kind} ${node.objectType ?? ""}\n${usersOf(node.id)}`);
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const kind = first.kind === "unknown" ? "unknown" : "object";
    if (group.length === 1) return [single(first, kind)];
    // Each stands in a row of its own, as far as there are rows.
    const { rows } = foldedRows(group, (id) => id);
    const title = `${group.length} × ${first.objectType ?? "object"}`;
    const rowOf = new Map(group.map(({ id }): [string, undefined] => [id, undefined]));
    return [{ box: { kind, title, subtitle: "used alike", rows }, rowOf }];
  });
}

function single(node: LineageNode, kind: BoxKind): Holder {
  const details = nodeDetails(node);
  const subtitle = kind === "unknown" ? `${details} (not described)`.trimStart() : details;
  return {
    box: { kind, title: node.name, subtitle, rows: [] },
    rowOf: new Map([[node.id, undefined]]),
  };
}

function withRows(
  title: string,
  subtitle: string,
  nodes: readonly LineageNode[],
  usersOf: (id: string) => string,
  ids: readonly string[],
): Holder {
  const { rows, rowOf } = foldedRows(nodes, usersOf);
  const whole = ids.map((id): [string, undefined] => [id, undefined]);
  return { box: { kind: "input", title, subtitle, rows }, rowOf: new Map([...rowOf, ...whole]) };
}

/** One row for each node or, of too many, one for those that are used alike; the rest of them shares the last row. */
function foldedRows(
  nodes: readonly LineageNode[],
  usersOf: (id: string) => string,
): { readonly rows: readonly Row[]; readonly rowOf: ReadonlyMap<string, number> } {
  const groups =
    nodes.length <= MOST_ROWS
      ? nodes.map((node) => [node])
      : [...grouped(nodes, ({ id }) => usersOf(id)).values()];
  const shown = groups.length <= MOST_ROWS ? groups : groups.slice(0, MOST_ROWS - 1);
  const rest = groups.slice(shown.length).flat();
  const all = rest.length === 0 ? shown : [...shown, rest];
  const rowOf = new Map(all.flatMap((group, row) => group.map(({ id }): [string, number] => [id, row])));
  const rows = all.map((group) => ({
    text: rowText(group),
    isUsed: group.some(({ id }) => usersOf(id) !== ""),
  }));
  return { rows, rowOf };
}

function rowText(group: readonly LineageNode[]): string {
  const [first, second] = group;
  if (first === undefined || second === undefined) return first?.name ?? "";
  return `${first.name} and ${group.length - 1} more`;
}

function linksBetween(lineage: Lineage, holders: readonly Holder[]): readonly Link[] {
  const places = new Map(
    holders.flatMap(({ rowOf }, at) =>
      [...rowOf].map(([id, row]): [string, { at: number; row?: number }] => [
        id,
        row === undefined ? { at } : { at, row },
      ]),
    ),
  );
  const byId = nodesById(lineage);
  const links = new Map<string, Link>();
  for (const { source, target, origin } of lineage.edges) {
    const [from, to] = [places.get(source), places.get(target)];
    const key = `${from?.at ?? ""} ${from?.row ?? ""} ${to?.at ?? ""}`;
    if (from === undefined || to === undefined || links.has(key) || links.size >= MOST_LINKS) continue;
    const title = [source, target].map((id) => abbreviated(byId.get(id)?.ref ?? "", LONGEST_REF)).join(" → ");
    const row = from.row === undefined ? {} : { row: from.row };
    links.set(key, { from: from.at, ...row, to: to.at, isImplied: origin !== "stated", title });
  }
  return [...links.values()];
}
