/** Lineage as JSON, in the node-link form that graph tools read (`networkx.node_link_graph(data, edges="edges")`). */
import type { JsonReport } from "../json-text.js";
import type { Lineage } from "./graph.js";

export function lineageJson({ nodes, edges }: Lineage): JsonReport {
  return {
    directed: true,
    multigraph: false,
    graph: {},
    nodes: nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      ref: node.ref,
      name: node.name,
      table: node.table,
      object_type: node.objectType,
      version: node.version,
      type: node.type,
      description: node.description,
      folder: node.folder,
      files: node.files,
    })),
    edges: edges.map(({ source, target, origin }) => ({ source, target, origin })),
  };
}
