/** Holds our findings against those of the real `buf breaking`. */
import assert from "node:assert/strict";
import { diffContracts } from "../../src/diff/diff-contracts.js";
import { descriptorFindings } from "../../src/diff/descriptor-findings.js";
import { bufBreaking, type BufFinding } from "./buf-breaking.js";
import type { ContractPair } from "./corpus.js";

/** The rules that were broken, and how many pairs buf found nothing in. */
export interface Agreement {
  readonly rules: ReadonlySet<string>;
  readonly unbroken: number;
}

/** @throws AssertionError naming the first pair about which the two disagree, and what was done to it */
export function assertAgreement(pairs: readonly ContractPair[]): Agreement {
  const theirs = new Map<string, Set<string>>();
  for (const finding of bufBreaking(pairs)) {
    const alias = finding.path.split("/").find((part) => part.startsWith("case_")) ?? "";
    theirs.set(alias, (theirs.get(alias) ?? new Set()).add(keyOf(finding)));
  }
  const rules = new Set<string>();
  let unbroken = 0;
  for (const { before, after, history } of pairs) {
    const findings = descriptorFindings(before, after);
    const found = theirs.get(before.alias) ?? new Set();
    const ours = new Set(findings.map(({ rule, message, number }) => key(rule, message, number)));
    const what = `${before.alias}: ${history.join("; ")}`;
    assert.deepEqual([...ours].sort(), [...found].sort(), what);
    const breaks = diffContracts(before, after).some(({ effects }) => effects.grpc.verdict === "breaking");
    assert.ok(found.size === 0 || breaks, `no change says why buf is right: ${what}`);
    for (const { rule } of findings) rules.add(rule);
    if (found.size === 0) unbroken += 1;
  }
  return { rules, unbroken };
}

/** One finding of buf; the message and the number stand in its text. */
function keyOf({ type, message: text }: BufFinding): string {
  const [, message = ""] = /message "([^"]+)"/.exec(text) ?? [];
  const [, number] = /ield "(\d+)"/.exec(text) ?? [];
  return key(type, message, number === undefined ? undefined : Number(number));
}

/** Buf names entries of maps without the message around them, and with procedures only the service. */
function key(rule: string, message: string, number: number | undefined): string {
  const place = rule.startsWith("RPC_") ? "" : (message.split(".").at(-1) ?? "");
  return [rule, place, rule.startsWith("FIELD_") ? number : undefined].join(" ").trimEnd();
}
