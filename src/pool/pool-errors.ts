/** What the pool refuses with when it has no process to offer. */
import { GatewayError, Refusal } from "../errors.js";
import type { Circuit } from "./circuit.js";

/** When to come back to a pool that has no process to offer, in milliseconds. */
const RETRY_AFTER_MS = 1000;

/** No process can take a call, and none probably will in a moment. */
export function unavailable(circuit: Circuit): GatewayError {
  const message = "No process is ready to run the artifact.";
  return new GatewayError("unavailable", message, { retryAfterMs: circuit.retryAfterMs || RETRY_AFTER_MS });
}

/** The artifact cannot be loaded; the detail is a line, the traceback is in the log. */
export function notLoaded(service: string, detail: string): Refusal {
  return new Refusal("artifact", [
    {
      where: service,
      path: "python_dict",
      message: `The artifact could not be loaded: ${detail}.`,
      remedy: "The log has the Python traceback; correct the environment or the artifact and start again.",
    },
  ]);
}
