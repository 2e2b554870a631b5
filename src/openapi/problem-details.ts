/** How errors are described: problem details (RFC 9457), one response for each HTTP status. */
import { CODES } from "../errors.js";
import { PROBLEM_STATUSES, problemType, REFUSED_EARLY } from "../json/problem-statuses.js";
import type { Value } from "../values.js";
import { objectOf, referenceTo, type Schema } from "./schema.js";

/** The schema of an error body. */
export function problemSchema(): Schema {
  const text = (description: string): Schema => objectOf({ type: "string", description });
  return objectOf({
    type: "object",
    description: "Why a call was not answered (RFC 9457).",
    properties: objectOf({
      type: objectOf({
        type: "string",
        format: "uri",
        description: "The kind of problem.",
        enum: CODES.map(problemType),
      }),
      title: text("The kind of problem in words; the same for every occurrence."),
      status: objectOf({ type: "integer", format: "int32", description: "The HTTP status." }),
      detail: text("What is wrong with this call, and what was expected."),
      code: objectOf({ type: "string", description: "The kind of problem as a word.", enum: [...CODES] }),
      requestId: text("The id of this call in the log of the service."),
      started: objectOf({
        type: "boolean",
        description: "True when the artifact had begun: the call may have had an effect.",
      }),
      violations: objectOf({
        type: "array",
        description: "The offending values, by their places in the request.",
        items: objectOf({
          type: "object",
          properties: objectOf({
            path: text("For example application[3].annual_income; empty for the request as a whole."),
            message: text("What was expected there."),
          }),
          required: ["path", "message"],
        }),
      }),
    }),
    required: ["type", "title", "status", "detail", "code", "requestId"],
  });
}

/** The responses of the codes, by their status. */
export function problemResponses(schemaName: string): readonly (readonly [string, Schema])[] {
  const statuses = new Set<number>([
    ...CODES.map((code) => PROBLEM_STATUSES[code].status),
    ...REFUSED_EARLY.keys(),
  ]);
  return [...statuses]
    .sort((a, b) => a - b)
    .map((status) => [String(status), problemResponse(status, schemaName)] as const);
}

function problemResponse(status: number, schemaName: string): Schema {
  const codes = CODES.filter((code) => PROBLEM_STATUSES[code].status === status);
  const meanings = codes.map((code) => `\`${code}\`: ${PROBLEM_STATUSES[code].title}`);
  return objectOf({
    description: REFUSED_EARLY.get(status) ?? meanings.join(" "),
    headers: status === 503 ? objectOf({ "Retry-After": RETRY_AFTER }) : undefined,
    content: objectOf({ "application/problem+json": objectOf({ schema: referenceTo(schemaName) }) }),
  });
}

const RETRY_AFTER: Value = objectOf({
  description: "Seconds after which the same call may be sent again.",
  schema: objectOf({ type: "integer", minimum: 0n }),
});
