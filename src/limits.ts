/** How much one caller may ask for. Set by `config.ts`, obeyed by every protocol. */
export interface Limits {
  /** Largest request and largest reply, in bytes after decompression; also the largest frame to and from Python. */
  readonly maxMessageBytes: number;
  /** Deepest nesting of XML elements in a request. */
  readonly maxXmlDepth: number;
  /** Most XML elements in a request. */
  readonly maxXmlElements: number;
  /** Most violations listed in one error reply. */
  readonly maxViolations: number;
  /** Milliseconds a call may take when the caller names no deadline. */
  readonly defaultTimeoutMs: number;
  /** Longest deadline a caller may ask for, in milliseconds. */
  readonly maxTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxMessageBytes: 4 * 1024 * 1024,
  maxXmlDepth: 100,
  maxXmlElements: 500_000,
  maxViolations: 20,
  defaultTimeoutMs: 30_000,
  maxTimeoutMs: 300_000,
});

/**
 * Violations after which a request is read no further. One of a megabyte can hold a million: to find them all would cost
 * seconds, and nobody mends them one by one.
 */
export const MOST_VIOLATIONS = 1000;

/** The call's deadline on the `performance.now()` clock, from what the caller allows (milliseconds, if anything). */
export function deadlineFor(askedMs: number | undefined, limits: Limits): number {
  return performance.now() + Math.min(askedMs ?? limits.defaultTimeoutMs, limits.maxTimeoutMs);
}
