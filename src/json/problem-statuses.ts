/** What a JSON caller is answered for each code: the HTTP status (design section 6) and the title of the problem. */
import type { Code } from "../errors.js";

export interface ProblemStatus {
  readonly status: number;
  /** `title` of RFC 9457, section 3.1.3: the same for every occurrence. */
  readonly title: string;
}

export const PROBLEM_STATUSES = {
  invalid_input: { status: 400, title: "The request does not fit the contract." },
  unauthenticated: { status: 401, title: "The caller is not known." },
  permission_denied: { status: 403, title: "The caller may not do this." },
  not_found: { status: 404, title: "There is nothing at this address." },
  contract_mismatch: { status: 409, title: "The caller knows another contract." },
  too_large: { status: 413, title: "The message is too large." },
  unsupported: { status: 415, title: "The request is in a form that is not supported." },
  artifact_error: { status: 500, title: "The artifact failed." },
  output_invalid: { status: 500, title: "The artifact returned what its contract does not declare." },
  worker_lost: { status: 500, title: "The process of the artifact was lost during the call." },
  internal: { status: 500, title: "The gateway failed." },
  overloaded: { status: 503, title: "There are more calls than can be served." },
  unavailable: { status: 503, title: "The artifact cannot be called now." },
  deadline_exceeded: { status: 504, title: "The call took longer than it was allowed." },
} as const satisfies Record<Code, ProblemStatus>;

/** Statuses that no code has: the request was refused by its head, or did not come. The code beside them says less. */
export const REFUSED_EARLY: ReadonlyMap<number, string> = new Map([
  [406, "The caller does not accept JSON."],
  [408, "The request came too slowly."],
  [411, "The request does not say how long it is."],
]);

/** `type` of RFC 9457, section 3.1.1. */
export function problemType(code: Code): string {
  return `urn:artifact-gateway:problem:${code}`;
}
