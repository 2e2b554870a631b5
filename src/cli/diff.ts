/** `diff`: what a new version of an artifact would break, for the callers of each protocol. */
import { Refusal } from "../errors.js";
import { PROTOCOLS } from "../diff/change.js";
import { diffContracts } from "../diff/diff-contracts.js";
import { diffReport } from "../diff/report.js";
import { areSideBySide, verdictsOf } from "../diff/verdicts.js";
import { formatDiff } from "./format-diff.js";
import { readTwoContracts } from "./two-contracts.js";
import { printOut } from "./print-out.js";

export const FAIL_ON = ["breaking", "any"] as const;

interface DiffFlags {
  readonly failOn?: (typeof FAIL_ON)[number];
  readonly json?: boolean;
}

const NOTE =
  "note: Neither side is a contract lock, so that names and numbers were given anew. `lock` keeps them from version to version.\n";

/**
 * @param oldPath, newPath artifacts or contract locks
 * @throws Refusal `difference` when there is one that `--fail-on` forbids; the comparison is printed before
 */
export async function diff(oldPath: string, newPath: string, { failOn, json }: DiffFlags): Promise<void> {
  const { before, after, isLocked } = await readTwoContracts(oldPath, newPath);
  const changes = diffContracts(before, after);
  await printOut(
    json === true
      ? `${JSON.stringify(diffReport(before, after, changes), null, 2)}\n`
      : formatDiff(before, after, changes),
  );
  const verdicts = verdictsOf(changes, areSideBySide(before, after));
  if (changes.length > 0 && !isLocked) process.stderr.write(NOTE);
  const broken = PROTOCOLS.filter((protocol) => verdicts[protocol] === "breaking");
  if (failOn === "breaking" && broken.length > 0) {
    throw forbidden(
      newPath,
      `Breaks callers over ${broken.join(", ")}.`,
      "Give it a new major, or take it back.",
    );
  }
  if (failOn === "any" && changes.length > 0) {
    throw forbidden(newPath, `Differs from ${oldPath}.`, "Review the differences.");
  }
}

function forbidden(where: string, message: string, remedy: string): Refusal {
  return new Refusal("difference", [{ where, path: "", message, remedy }]);
}
