/** What callers' tools would not like about a contract: the rules of CICS, IMS, COBOL, SAP and .NET, checked one by one. */
import type { Service } from "../contract/model.js";
import type { Finding, Rule } from "./finding.js";
import { NAME_RULES } from "./name-rules.js";
import { SIZE_RULES } from "./size-rules.js";
import { TYPE_RULES } from "./type-rules.js";

/** Every rule by its name, in the order in which findings are reported. */
export const RULES = { ...TYPE_RULES, ...NAME_RULES, ...SIZE_RULES } as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

/**
 * Every place where a contract breaks a rule, rule by rule. Under the profile `standard` nothing is an error: such a contract
 * promises these callers nothing.
 */
export function lintContract(service: Service): readonly Finding[] {
  return Object.entries<Rule>(RULES).flatMap(([id, { check, ...rule }]) => {
    const severity = service.profile === "mainframe" ? rule.severity : "warning";
    return check(service).map(({ path, message }): Finding => ({ id, ...rule, severity, path, message }));
  });
}
