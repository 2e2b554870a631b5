/** What the caller is told of a call that reached a process and failed there. */
import { GatewayError, type Code } from "../errors.js";

/** How a call that reached a process can fail. */
type Failure = Extract<Code, "artifact_error" | "output_invalid" | "worker_lost" | "deadline_exceeded">;

/** What callers are told of it; the cause goes to the log. */
const TOLD = {
  artifact_error: "The artifact raised an error for this input.",
  output_invalid: "The artifact returned something that is not data.",
  worker_lost: "The process that ran this call was lost.",
  deadline_exceeded: "The call was not finished by its deadline.",
} as const satisfies Record<Failure, string>;

/** @param cause in words, for the log */
export function callFailure(code: Failure, cause: string): GatewayError {
  return new GatewayError(code, TOLD[code], { started: true, cause: new Error(cause) });
}
