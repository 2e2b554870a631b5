/** The stable form of a comparison, for programs: `docs/diff.md` describes it. */
import type { Service } from "../contract/model.js";
import type { Change } from "./change.js";
import { descriptorFindings } from "./descriptor-findings.js";
import { areSideBySide, verdictsOf } from "./verdicts.js";

/** @param changes what `diffContracts` returned for the two */
export function diffReport(before: Service, after: Service, changes: readonly Change[]): object {
  const sideBySide = areSideBySide(before, after);
  const findings = descriptorFindings(before, after);
  return {
    before: { alias: before.alias, major: before.major },
    after: { alias: after.alias, major: after.major },
    side_by_side: sideBySide,
    verdicts: verdictsOf(changes, sideBySide),
    descriptor: {
      verdict: findings.length > 0 ? "breaking" : "compatible",
      findings: findings.map(({ rule, message, number }) => ({ rule, message, number: number ?? null })),
    },
    changes: changes.map(({ direction, kind, path, before: was, after: is, effects }) => ({
      direction,
      kind,
      path,
      before: was ?? null,
      after: is ?? null,
      effects,
    })),
  };
}
