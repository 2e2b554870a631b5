/** Artifacts and their contract locks: which belongs to which, and the contract under which each is served. */
import type { VariantCode } from "./artifact/input-info-variants.js";
import type { Artifact } from "./artifact/read-artifact.js";
import { contractOf } from "./contract-of.js";
import { DEFAULT_MAIN_OPTIONS } from "./contract/main-options.js";
import { Refusal } from "./errors.js";
import type { Contracted } from "./serve-artifact.js";
import { fitLock } from "./lock/fit-lock.js";
import { readLock, type Lock } from "./lock/read-lock.js";

export interface LockSettings {
  /** Files of locks; each belongs to the artifact that it names. */
  readonly lock?: readonly string[] | undefined;
}

/** The locks that the settings name. @throws Refusal `usage` for one that is wrong */
export function readLocks({ lock = [] }: LockSettings): readonly Lock[] {
  return lock.map(readLock);
}

/** What the locks say of how the `input_info.json` of an artifact is to be read. */
export function variantIn(locks: readonly Lock[]): (alias: string) => VariantCode | undefined {
  return (alias) => locks.find(({ content }) => content.service === alias)?.content.inputInfoVariant;
}

/**
 * The contract of each artifact: that of its lock, or without one that of the artifact alone.
 * @throws Refusal `usage` for a lock that belongs to none of them; `difference` when an artifact does not keep what its lock
 * promises
 */
export function contractAll(
  artifacts: readonly Artifact[],
  locks: readonly Lock[],
  frozen: boolean,
): readonly Contracted[] {
  refuseStray(locks, artifacts);
  return artifacts.map((artifact) => contractUnder(artifact, locks, frozen));
}

/** The contract of the only artifact there is. @throws Refusal like `contractAll` */
export function contractOne(artifact: Artifact, locks: readonly Lock[], frozen: boolean): Contracted {
  refuseStray(locks, [artifact]);
  return contractUnder(artifact, locks, frozen);
}

function contractUnder(artifact: Artifact, locks: readonly Lock[], frozen: boolean): Contracted {
  const lock = locks.find(({ content }) => content.service === artifact.alias);
  if (lock !== undefined) {
    const { service, beyond } = fitLock(artifact, lock, frozen);
    return { artifact, service, main: lock.content.main, beyondLock: beyond.length };
  }
  if (frozen) {
    const message = "Has no contract lock, and --frozen allows nothing else.";
    const remedy = "Name its lock with --lock, or write one with `lock`.";
    throw new Refusal("usage", [{ where: artifact.source, path: "", message, remedy }]);
  }
  return { artifact, service: contractOf(artifact), main: DEFAULT_MAIN_OPTIONS, beyondLock: 0 };
}

/** A lock that is for nobody here is a mistake of whoever named it; two for one artifact are one too. */
function refuseStray(locks: readonly Lock[], artifacts: readonly Artifact[]): void {
  const problems = locks.flatMap(({ path, content: { service } }, index) => {
    if (locks.findIndex(({ content }) => content.service === service) < index) {
      const message = `A second lock of ${service}.`;
      return [{ where: path, path: "service", message, remedy: "Name one lock for each artifact." }];
    }
    if (artifacts.some(({ alias }) => alias === service)) return [];
    const found = artifacts.map(({ alias }) => alias).join(", ");
    const message = `Belongs to ${service}, which is not served; served: ${found}.`;
    return [
      { where: path, path: "service", message, remedy: "Name the lock of an artifact that is served." },
    ];
  });
  if (problems.length > 0) throw new Refusal("usage", problems);
}
