/** Several components of an artifact, one after another, each given the answers of those that it needs. */
import {
  chooseComponents,
  isRunnable,
  nameComponents,
  type RunnableComponent,
} from "../components/choose-component.js";
import { contractComponent, type ContractedComponent } from "../components/contract-component.js";
import { readNodeInputs, withAnswers } from "../components/node-inputs.js";
import { planNodes, type Node } from "../components/plan-nodes.js";
import { readComponents, type Component } from "../components/read-components.js";
import { statedUses } from "../components/stated-uses.js";
import { Refusal } from "../errors.js";
import { encodeJson } from "../json/encode.js";
import type { JsonValue } from "../strict-json.js";
import type { Contracted } from "../serve-artifact.js";
import { newStruct, type Value } from "../values.js";
import { callOnce, ofComponent, type OneCall } from "./call-once.js";

export interface Choice {
  /** Only these; absent: all that have a `main()`. */
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
}

type ChosenNode = Node & { readonly contracted: ContractedComponent };

/**
 * @param json the input of the whole artifact, with the answers of components that are not run where others need them
 * @returns the answer of each component by its ref, as JSON text
 * @throws Refusal for whatever is wrong with the choice, the input or a component
 */
export async function runComponents(
  whole: Contracted,
  choice: Choice,
  json: JsonValue,
  call: OneCall,
): Promise<string> {
  const all = await readComponents(whole.artifact);
  const nodes: ChosenNode[] = [];
  for (const component of chosenOf(all, choice)) {
    const contracted = await contractComponent(whole.artifact, whole.main, component, all);
    const { ref, names, folder } = component;
    const key = all.some((one) => one !== component && one.ref === ref) ? folder : ref;
    nodes.push({ ref: key, names, folder, service: contracted.service, contracted });
  }
  const stated = await statedUses(whole.artifact, whole.service);
  const planned = planNodes(nodes, { whole: whole.service, all, stated });
  const services = [whole, ...nodes].map(({ service }) => service);
  const { inputs, violations } = readNodeInputs(json, planned, services);
  if (violations.length > 0) {
    const remedy = "Correct the input.";
    throw new Refusal(
      "usage",
      violations.map((violation) => ({ where: call.names.input, ...violation, remedy })),
    );
  }
  const answers = new Map<Node, Value>();
  for (const one of planned) {
    const { contracted } = one.node;
    const given = withAnswers(inputs.get(one.node) ?? newStruct(), one, answers);
    answers.set(one.node, await callOnce(contracted, ofComponent(call, one.node.ref), () => given));
  }
  return encodeJson(new Map([...answers].map(([{ ref }, answer]) => [ref, answer])), "  ");
}

/** @throws Refusal `usage` for names that mean none, and when nothing is left to run */
function chosenOf(
  all: readonly Component[],
  { include, exclude = [] }: Choice,
): readonly RunnableComponent[] {
  const excluded = new Set<Component>(nameComponents(all, exclude));
  const candidates =
    include === undefined
      ? all.filter(isRunnable).filter(({ showsMain }) => showsMain)
      : chooseComponents(all, include);
  const chosen = candidates.filter((component) => !excluded.has(component));
  if (chosen.length > 0) return chosen;
  const message = "No component is left to run.";
  const remedy = "See `inspect` for those with a main(), or run the whole artifact.";
  throw new Refusal("usage", [{ where: "--include, --exclude", path: "", message, remedy }]);
}
