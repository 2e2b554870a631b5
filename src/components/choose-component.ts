/** Which component a person means. */
import { Refusal, type Problem } from "../errors.js";
import { shown } from "../problems.js";
import type { Component } from "./read-components.js";

/** A component with a module that Python can import. */
export type RunnableComponent = Component & { readonly module: string };

const MOST_LISTED = 50;

/**
 * The components that `refs` name, each by its ref, else by any other of its names or its folder.
 * @throws Refusal `usage` with every name that means none, or several, or a component that cannot be run
 */
export function chooseComponents(
  all: readonly Component[],
  refs: readonly string[],
): readonly RunnableComponent[] {
  return choose(all, refs, (component) => (isRunnable(component) ? component : undefined));
}

/** The same of components that need not be such as can be run. @throws Refusal `usage` */
export function nameComponents(all: readonly Component[], refs: readonly string[]): readonly Component[] {
  return choose(all, refs, (component) => component);
}

function choose<C extends Component>(
  all: readonly Component[],
  refs: readonly string[],
  accept: (component: Component) => C | undefined,
): readonly C[] {
  const problems: Problem[] = [];
  const chosen = refs.flatMap((ref) => {
    const candidates = candidatesOf(all, ref);
    const [component] = candidates;
    const accepted = component === undefined || candidates.length > 1 ? undefined : accept(component);
    if (accepted !== undefined) return [accepted];
    problems.push({ where: shown(ref), path: "", ...complaint(all, candidates) });
    return [];
  });
  if (problems.length > 0) throw new Refusal("usage", problems);
  return [...new Set(chosen)];
}

/** Whether there is a module in which Python can look for its `main()`. */
export function isRunnable(component: Component): component is RunnableComponent {
  return component.module !== undefined;
}

function candidatesOf(all: readonly Component[], ref: string): readonly Component[] {
  const exact = all.filter((component) => component.ref === ref);
  if (exact.length === 1) return exact;
  return all.filter(({ names, folder }) => names.includes(ref) || folder === ref);
}

function complaint(
  all: readonly Component[],
  candidates: readonly Component[],
): Pick<Problem, "message" | "remedy"> {
  const [component] = candidates;
  if (candidates.length > 1) {
    const folders = candidates.map(({ folder }) => `\`${shown(folder)}\``).join(", ");
    return { message: `Can be the component of ${folders}.`, remedy: "Name its folder." };
  }
  if (component !== undefined) {
    const message = `It has no main(): ${shown(component.folder)} has neither python_dict nor __init__.py nor main.py.`;
    return { message, remedy: listed(all.filter(isRunnable)) };
  }
  return { message: "The artifact has no such component.", remedy: listed(all) };
}

function listed(components: readonly Component[]): string {
  if (components.length === 0) return "It has none that can be run; run the whole artifact.";
  const lines = components.slice(0, MOST_LISTED).map(describeComponent);
  const more = components.length - lines.length;
  return ["These are there:", ...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n");
}

function describeComponent({ ref, needs, module, showsMain }: Component): string {
  const names = needs.slice(0, MOST_LISTED).map((need) => shown(need));
  const inputs = names.length === 0 ? "nothing" : names.join(", ");
  const what = module === undefined ? "no main()" : showsMain ? `needs ${inputs}` : "no main() is seen";
  return `  ${shown(ref)}: ${what}`;
}
