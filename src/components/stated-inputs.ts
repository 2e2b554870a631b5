/** The inputs of a component without an `input_info.json`: those of the artifact that its `metadata.json` says it is made from. */
import type { InputColumn, InputInfo } from "../artifact/input-info.js";
import { METADATA_FILE } from "../artifact/metadata.js";
import { inputNodes, newIds } from "../describe/input-nodes.js";
import { problemList, shown } from "../problems.js";
import type { Component } from "./read-components.js";

/**
 * A table that is named is meant whole, a column alone. Prompts, models and other components that it is made from are no
 * inputs: its code has them.
 * @param all the components of the artifact
 * @throws Refusal `artifact` with every name that is neither an input nor an object, or can be several inputs
 */
export function statedInputs(inputs: InputInfo, component: Component, all: readonly Component[]): InputInfo {
  const problems = problemList(METADATA_FILE);
  const nodes = inputNodes(inputs, newIds());
  const others = new Set(all.filter((one) => one !== component).flatMap(({ names }) => names));
  const used = new Set<string>();
  for (const { name, objectType, object } of component.found.object.uses) {
    const meant = nodes.find(name);
    const [input] = meant;
    if (input !== undefined && meant.length === 1) used.add(input.ref);
    else if (meant.length > 1) {
      const candidates = meant.map(({ ref }) => `\`${shown(ref)}\``).join(", ");
      problems.add(shown(name), `Can be ${candidates}.`, "Give the component an input_info.json.");
    } else if (objectType === undefined && object === undefined && !others.has(name)) {
      const message = "Is neither an input of the artifact nor a component.";
      problems.add(shown(name), message, "Give the component an input_info.json.");
    }
  }
  problems.refuse();
  const ofTable = (table: string): ((column: InputColumn) => boolean) =>
    used.has(table) ? () => true : ({ alias }) => used.has(`${table}.${alias}`);
  return {
    tables: inputs.tables
      .map((table) => ({ ...table, columns: table.columns.filter(ofTable(table.alias)) }))
      .filter(({ alias, columns }) => used.has(alias) || columns.length > 0),
    arguments: inputs.arguments.filter(({ alias }) => used.has(alias)),
    parameters: inputs.parameters.filter(({ alias }) => used.has(`parameters.${alias}`)),
  };
}
