/** Collects what is wrong with one request, up to a limit, so that a caller mends everything in one round. */
import { GatewayError, type Violation } from "../errors.js";
import { MOST_VIOLATIONS } from "../limits.js";

export interface Violations {
  /** @throws GatewayError `invalid_input` when there are so many that reading on is not worth it */
  add(path: string, message: string): void;
  /** @throws GatewayError `invalid_input` with the violations, when there are any */
  throwIfAny(): void;
}

/** @param limit how many violations are listed; of the rest it is said how many there are */
export function collectViolations(limit: number): Violations {
  const listed: Violation[] = [];
  let count = 0;
  const refuse = (of: string): never => {
    const rest = count > listed.length ? `; the first ${listed.length} of ${of} problems are listed` : "";
    throw new GatewayError("invalid_input", `The request does not match the WSDL${rest}.`, {
      violations: listed,
    });
  };
  return {
    add(path, message) {
      count += 1;
      if (listed.length < limit) listed.push({ path, message });
      if (count === MOST_VIOLATIONS) refuse(`at least ${count}`);
    },
    throwIfAny() {
      if (count > 0) refuse(String(count));
    },
  };
}
