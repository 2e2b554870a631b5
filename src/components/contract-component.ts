/** The contract under which a component is run by itself. */
import type { Artifact } from "../artifact/read-artifact.js";
import { contractOf } from "../contract-of.js";
import { limitRows } from "../contract/limit-rows.js";
import type { MainOptions } from "../contract/main-options.js";
import type { Service } from "../contract/model.js";
import type { RunnableComponent } from "./choose-component.js";
import { componentArtifact } from "./component-artifact.js";
import type { Component } from "./read-components.js";

/** A component with its contract; fits `Contracted`. */
export interface ContractedComponent {
  readonly component: RunnableComponent;
  readonly artifact: Artifact;
  readonly service: Service;
  readonly main: MainOptions;
  readonly module: string;
  readonly beyondLock: number;
}

/**
 * @param main how the `main()` of the artifact is called: the forms of its data are those of its components, the parameters of
 * another function are its own
 * @param all the components of the artifact
 * @throws Refusal `artifact` with every problem of its files
 */
export async function contractComponent(
  whole: Artifact,
  main: MainOptions,
  component: RunnableComponent,
  all: readonly Component[],
): Promise<ContractedComponent> {
  const artifact = await componentArtifact(whole, component, all);
  const options: MainOptions = { ...main, callStyle: "auto" };
  const service = limitRows(contractOf(artifact), options);
  return { component, artifact, service, main: options, module: component.module, beyondLock: 0 };
}
