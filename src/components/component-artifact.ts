/**
 * A component as an artifact of its own: with its own metadata, inputs and `main()`, in the root and under the versions of the
 * whole. So that its contract is built, and its calls are checked, by the same code.
 */
import { artifactAlias } from "../artifact/artifact-alias.js";
import { addChatInputs, addFunctionInputs, chatOutput } from "../artifact/chat-inputs.js";
import { INPUT_INFO_FILE, normaliseInputInfo, type InputInfo } from "../artifact/input-info.js";
import { METADATA_FILE, readMetadata, type Metadata } from "../artifact/metadata.js";
import { readJson, type Artifact } from "../artifact/read-artifact.js";
import { Refusal, type Problem } from "../errors.js";
import { statedInputs } from "./stated-inputs.js";
import type { RunnableComponent } from "./choose-component.js";
import type { Component } from "./read-components.js";

/**
 * @param all the components of the artifact
 * @throws Refusal `artifact` with every problem of its files
 */
export async function componentArtifact(
  artifact: Artifact,
  component: RunnableComponent,
  all: readonly Component[],
): Promise<Artifact> {
  const { folder } = component;
  const found: Problem[] = [];
  const inFolder = (problem: Problem): Problem =>
    problem.where === INPUT_INFO_FILE || problem.where === METADATA_FILE
      ? { ...problem, where: `${folder}/${problem.where}` }
      : problem;
  try {
    const declared = await metadataOf(artifact, folder, found);
    const inputs = await inputsOf(artifact, component, all, declared, found);
    const { alias } = artifactAlias({ alias: component.ref, name: component.found.component.name }, folder);
    return {
      ...artifact,
      alias,
      metadata: { ...declared, ...chatOutput(declared) },
      inputs,
      warnings: found.map(inFolder),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.kind, error.problems.map(inFolder));
  }
}

async function metadataOf(artifact: Artifact, folder: string, warnings: Problem[]): Promise<Metadata> {
  const json = await jsonAt(artifact, `${folder}/${METADATA_FILE}`);
  const read = readMetadata(json ?? null);
  warnings.push(...read.warnings);
  return read.metadata;
}

/** Its own `input_info.json`; without one, the inputs of the artifact that its metadata says it is made from. */
async function inputsOf(
  artifact: Artifact,
  component: RunnableComponent,
  all: readonly Component[],
  metadata: Metadata,
  warnings: Problem[],
): Promise<InputInfo> {
  const { objectType } = metadata;
  const json = await jsonAt(artifact, `${component.folder}/${INPUT_INFO_FILE}`);
  const listed =
    json === undefined
      ? statedInputs(artifact.inputs, component, all)
      : normaliseInputInfo(json, { objectType, warnings });
  return addChatInputs(addFunctionInputs(listed, metadata, warnings), metadata, warnings);
}

function jsonAt({ root, files }: Artifact, path: string): ReturnType<typeof readJson> | undefined {
  const file = files.find((one) => one.path === path);
  return file === undefined ? undefined : readJson({ root }, file);
}
