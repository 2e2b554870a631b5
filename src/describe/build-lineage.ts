/** The lineage of an artifact, from its inputs and from what its files state. */
import type { InputInfo } from "../artifact/input-info.js";
import {
  ARTIFACT_ID,
  edgesFrom,
  edgesInto,
  type EdgeOrigin,
  type Lineage,
  type LineageEdge,
  type LineageNode,
} from "../lineage/graph.js";
import type { ProblemList } from "../problems.js";
import { shown } from "../problems.js";
import { inputNodes, newIds, type InputNodes } from "./input-nodes.js";
import { isInput, type StatedObject, type Use } from "./stated-objects.js";

export interface LineageParts {
  /** The artifact itself. */
  readonly artifact: Omit<LineageNode, "id" | "kind">;
  readonly inputs: InputInfo;
  /** What the artifact is stated to be made from. */
  readonly uses: readonly Use[];
  /** What a graph states, and the components that were found: nothing in them says that the artifact itself uses it. */
  readonly others: readonly Use[];
}

/** An object in the graph, and what it uses by all that is stated of it. */
interface Declared {
  node: LineageNode;
  readonly uses: Use[];
}

/**
 * Objects that are stated several times are one, unless their versions or types differ. A name means an object, else an input;
 * inside an object of the same name, the input. What is named and not found is a node of its own.
 */
export function buildLineage(parts: LineageParts, notes: ProblemList): Lineage {
  const newId = newIds();
  const artifact: LineageNode = { id: ARTIFACT_ID, kind: "artifact", ...parts.artifact };
  const inputs = inputNodes(parts.inputs, newId);
  const objects = declareAll(parts, artifact, inputs, newId, notes);
  const unknown = new Map<string, LineageNode>();
  const named = ({ name, objectType }: Use): LineageNode => {
    const key = JSON.stringify([name, objectType]);
    const known = unknown.get(key);
    if (known !== undefined) return known;
    const type = objectType === undefined ? {} : { objectType };
    const node: LineageNode = {
      id: newId("unknown", name),
      kind: "unknown",
      ref: name,
      name,
      ...type,
      files: [],
    };
    unknown.set(key, node);
    return node;
  };
  const meaningOf = (use: Use, user: LineageNode): LineageNode => {
    const own = use.object === undefined ? undefined : objects.nodeOf.get(use.object);
    if (own !== undefined) return own;
    const candidates = inputs.find(use.name);
    const object = objects
      .find(use.name)
      .find(({ id, ref }) => candidates.length === 0 || (id !== user.id && ref !== user.ref));
    if (object !== undefined) return object;
    if (candidates.length > 1) {
      const tables = candidates.map(({ ref }) => `\`${shown(ref)}\``).join(", ");
      notes.add(
        shown(use.name),
        `Can be ${tables}; it is shown as unknown.`,
        "Name the table and the column.",
      );
    }
    const [input] = candidates;
    return input === undefined || candidates.length > 1 ? named(use) : input;
  };
  const edges = edgeList();
  for (const { node, uses } of objects.declared) {
    for (const use of uses) edges.add(meaningOf(use, node).id, node.id, "stated");
  }
  const nodes = [
    artifact,
    ...inputs.nodes,
    ...objects.declared.slice(1).map(({ node }) => node),
    ...unknown.values(),
  ];
  return { nodes, edges: [...edges.listed(), ...impliedEdges(nodes, edges.listed())] };
}

interface Objects {
  /** The artifact first. */
  readonly declared: readonly Declared[];
  readonly nodeOf: ReadonlyMap<StatedObject, LineageNode>;
  find(name: string): readonly LineageNode[];
}

function declareAll(
  parts: LineageParts,
  artifact: LineageNode,
  inputs: InputNodes,
  newId: ReturnType<typeof newIds>,
  notes: ProblemList,
): Objects {
  const root: Declared = { node: artifact, uses: [...parts.uses] };
  const declared: Declared[] = [root];
  const byName = new Map<string, Declared[]>();
  const holders = new Map<StatedObject, Declared>();
  const inputOf = new Map<StatedObject, LineageNode>();
  const declare = (object: StatedObject): Declared | undefined => {
    const candidates = inputs.find(object.ref);
    const [input] = candidates;
    const isPlain = object.objectType === undefined || isInput(object);
    // What a table is listed with are its columns.
    const isOnlyNamed = object.uses.length === 0 || input?.kind === "table";
    if (input !== undefined && candidates.length === 1 && isPlain && isOnlyNamed) {
      inputOf.set(object, input);
      return undefined;
    }
    if (isArtifact(object, artifact)) return root;
    const found = byName.get(object.ref) ?? [];
    const same = found.find(({ node }) => isSame(node, object));
    if (same !== undefined) {
      same.node = merged(same.node, object);
      return same;
    }
    if (found.length > 0) {
      const message = `\`${shown(object.ref)}\` is stated with several versions or types; its name means the first.`;
      notes.add(object.path, message, "Nothing, if that is meant.");
    }
    const own: Declared = { node: nodeOf(object, newId("object", object.ref)), uses: [] };
    declared.push(own);
    for (const name of object.names) {
      const others = byName.get(name);
      if (others === undefined) byName.set(name, [own]);
      else others.push(own);
    }
    return own;
  };
  const visit = (uses: readonly Use[]): void => {
    for (const { object } of uses) {
      if (object === undefined) continue;
      const holder = declare(object);
      if (holder !== undefined) {
        holders.set(object, holder);
        for (const use of object.uses) holder.uses.push(use);
      }
      visit(object.uses);
    }
  };
  visit(parts.uses);
  visit(parts.others);
  const nodes = new Map(
    [...holders].map(([object, { node }]): [StatedObject, LineageNode] => [object, node]),
  );
  return {
    declared,
    nodeOf: new Map([...nodes, ...inputOf]),
    find: (name) => (byName.get(name) ?? []).map(({ node }) => node),
  };
}

function isArtifact(object: StatedObject, { ref, name, objectType }: LineageNode): boolean {
  if (object.folder !== undefined || (object.ref !== ref && object.ref !== name)) return false;
  return object.objectType === undefined || object.objectType === objectType;
}

function isSame({ objectType, version }: LineageNode, object: StatedObject): boolean {
  const agrees = (one: string | undefined, other: string | undefined): boolean =>
    one === undefined || other === undefined || one === other;
  return agrees(objectType, object.objectType) && agrees(version, object.version);
}

function nodeOf(object: StatedObject, id: string): LineageNode {
  const { ref, name } = object;
  return merged({ id, kind: "object", ref, name, files: [] }, object);
}

/** What is known first counts. */
function merged(
  node: LineageNode,
  { objectType, version, type, description, folder, files }: StatedObject,
): LineageNode {
  const stated = { objectType, version, type, description, folder };
  const known = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
  return { ...known, ...node, files: [...new Set([...node.files, ...files])] };
}

interface EdgeList {
  add(source: string, target: string, origin: EdgeOrigin): void;
  listed(): readonly LineageEdge[];
}

/** Each pair once. */
function edgeList(): EdgeList {
  const edges = new Map<string, LineageEdge>();
  return {
    add: (source, target, origin) => {
      const key = JSON.stringify([source, target]);
      if (!edges.has(key)) edges.set(key, { source, target, origin });
    },
    listed: () => [...edges.values()],
  };
}

/**
 * Edges to the artifact from all that nothing is stated to use: `main()` is given every table, and what is in the artifact is part
 * of it. A table counts as used when one of its columns is.
 */
function impliedEdges(nodes: readonly LineageNode[], stated: readonly LineageEdge[]): readonly LineageEdge[] {
  const from = edgesFrom({ edges: stated });
  const into = edgesInto({ edges: stated });
  const used = new Set(nodes.filter(({ id }) => from.has(id)).flatMap(({ id, table }) => [id, table ?? id]));
  const reached = new Set([ARTIFACT_ID]);
  const reach = (start: string): void => {
    const waiting = [start];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      reached.add(id);
      for (const { source } of into.get(id) ?? []) if (!reached.has(source)) waiting.push(source);
    }
  };
  reach(ARTIFACT_ID);
  const edges: LineageEdge[] = [];
  const imply = ({ id }: LineageNode): void => {
    edges.push({ source: id, target: ARTIFACT_ID, origin: "implied" });
    reach(id);
  };
  const candidates = nodes.filter(({ kind }) => kind !== "column" && kind !== "artifact");
  for (const node of candidates) if (!used.has(node.id)) imply(node);
  // What is left uses itself in a circle.
  for (const node of candidates) {
    if (node.kind !== "table" && !reached.has(node.id)) imply(node);
  }
  return edges;
}
