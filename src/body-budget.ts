/** How many bytes of requests are held in memory while they arrive, over all connections. */
import { GatewayError } from "./errors.js";

export interface BodyBudget {
  /** Bytes that are held now. */
  held(): number;
  /** Holds so many more bytes; false, and nothing is held, when they would be too many. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/**
 * Admission counts a call's bytes only when they have all come. Until then this counts them: without it, callers that
 * send slowly could together fill the memory, each of them well within its own limit.
 * @param maxBytes most bytes that are held at once
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  let held = 0;
  return {
    held: () => held,
    take(bytes) {
      if (held + bytes > maxBytes) return false;
      held += bytes;
      return true;
    },
    giveBack(bytes) {
      held -= bytes;
    },
  };
}

/** How soon a caller may come back that found too many requests arriving, in milliseconds. */
export const RECEIVING_RETRY_MS = 1000;

export const TOO_MUCH_ARRIVING = "Too many requests are being received: the call was not begun.";

/** Why a request that does not fit the budget is refused. */
export function tooMuchArriving(): GatewayError {
  return new GatewayError("overloaded", TOO_MUCH_ARRIVING, { retryAfterMs: RECEIVING_RETRY_MS });
}
