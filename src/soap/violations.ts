/** Collects what is wrong with one request, up to a limit, so that a caller mends everything in one round. */
import { GatewayError, type Violation } from "../errors.js";

export interface Violations {
  add(path: string, message: string): void;
  /** @throws GatewayError `invalid_input` with the violations, when there are any */
  throwIfAny(): void;
}

/** @param limit how many violations are listed; the rest are only counted */
export function collectViolations(limit: number): Violations {
  const listed: Violation[] = [];
  let count = 0;
  return {
    add(path, message) {
      count += 1;
      if (listed.length < limit) listed.push({ path, message });
    },
    throwIfAny() {
      if (count === 0) return;
      const rest =
        count > listed.length ? `; the first ${listed.length} of ${count} problems are listed` : "";
      throw new GatewayError("invalid_input", `The request does not match the WSDL${rest}.`, {
        violations: listed,
      });
    },
  };
}
