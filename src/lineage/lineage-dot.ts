/** Lineage for Graphviz: `dot -Tsvg lineage.dot`. */
import { abbreviated } from "../visible-text.js";
import { grouped, nodeDetails, type Lineage, type LineageNode, type NodeKind } from "./graph.js";

const SHAPES = {
  artifact: "box, style=bold",
  table: "box",
  column: "plaintext",
  argument: "plaintext",
  parameter: "plaintext",
  object: "box, style=rounded",
  unknown: "box, style=dashed",
} as const satisfies Record<NodeKind, string>;

/** Longest label, in characters: a drawing with a longer one is of no use. */
const LONGEST_LABEL = 60;

/** The whole graph, however large; a table is a cluster with its columns in it. */
export function lineageDot({ nodes, edges }: Lineage): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const nameOf = (id: string): string => names.get(id) ?? "";
  const columns = grouped(
    nodes.filter(({ table }) => table !== undefined),
    ({ table = "" }) => table,
  );
  const statement = (node: LineageNode): string =>
    `${nameOf(node.id)} [label=${label(node)}, shape=${SHAPES[node.kind]}];`;
  const clusters = nodes
    .filter(({ kind }) => kind === "table")
    .flatMap((table) => [
      `  subgraph cluster_${nameOf(table.id)} {`,
      ...[table, ...(columns.get(table.id) ?? [])].map((node) => `    ${statement(node)}`),
      "  }",
    ]);
  const others = nodes.filter(({ kind }) => kind !== "table" && kind !== "column");
  return [
    "digraph lineage {",
    "  rankdir=LR;",
    '  node [fontname="Helvetica,sans-serif"];',
    ...clusters,
    ...others.map((node) => `  ${statement(node)}`),
    ...edges.map(({ source, target, origin }) => {
      return `  ${nameOf(source)} -> ${nameOf(target)}${origin === "stated" ? "" : " [style=dashed]"};`;
    }),
    "}",
    "",
  ].join("\n");
}

function label(node: LineageNode): string {
  const lines = [node.name, nodeDetails(node)].filter((text) => text !== "");
  return `"${lines.map((line) => escaped(abbreviated(line, LONGEST_LABEL))).join("\\n")}"`;
}

/** In a quoted string of DOT a backslash begins an escape of the label, such as `\N`. */
function escaped(text: string): string {
  return text.replace(/[\\"]/g, "\\$&");
}
