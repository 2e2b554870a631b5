/** How much one caller may ask for. Set by `config.ts`, obeyed by every protocol. */
export interface Limits {
  /** Largest request and largest reply, in bytes after decompression; also the largest frame to and from Python. */
  readonly maxMessageBytes: number;
  /** Longest request target, in bytes. */
  readonly maxUrlBytes: number;
  /** Most bytes of the names and values of a request's HTTP header fields. */
  readonly maxHeaderBytes: number;
  /** Most HTTP header fields of a request. */
  readonly maxHeaders: number;
  /** Most bytes that one byte of a compressed request may become; the first 64 KiB are free. */
  readonly maxInflateRatio: number;
  /** Most bytes of request bodies that are held while they arrive, over all connections of HTTP/1.1. */
  readonly maxReceivingBytes: number;
  /** Milliseconds within which the whole body of a request must have arrived. */
  readonly bodyTimeoutMs: number;
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
  maxUrlBytes: 8 * 1024,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 100,
  maxInflateRatio: 200,
  maxReceivingBytes: 128 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  maxXmlDepth: 100,
  maxXmlElements: 500_000,
  maxViolations: 20,
  defaultTimeoutMs: 30_000,
  maxTimeoutMs: 300_000,
});

/** The call's deadline on the `performance.now()` clock, from what the caller allows (milliseconds, if anything). */
export function deadlineFor(askedMs: number | undefined, limits: Limits): number {
  return performance.now() + Math.min(askedMs ?? limits.defaultTimeoutMs, limits.maxTimeoutMs);
}
