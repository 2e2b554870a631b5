/**
 * Everything that can go wrong, in two closed lists: what a caller can be told (`Code`, `GatewayError`) and why a
 * command refuses to go on (`Refusal`). Each protocol has one total table from `Code` to its own words.
 */

/** The codes of design section 6. Adding one does not compile until every protocol's table has a row for it. */
export const CODES = [
  "invalid_input",
  "unauthenticated",
  "permission_denied",
  "not_found",
  "too_large",
  "unsupported",
  "contract_mismatch",
  "overloaded",
  "unavailable",
  "deadline_exceeded",
  "artifact_error",
  "output_invalid",
  "worker_lost",
  "internal",
] as const;

export type Code = (typeof CODES)[number];

/** Whether the caller may send the same call again, by itself, without asking anybody. */
export const RETRYABLE = {
  invalid_input: false,
  unauthenticated: false,
  permission_denied: false,
  not_found: false,
  too_large: false,
  unsupported: false,
  contract_mismatch: false,
  overloaded: true,
  unavailable: true,
  deadline_exceeded: false,
  artifact_error: false,
  output_invalid: false,
  worker_lost: false,
  internal: false,
} as const satisfies Record<Code, boolean>;

/** One offence in a request: where, by the names of `input_info.json`, and what was expected there. */
export interface Violation {
  /** For example `application[3].annual_income`; empty when the request as a whole is at fault. */
  readonly path: string;
  /** Our own words; never a value that the caller sent. */
  readonly message: string;
}

/** `application[3]` and `annual_income` as `application[3].annual_income`; either may be empty. */
export function joinPath(path: string, name: string): string {
  return path === "" || name === "" ? path + name : `${path}.${name}`;
}

export interface GatewayErrorOptions {
  readonly violations?: readonly Violation[];
  /** Milliseconds after which the caller may come back; only with a retryable code. */
  readonly retryAfterMs?: number;
  /** True when `main()` had begun: the caller then knows that the call may have had an effect. */
  readonly started?: boolean;
  /** For the log only. */
  readonly cause?: unknown;
}

/** The one error that leaves the middle of the gateway. `message` is shown to callers: our text, no input values. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: Code;
  readonly violations: readonly Violation[];
  readonly retryAfterMs: number | undefined;
  readonly started: boolean;

  constructor(code: Code, message: string, options: GatewayErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.started = options.started ?? false;
  }

  /** The same error of a call whose `main()` had begun. */
  afterStart(): GatewayError {
    if (this.started) return this;
    const { code, message, violations, retryAfterMs, cause } = this;
    const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
    return new GatewayError(code, message, { violations, ...retry, started: true, cause });
  }

  /** Any thrown thing as a `GatewayError`: what is not ours becomes `internal`, its text kept for the log only. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    return new GatewayError("internal", "The gateway could not answer this call.", { cause: thrown });
  }
}

/**
 * The refusal of a call for which there is no place. Nobody reads its stack, and taking one costs more than everything else
 * about a refusal; under an overload that would be the time of the calls that are answered.
 * @param retryAfterMs milliseconds after which the caller may come back
 */
export function overloaded(message: string, retryAfterMs: number): GatewayError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new GatewayError("overloaded", message, { retryAfterMs });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** One thing wrong with a file, a flag or a setting, said so that the reader can mend it. */
export interface Problem {
  /** The file, flag or environment variable, as its owner would name it. */
  readonly where: string;
  /** The place inside a JSON or YAML file, for example `tables[0].columns[2].type`; empty for the whole. */
  readonly path: string;
  /** What was found and what was expected. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Exit codes of design section 3. */
export const EXIT = { done: 0, defect: 1, usage: 2, artifact: 3, difference: 4 } as const;

/** A command refuses to go on; it carries every problem of its kind, not only the first. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly kind: "usage" | "artifact" | "difference";
  readonly problems: readonly Problem[];

  constructor(kind: Refusal["kind"], problems: readonly Problem[], options?: { readonly cause?: unknown }) {
    super(problems.map(describeProblem).join("\n"), options);
    this.kind = kind;
    this.problems = problems;
  }
}

/** `where: path: message Remedy.` on one line, leaving out what is empty. */
export function describeProblem(problem: Problem): string {
  const place = [problem.where, problem.path].filter((part) => part !== "").join(": ");
  return `${place}: ${problem.message} ${problem.remedy}`.trimEnd();
}
