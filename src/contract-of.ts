/** The contract of an artifact: by itself, or as it goes on from a contract that callers have. */
import type { Artifact } from "./artifact/read-artifact.js";
import { spellType } from "./artifact/spell-type.js";
import { buildContract, type OutputSource } from "./contract/build-contract.js";
import { dataTypeOf } from "./contract/data-type-of.js";
import type { Profile, Service } from "./contract/model.js";
import { stateTypes, type StatedTypes } from "./contract/state-types.js";

export interface ContractWishes {
  /** The contract that callers have. */
  readonly previous?: Service;
  /** Whether descriptions and notes stay those of `previous`: then a retrained model changes no generated file. */
  readonly keepTexts?: boolean;
  /** The type of the answer, where somebody has stated or learned it. */
  readonly output?: OutputSource;
  readonly profile?: Profile;
  readonly major?: number;
  /** Types of columns that the artifact lists without one. */
  readonly types?: StatedTypes;
}

const NONE: StatedTypes = new Map();

/** Pure: the same artifact and wishes give the same contract. @throws Refusal `artifact` for columns without a type */
export function contractOf(artifact: Artifact, wishes: ContractWishes = {}): Service {
  const { metadata, alias, inputs } = artifact;
  const { previous, keepTexts = false, types = NONE } = wishes;
  const description = metadata.description ?? metadata.name ?? "";
  return buildContract({
    ...wishes,
    alias: previous?.alias ?? alias,
    description: keepTexts && previous !== undefined ? previous.description : description,
    inputs: stateTypes(inputs, types, previous),
    output: wishes.output ?? outputOf(artifact, previous),
  });
}

/** What a person has declared counts more than `metadata.json`, and that more than what samples have shown. */
function outputOf({ metadata }: Artifact, previous: Service | undefined): OutputSource | undefined {
  const { outputType, spelledOutputType = "" } = metadata;
  const before = previous === undefined ? undefined : outputOfContract(previous);
  if (before?.origin === "declared") return before;
  if (outputType !== undefined) return { type: outputType, spelled: spelledOutputType, origin: "metadata" };
  return before?.origin === "samples" ? before : undefined;
}

function outputOfContract({ operation, resultOrigin }: Service): OutputSource | undefined {
  const [{ type, spelledType }] = operation.response.fields;
  const stated = dataTypeOf(type);
  if (stated === undefined || resultOrigin === "undeclared") return undefined;
  return {
    type: stated,
    spelled: spelledType === "" ? spellType(stated) : spelledType,
    origin: resultOrigin,
  };
}
