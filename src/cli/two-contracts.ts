/** The two contracts that a comparison is about: each from a contract lock, or from an artifact. */
import { contractOf } from "../contract-of.js";
import type { Service } from "../contract/model.js";
import { Refusal } from "../errors.js";
import type { ContractLock } from "../lock/lock-schema.js";
import { readLock } from "../lock/read-lock.js";
import { serviceOfLock } from "../lock/service-of-lock.js";
import { problemList } from "../problems.js";
import { withArtifact } from "./with-artifact.js";

export interface TwoContracts {
  readonly before: Service;
  readonly after: Service;
  /** False: names and numbers of both were given anew, and nothing keeps them alike. */
  readonly isLocked: boolean;
}

/**
 * A new artifact goes on from an old lock, as it is served with it.
 * @throws Refusal `usage` for a lock, `artifact` for an artifact, with every problem
 */
export async function readTwoContracts(oldPath: string, newPath: string): Promise<TwoContracts> {
  const lock = isLockPath(oldPath) ? readLock(oldPath) : undefined;
  const before = lock === undefined ? await contractAlone(oldPath) : asItWas(lock.content, oldPath);
  if (isLockPath(newPath)) return { before, after: readLock(newPath).service, isLocked: true };
  if (lock === undefined) return { before, after: await contractAlone(newPath), isLocked: false };
  const { service: previous } = lock;
  const after = await withArtifact(newPath, (artifact) => contractOf(artifact, { previous }));
  return { before, after, isLocked: true };
}

/** Locks are JSON files; neither a folder nor an archive of an artifact is named so. */
function isLockPath(path: string): boolean {
  return path.endsWith(".json");
}

function contractAlone(path: string): Promise<Service> {
  return withArtifact(path, (artifact) => contractOf(artifact));
}

/** What callers know today: a lock may already state how the next version renames a field. */
function asItWas(content: ContractLock, path: string): Service {
  const problems = problemList(path);
  const service = serviceOfLock(
    {
      ...content,
      request: withoutRenames(content.request),
      response: withoutRenames(content.response),
      types: content.types.map((type) => (type.kind === "record" ? withoutRenames(type) : type)),
    },
    problems,
  );
  if (problems.listed().length > 0) throw new Refusal("usage", problems.listed());
  return service;
}

function withoutRenames<M extends Pick<ContractLock["request"], "fields">>(message: M): M {
  const fields = message.fields.map((field) => {
    const copy = { ...field };
    delete copy.renamedTo;
    return copy;
  });
  return { ...message, fields };
}
