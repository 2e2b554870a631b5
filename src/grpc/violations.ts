/** What is wrong with a request or a result, by its path in the names of the artifact. */
import { GatewayError } from "../errors.js";
import type { Violation } from "../errors.js";
import { MOST_VIOLATIONS } from "../limits.js";

/** Notes one violation. @throws GatewayError `invalid_input` when there are too many to go on */
export function report(violations: Violation[], path: string, message: string): void {
  violations.push({ path, message });
  if (violations.length >= MOST_VIOLATIONS) throw invalidInput(violations);
}

export function invalidInput(violations: readonly Violation[]): GatewayError {
  return new GatewayError("invalid_input", "The request does not fit the contract.", { violations });
}

/** A list that is longer than allowed ends the reading: what follows could be any amount. @throws GatewayError always */
export function reportTooMany(violations: Violation[], path: string, most: number): never {
  violations.push({ path, message: `Must not hold more than ${most} items.` });
  throw invalidInput(violations);
}

/** Ends the writing of a result. @throws GatewayError `output_invalid` always */
export function refuse(path: string, message: string): never {
  throw new GatewayError("output_invalid", "The artifact's answer does not fit the contract.", {
    violations: [{ path, message }],
    started: true,
  });
}
