/** What the linter says of a contract, and the form of its rules. */
import type { Service } from "../contract/model.js";

/** Whose tools a rule is about. */
export type Caller = "CICS" | "COBOL" | "IMS" | "SAP" | ".NET";

/** `error`: a caller would get something wrong or could not begin. `warning`: it works, but people must know. */
export type Severity = "error" | "warning";

/** One place where a contract breaks a rule. */
export interface Breach {
  /** By the artifact's names: `application[].annual_income`, `result.reason_codes[]`, `tags[].key`; empty for the whole. */
  readonly path: string;
  /** What is there. */
  readonly message: string;
}

export interface Rule {
  readonly who: Caller;
  /** Under the profile `mainframe`; under `standard` everything is a warning. */
  readonly severity: Severity;
  /** What must hold, and what happens otherwise. */
  readonly rule: string;
  /** The document that says so. */
  readonly source: string;
  /** What to do about a breach. */
  readonly remedy: string;
  readonly check: (service: Service) => readonly Breach[];
}

/** One line of the answer of `lintContract`, and one object of its JSON form. */
export interface Finding extends Breach {
  /** The name of the rule in the list. */
  readonly id: string;
  readonly who: Caller;
  readonly severity: Severity;
  readonly rule: string;
  readonly source: string;
  readonly remedy: string;
}
