/** A failure as problem details (RFC 9457), equal in meaning to what SOAP and gRPC callers are told. */
import { RETRYABLE, type GatewayError } from "../errors.js";
import { HttpRefusal } from "../http/http-refusal.js";
import type { Reply } from "../http/reply.js";
import { PROBLEM_STATUSES, problemType } from "./problem-statuses.js";

export const PROBLEM_TYPE = "application/problem+json";

export interface ProblemOptions {
  readonly requestId: string;
  /** Most violations that are listed. */
  readonly maxViolations: number;
}

/** The reply to a call that failed: our own text, the code, the places and the request id; nothing of the cause. */
export function problemReply(error: GatewayError, { requestId, maxViolations }: ProblemOptions): Reply {
  const { code, message, started, violations, retryAfterMs } = error;
  const refused = error instanceof HttpRefusal ? error : undefined;
  const { status: usual, title } = PROBLEM_STATUSES[code];
  const status = refused?.status ?? usual;
  const comesBack = RETRYABLE[code] && retryAfterMs !== undefined;
  const problem = {
    type: problemType(code),
    title,
    status,
    detail: message,
    code,
    requestId,
    started,
    ...(violations.length === 0 ? {} : { violations: violations.slice(0, maxViolations).map(onlyItsWords) }),
  };
  return {
    status,
    headers: {
      ...(comesBack ? { "Retry-After": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) } : {}),
      ...refused?.headers,
      "Content-Type": PROBLEM_TYPE,
    },
    body: `${JSON.stringify(problem)}\n`,
  };
}

function onlyItsWords({ path, message }: GatewayError["violations"][number]): object {
  return { path: path.toWellFormed(), message: message.toWellFormed() };
}
