/** Whether an artifact keeps what its lock promises callers. */
import type { Artifact } from "../artifact/read-artifact.js";
import { limitRows } from "../contract/limit-rows.js";
import type { Service } from "../contract/model.js";
import { contractOf } from "../contract-of.js";
import type { Change } from "../diff/change.js";
import { diffContracts } from "../diff/diff-contracts.js";
import { Refusal, type Problem } from "../errors.js";
import { interfaceHash } from "./interface-hash.js";
import { SERVED } from "./served-protocols.js";
import type { Lock } from "./read-lock.js";

export interface Fitted {
  /** The contract to serve: that of the lock, with what the artifact has more. */
  readonly service: Service;
  /** What is served beyond the lock; compatible with it for every protocol. */
  readonly beyond: readonly Change[];
}

/**
 * The contract of an artifact that is served under a lock. Documentation stays that of the lock, so that a retrained model changes no
 * file that callers have.
 * @param frozen whether the artifact must have exactly the interface of the lock
 * @throws Refusal `difference` when it breaks callers, or differs at all and `frozen`; `usage` when the lock was edited and not
 * written anew, or belongs to another artifact
 */
export function fitLock(artifact: Artifact, lock: Lock, frozen: boolean): Fitted {
  const { content, service: promised, path } = lock;
  if (content.service !== artifact.alias) {
    const message = `Belongs to ${content.service}, and the artifact is ${artifact.alias}.`;
    throw new Refusal("usage", [
      { where: path, path: "service", message, remedy: "Name the lock of this artifact." },
    ]);
  }
  if (interfaceHash(promised) !== content.interface) {
    const message = "The lock was edited since it was written.";
    const remedy = "Run `lock --previous` with it, review what that says, and use the new lock.";
    throw new Refusal("usage", [{ where: path, path: "interface", message, remedy }]);
  }
  const carried = contractOf(artifact, { previous: promised, keepTexts: true });
  const service = limitRows(carried, content.main);
  if (interfaceHash(service) === content.interface) return { service, beyond: [] };
  const changes = diffContracts(promised, service);
  const problems = changes
    .filter((change) => frozen || isBreaking(change))
    .map((change) => problemOf(change, artifact.source));
  if (problems.length > 0) throw new Refusal("difference", problems);
  return { service, beyond: changes };
}

function isBreaking({ effects }: Change): boolean {
  return SERVED.some((protocol) => effects[protocol].verdict === "breaking");
}

function problemOf({ path, kind, before, after, effects }: Change, where: string): Problem {
  const broken = SERVED.filter((protocol) => effects[protocol].verdict === "breaking");
  const [protocol] = broken;
  const why = protocol === undefined ? "" : ` ${effects[protocol].why}`;
  const sides = [before, after].filter((side) => side !== undefined).join(" → ");
  const what = `${kind.replaceAll("_", " ")}${sides === "" ? "" : ` (${sides})`}`;
  const whom = broken.length === 0 ? "compatible, but not in the lock" : `breaks ${broken.join(", ")}`;
  const remedy =
    "Run `lock --previous` to promise callers the new contract, or serve an artifact that keeps the old one.";
  return { where, path, message: `${what}: ${whom}.${why}`, remedy };
}
