/**
 * Which components run in which order, and where the answer of one is an input of another. Only names decide: an input that is
 * called as a component is the answer of that component. What can be meant in two ways is refused.
 */
import { inSourceOrder, type Field, type RequestField, type Service } from "../contract/model.js";
import { Refusal, type Problem } from "../errors.js";
import { shown } from "../problems.js";

/** A component that can be run, as far as its place among the others goes. */
export interface Node {
  readonly ref: string;
  readonly names: readonly string[];
  /** Relative to the root; no two components have the same. */
  readonly folder: string;
  readonly service: Service;
}

/** Where the answer of a component goes: into an argument or a table, or into a column of a table. */
export interface Supply<N extends Node = Node> {
  readonly from: N;
  readonly field: string;
  readonly column?: string;
}

/** What is the answer of a component that is not run: it has to be in the input. */
export interface Expected {
  readonly ref: string;
  readonly field: string;
  readonly column?: string;
}

export interface PlannedNode<N extends Node = Node> {
  readonly node: N;
  readonly supplies: readonly Supply<N>[];
  readonly expected: readonly Expected[];
}

/** What decides beside the components themselves. */
export interface Surroundings {
  /** The contract of the whole artifact. */
  readonly whole: Service;
  /** All components, those that cannot be run among them. */
  readonly all: readonly Pick<Node, "ref" | "names" | "folder">[];
  /** For each folder of a component, the folders of those that the artifact's files say it uses. */
  readonly stated: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The chosen components, each after those whose answers it gets; else in the order in which they are given.
 * @throws Refusal `usage` for names that can mean several things, and for components that wait for one another
 */
export function planNodes<N extends Node>(
  chosen: readonly N[],
  surroundings: Surroundings,
): readonly PlannedNode<N>[] {
  const problems: Problem[] = [];
  const planned = chosen.map((node): PlannedNode<N> => {
    const supplies: Supply<N>[] = [];
    const expected: Expected[] = [];
    for (const place of placesOf(node.service)) {
      const source = sourceOf(place, node, surroundings, problems);
      if (source === undefined) continue;
      const { field, column } = place;
      const where = { field, ...(column === undefined ? {} : { column }) };
      const from = chosen.find(({ folder }) => folder === source.folder);
      if (from === undefined) expected.push({ ref: source.ref, ...where });
      else supplies.push({ from, ...where });
    }
    return { node, supplies, expected };
  });
  if (problems.length > 0) throw new Refusal("usage", problems);
  return inOrder(planned);
}

/** Something that a component is given: an argument, a table, or a column of a table. */
interface Place {
  readonly name: string;
  readonly field: string;
  readonly column?: string;
}

function placesOf({ operation }: Pick<Service, "operation">): readonly Place[] {
  return inSourceOrder(operation.request).flatMap((field) => [
    ...(field.role === "parameters" ? [] : [{ name: field.source, field: field.source }]),
    ...columnsOf(field).map(({ source }) => ({ name: source, field: field.source, column: source })),
  ]);
}

function columnsOf({ role, type }: RequestField): readonly Field[] {
  const isTable = role === "table" && type.kind === "array" && type.items.kind === "struct";
  return isTable ? inSourceOrder(type.items.message) : [];
}

/** The component whose answer belongs to a place, if any; a problem where that is not certain. */
function sourceOf(
  { name, ...place }: Place,
  user: Node,
  { all, stated, whole }: Surroundings,
  problems: Problem[],
): Pick<Node, "ref" | "folder"> | undefined {
  const called = all.filter(({ names, folder }) => folder !== user.folder && names.includes(name));
  if (called.length === 0) return undefined;
  const used = called.filter(({ folder }) => stated.get(user.folder)?.has(folder) === true);
  const isInput = placesOf(whole).some((one) => one.field === place.field && one.column === place.column);
  const candidates = used.length > 0 ? used : called;
  const [one] = candidates;
  if (one === undefined || candidates.length > 1 || (isInput && used.length === 0)) {
    const meant = [
      ...candidates.map(({ folder }) => `the answer of the component in \`${shown(folder)}\``),
      ...(isInput && used.length === 0 ? ["the input of the artifact"] : []),
    ];
    problems.push({
      where: shown(user.ref),
      path: shown(place.column === undefined ? name : `${place.field}.${name}`),
      message: `Can be ${meant.join(", or ")}.`,
      remedy: "Run the components one after another with --only, and give each what it needs.",
    });
    return undefined;
  }
  return one;
}

/** @throws Refusal `usage` where components wait for one another */
function inOrder<N extends Node>(planned: readonly PlannedNode<N>[]): readonly PlannedNode<N>[] {
  const done: PlannedNode<N>[] = [];
  let waiting = planned;
  while (waiting.length > 0) {
    const isWaiting = (node: Node): boolean => waiting.some((one) => one.node === node);
    const ready = waiting.filter(({ supplies }) => !supplies.some(({ from }) => isWaiting(from)));
    if (ready.length === 0) throw circle(waiting);
    done.push(...ready);
    waiting = waiting.filter((one) => !ready.includes(one));
  }
  return done;
}

function circle(waiting: readonly PlannedNode[]): Refusal {
  const problems = waiting.map(({ node, supplies }): Problem => {
    const names = [...new Set(supplies.map(({ from }) => `\`${shown(from.ref)}\``))].join(", ");
    const message = `Needs the answer of ${names}, and these wait for one another.`;
    return { where: shown(node.ref), path: "", message, remedy: "Exclude one of them, and give its answer." };
  });
  return new Refusal("usage", problems);
}
