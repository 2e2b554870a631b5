/** Everything that can be said of an artifact without running it. */
import { METADATA_FILE, type Metadata } from "../artifact/metadata.js";
import type { Artifact } from "../artifact/read-artifact.js";
import type { Service } from "../contract/model.js";
import { soapVersionPath } from "../contract/soap-names.js";
import type { Problem } from "../errors.js";
import type { Lineage } from "../lineage/graph.js";
import { memberPath, problemList, type ProblemList } from "../problems.js";
import { isJsonObject, type JsonObject } from "../strict-json.js";
import { artifactContents } from "./artifact-contents.js";
import { buildLineage } from "./build-lineage.js";
import { compareVersions, type Installed } from "./compare-versions.js";
import { findComponents } from "./components.js";
import { describeInputs, describeOutput } from "./describe-inputs.js";
import type { ArtifactDescription, DependentVariable, ServedAs } from "./description.js";
import { filesWithRoles } from "./file-roles.js";
import { firstText } from "./json-members.js";
import { findKnowledge } from "./knowledge.js";
import { findLlmSettings, SETTINGS_KEYS } from "./llm-settings.js";
import { objectTypeOf, TYPED_KEYS } from "./object-types.js";
import { findPrompts } from "./prompts.js";
import { GRAPH_KEYS, readGraph } from "./stated-graph.js";
import { newContent, USE_KEYS, usesIn, type StatedObject, type Use } from "./stated-objects.js";

/** Under which contract it is served, or why it cannot be served as it is. */
export type ContractOrProblems = { readonly service: Service } | { readonly problems: readonly Problem[] };

/** Names, lists and objects that are read of all files together; nobody's artifact has more. */
const MOST_STATED = 100_000;

/**
 * @param installed what the Python interpreter has; undefined when none was asked
 * @throws Refusal `artifact` when a file changed since the artifact was opened
 */
export async function describeArtifact(
  artifact: Artifact,
  contract: ContractOrProblems,
  installed?: Installed,
): Promise<ArtifactDescription> {
  const { metadata, inputs, versions, files } = artifact;
  const service = "service" in contract ? contract.service : undefined;
  const notes = problemList(METADATA_FILE);
  const contents = artifactContents(artifact.root, files, notes);
  const reader = { where: METADATA_FILE, notes, budget: { left: MOST_STATED } };
  const content = newContent(Object.fromEntries(metadata.extra));
  const uses = usesIn(content, "", reader);
  const graph = Object.entries(content).flatMap(([key, value]) =>
    GRAPH_KEYS.has(key) ? readGraph(value, memberPath("", key), reader) : [],
  );
  const found = await findComponents(contents, reader);
  const others = [...graph, ...found.map(({ object }): Use => ({ name: object.ref, object }))];
  const objects = objectsIn([...uses, ...others]);
  const settings = await findLlmSettings(objects, { content, where: METADATA_FILE }, contents);
  const prompts = await findPrompts(objects, contents, notes);
  const knowledge = findKnowledge(objects, contents);
  const lineage = lineageOf(artifact, { uses, others }, notes);
  return {
    alias: artifact.alias,
    source: artifact.source,
    digest: artifact.digest,
    ...factsOf(metadata),
    groups: metadata.groups ?? [],
    permissiblePurpose: metadata.permissiblePurpose ?? [],
    ...(inputs.variant === undefined ? {} : { inputInfoVariant: inputs.variant }),
    ...describeInputs(inputs, service),
    output: describeOutput(service, metadata.spelledOutputType),
    ...(service === undefined ? {} : { service: servedAs(service) }),
    contractProblems: "problems" in contract ? contract.problems : [],
    versions: compareVersions(versions, installed),
    settings,
    prompts,
    knowledge,
    components: found.map(({ component }) => component),
    lineage,
    files: filesWithRoles(files, { settings, prompts, knowledge }),
    otherMetadata: unreadMembers(content),
    warnings: [...artifact.warnings, ...notes.listed()],
  };
}

/** The single values of the metadata; those it does not have are left out. */
function factsOf(metadata: Metadata): Partial<ArtifactDescription> {
  const { name, version, objectType, pipelineType, description, format: artifactFormat } = metadata;
  const type = objectType === undefined ? undefined : objectTypeOf(objectType);
  const facts = { name, version, objectType: type, pipelineType, description, artifactFormat };
  const dependent = dependentVariable(metadata);
  return {
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    ...(dependent === undefined ? {} : { dependentVariable: dependent }),
  };
}

function dependentVariable({ dependent: stated }: Metadata): DependentVariable | undefined {
  if (stated === undefined) return undefined;
  const content = isJsonObject(stated) ? stated : newContent({ alias: stated });
  const facts = {
    alias: firstText(content, ["alias", "name"]),
    type: firstText(content, ["type", "data_type", "dataType", "dtype"]),
    description: firstText(content, ["description"]),
  };
  return { ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)), stated };
}

function servedAs(service: Service): ServedAs {
  return {
    soap: soapVersionPath(service, "1.1"),
    soap12: soapVersionPath(service, "1.2"),
    namespace: service.namespace,
    grpc: `${service.protoPackage}.${service.name}/${service.operation.name}`,
  };
}

function lineageOf(
  { alias, metadata, inputs }: Artifact,
  stated: { readonly uses: readonly Use[]; readonly others: readonly Use[] },
  notes: ProblemList,
): Lineage {
  const { name = alias, version, spelledOutputType: type, description, objectType } = metadata;
  const facts = {
    version,
    type,
    description,
    objectType: objectType === undefined ? undefined : objectTypeOf(objectType),
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return buildLineage({ artifact: { ref: alias, name, ...known, files: [] }, inputs, ...stated }, notes);
}

/** Every object that is described anywhere, those inside others included. */
function objectsIn(uses: readonly Use[]): readonly StatedObject[] {
  return uses.flatMap(({ object }) => (object === undefined ? [] : [object, ...objectsIn(object.uses)]));
}

/** What the metadata says beyond what is read here; null says nothing. */
function unreadMembers(content: JsonObject): JsonObject {
  const isRead = (key: string): boolean =>
    USE_KEYS.has(key) || TYPED_KEYS.has(key) || GRAPH_KEYS.has(key) || SETTINGS_KEYS.has(key);
  const unread = Object.entries(content).filter(([key, value]) => value !== null && !isRead(key));
  return newContent(Object.fromEntries(unread));
}
