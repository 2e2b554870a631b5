/** How many bytes of request bodies are held in memory while they arrive, over all connections. */
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
