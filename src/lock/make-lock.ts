/** A lock for an artifact: what carries over, what samples show, what a profile asks for, and what all this means for callers. */
import type { StatedVariant } from "../artifact/input-info-variants.js";
import type { Artifact } from "../artifact/read-artifact.js";
import { spellType } from "../artifact/spell-type.js";
import { compileResultCheck } from "../call/check-result.js";
import { withMajor } from "../contract/assemble-service.js";
import type { OutputSource } from "../contract/build-contract.js";
import { dataTypeOf } from "../contract/data-type-of.js";
import { limitRows } from "../contract/limit-rows.js";
import { DEFAULT_MAIN_OPTIONS, type MainOptions } from "../contract/main-options.js";
import type { Profile, Service } from "../contract/model.js";
import type { StatedTypes } from "../contract/state-types.js";
import { contractOf } from "../contract-of.js";
import type { Change, Protocol } from "../diff/change.js";
import { diffContracts } from "../diff/diff-contracts.js";
import { Refusal, type Problem } from "../errors.js";
import type { Finding } from "../lint/finding.js";
import { lintContract } from "../lint/lint-contract.js";
import { problemList } from "../problems.js";
import type { PythonValue, Struct } from "../values.js";
import { interfaceHash } from "./interface-hash.js";
import { learnOutput } from "./learn-output.js";
import type { ContractLock } from "./lock-schema.js";
import { lockOfService } from "./lock-of-service.js";
import { proposeFacets, type FacetProposal } from "./propose-facets.js";
import type { Lock } from "./read-lock.js";
import { SERVED } from "./served-protocols.js";
import { findMainOptions, type Attempt, type TryMain } from "./try-main.js";

export interface LockWishes {
  readonly previous?: Lock;
  readonly profile?: Profile;
  readonly major?: number;
  /** The type of the answer, stated by a person. */
  readonly output?: OutputSource;
  /** Types of columns that the artifact lists without one. */
  readonly types?: StatedTypes;
  readonly inputInfoVariant?: StatedVariant;
}

/** Files of inputs; read when it is known what the contract asks for. */
export interface Samples {
  readonly names: readonly string[];
  /** @throws Refusal `usage` for one that does not fit */
  read(service: Service): readonly Struct[];
  /** Runs `main()`, for a contract. */
  try(service: Service): TryMain;
}

export interface MadeLock {
  readonly lock: ContractLock;
  /** What differs for callers from the lock before. */
  readonly changes: readonly Change[];
  /** Protocols for which the major had to be raised. */
  readonly broken: readonly Protocol[];
  readonly proposals: readonly FacetProposal[];
  /** Findings that are no errors. */
  readonly warnings: readonly Finding[];
}

/**
 * @throws Refusal `usage` for a sample or a wish that does not fit; `artifact` when `main()` answers no sample, or its answers
 * cannot be described; `difference` when the profile asks for what the contract cannot give
 */
export async function makeLock(artifact: Artifact, wishes: LockWishes, samples: Samples): Promise<MadeLock> {
  const { previous, profile, output, major, types, inputInfoVariant } = wishes;
  const carried = {
    ...(types === undefined ? {} : { types }),
    ...(previous === undefined ? {} : { previous: previous.service }),
    ...(profile === undefined ? {} : { profile }),
  };
  const base = contractOf(artifact, { ...carried, ...(output === undefined ? {} : { output }) });
  const found = await trySamples(artifact, base, samples, previous?.content.main);
  const learned = output ?? learnedOutput(base, found);
  const described = limitRows(
    learned === undefined ? base : contractOf(artifact, { ...carried, output: learned }),
    found.main,
  );
  const proposed = proposeFacets(described, facetSamples(described, found));
  const numbered = numberVersion(proposed.service, previous, major);
  const findings = numbered.service.profile === "mainframe" ? lintContract(numbered.service) : [];
  refuseErrors(findings, artifact.source);
  return {
    lock: lockOfService(numbered.service, {
      revision: numbered.revision,
      main: found.main,
      inputInfoVariant,
      evidence: found.evidence.length > 0 ? found.evidence : (previous?.content.evidence ?? []),
    }),
    changes: numbered.changes,
    broken: numbered.broken,
    proposals: proposed.proposals,
    warnings: findings,
  };
}

interface Tried {
  readonly main: MainOptions;
  readonly inputs: readonly Struct[];
  readonly results: readonly PythonValue[];
  /** For people, in the lock. */
  readonly evidence: readonly string[];
}

async function trySamples(
  artifact: Artifact,
  service: Service,
  samples: Samples,
  before: MainOptions = DEFAULT_MAIN_OPTIONS,
): Promise<Tried> {
  if (samples.names.length === 0) return { main: before, inputs: [], results: [], evidence: [] };
  const inputs = samples.read(service);
  const { chosen, evidence, results } = await findMainOptions({
    source: artifact.source,
    service: service.resultOrigin === "samples" ? withDynamicResult(service) : service,
    samples: inputs,
    tryMain: samples.try(service),
    base: before,
  });
  return { main: chosen, inputs, results, evidence: evidence.map(describeAttempt) };
}

function describeAttempt({ callStyle, datasetFormat, outcome, reason, sameResults }: Attempt): string {
  const said = reason === "" ? outcome : `${outcome}: ${reason}`;
  const others = sameResults === false ? ", with other results" : "";
  return `${callStyle}, ${datasetFormat}: ${said}${others}`;
}

/** What earlier samples have shown does not bind new ones; both together are what is learned. */
function withDynamicResult(service: Service): Service {
  const { operation } = service;
  const [result] = operation.response.fields;
  const fields = [{ ...result, type: { kind: "dynamic" } }] as const;
  return { ...service, operation: { ...operation, response: { ...operation.response, fields } } };
}

/** The type that the samples show, where nothing else declares it. */
function learnedOutput({ resultOrigin, operation }: Service, { results }: Tried): OutputSource | undefined {
  const isOpen = resultOrigin === "undeclared" || resultOrigin === "samples";
  if (!isOpen || results.length === 0) return undefined;
  const problems = problemList("main()");
  const type = learnOutput(results, problems, dataTypeOf(operation.response.fields[0].type));
  problems.refuse();
  return type === undefined ? undefined : { type, spelled: spellType(type), origin: "samples" };
}

function facetSamples(
  { operation }: Service,
  { inputs, results }: Tried,
): Parameters<typeof proposeFacets>[1] {
  const check = compileResultCheck(operation.response.fields[0].type);
  return inputs.map((one, index) => {
    const result = results[index];
    return { inputs: one, ...(result === undefined ? {} : { result: check(result) }) };
  });
}

interface Numbered {
  readonly service: Service;
  readonly revision: number;
  readonly changes: readonly Change[];
  readonly broken: readonly Protocol[];
}

/** Whatever breaks a caller is another interface, beside the one before; everything else is a revision of it. */
function numberVersion(service: Service, previous: Lock | undefined, wished: number | undefined): Numbered {
  if (previous === undefined) {
    return { service: withMajor(service, wished ?? 1), revision: 1, changes: [], broken: [] };
  }
  const { content, service: before } = previous;
  const changes = diffContracts(before, withMajor(service, before.major));
  const broken = SERVED.filter((protocol) =>
    changes.some(({ effects }) => effects[protocol].verdict === "breaking"),
  );
  const major = wished ?? (broken.length > 0 ? before.major + 1 : before.major);
  const versioned = withMajor(service, major);
  if (major !== before.major) return { service: versioned, revision: 1, changes, broken };
  const isSame = changes.length === 0 && interfaceHash(versioned) === content.interface;
  return { service: versioned, revision: content.revision + (isSame ? 0 : 1), changes, broken };
}

function refuseErrors(findings: readonly Finding[], where: string): void {
  const problems = findings
    .filter(({ severity }) => severity === "error")
    .map(({ path, message, who, rule, source, remedy }): Problem => {
      return { where, path, message: `${message}. ${who}: ${rule} (${source})`, remedy };
    });
  if (problems.length > 0) throw new Refusal("difference", problems);
}
