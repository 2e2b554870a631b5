/** The inputs of an artifact as nodes of its lineage, and what a name in a file means among them. */
import type { InputColumn, InputInfo } from "../artifact/input-info.js";
import type { LineageNode, NodeKind } from "../lineage/graph.js";

export interface InputNodes {
  readonly nodes: readonly LineageNode[];
  /** The inputs that a name can mean: one, none, or the columns of several tables. */
  find(name: string): readonly LineageNode[];
}

/** Longest name in an id, in UTF-16 units. Ids stand in every edge, so a long name must not be repeated in them. */
const LONGEST_IN_ID = 100;

/** Gives out ids that nobody has yet: `column:accounts.income`, and `column:accounts.income#2` for a second one. */
export function newIds(): (kind: NodeKind, ref: string) => string {
  const counts = new Map<string, number>();
  return (kind, ref) => {
    const id = `${kind}:${ref.slice(0, LONGEST_IN_ID)}`;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  };
}

export function inputNodes(
  { tables, arguments: args, parameters }: InputInfo,
  newId: ReturnType<typeof newIds>,
): InputNodes {
  const nodes: LineageNode[] = [];
  const exact = new Map<string, LineageNode>();
  const columns = new Map<string, LineageNode[]>();
  const add = (node: LineageNode, ...names: readonly string[]): LineageNode => {
    nodes.push(node);
    for (const name of names) if (!exact.has(name)) exact.set(name, node);
    return node;
  };
  for (const { alias, description, columns: listed } of tables) {
    const id = newId("table", alias);
    add({ id, kind: "table", ref: alias, name: alias, description, files: [] }, alias);
    for (const column of listed) {
      const ref = `${alias}.${column.alias}`;
      const node = add(nodeOf("column", column, ref, newId("column", ref), id), ref);
      const alike = columns.get(column.alias);
      if (alike === undefined) columns.set(column.alias, [node]);
      else alike.push(node);
    }
  }
  for (const argument of args) {
    const { alias } = argument;
    add(nodeOf("argument", argument, alias, newId("argument", alias)), alias, `arguments.${alias}`);
  }
  for (const parameter of parameters) {
    const { alias } = parameter;
    const ref = `parameters.${alias}`;
    const names = [ref, `runtime_params.${alias}`, alias];
    add(nodeOf("parameter", parameter, ref, newId("parameter", ref)), ...names);
  }
  return {
    nodes,
    find: (name) => {
      const node = exact.get(name);
      return node === undefined ? (columns.get(name) ?? []) : [node];
    },
  };
}

function nodeOf(
  kind: NodeKind,
  { alias, spelledType, description }: InputColumn,
  ref: string,
  id: string,
  table?: string,
): LineageNode {
  const owner = table === undefined ? {} : { table };
  return { id, kind, ref, name: alias, ...owner, type: spelledType, description, files: [] };
}
