/**
 * Bounds on the XML of one request. Lengths are in characters as Java and .NET count them: UTF-16 code units. They are
 * those of names as written, with prefix, and of values and texts as they are meant, with references replaced.
 */
export interface XmlLimits {
  /** Deepest nesting of elements. */
  readonly maxXmlDepth: number;
  /** Most elements. */
  readonly maxXmlElements: number;
  /** Most elements directly in one element; or as many as the longest list of the contract may have, if that is more. */
  readonly maxXmlChildren: number;
  /** Most attributes of one element, without its namespace declarations. */
  readonly maxXmlAttributes: number;
  /** Longest value of an attribute. */
  readonly maxXmlAttributeLength: number;
  /** Longest name of an element or attribute. */
  readonly maxXmlNameLength: number;
  /** Most namespace declarations of one element. */
  readonly maxXmlNamespaces: number;
  /** Most namespace declarations of an element and of those around it together. */
  readonly maxXmlNamespacesInScope: number;
  /** Longest namespace name (URI). */
  readonly maxXmlNamespaceLength: number;
  /** Longest text directly in one element, white space between its elements included. */
  readonly maxXmlTextLength: number;
  /** Most characters altogether, markup included. */
  readonly maxXmlCharacters: number;
  /** Most comments. */
  readonly maxXmlComments: number;
}

/** The charsets of XML that are read when they are allowed; UTF-8 and UTF-16 always are. Names as IANA has them, in small letters. */
export const OPTIONAL_CHARSETS = [
  "iso-8859-1",
  "windows-1252",
  "ibm037",
  "ibm500",
  "ibm1047",
  "ibm1140",
  "ibm1141",
] as const;

export type OptionalCharset = (typeof OPTIONAL_CHARSETS)[number];

/** How long a connection lives, and what it may ask for beside its requests. */
export interface ConnectionBounds {
  /** Milliseconds after which a connection is renewed, ten per cent more or less; 0: never. */
  readonly maxConnectionAgeMs: number;
  /** Milliseconds that calls of an HTTP/2 connection then have to end. Absent: as long as the longest call. */
  readonly maxConnectionAgeGraceMs?: number | undefined;
  /** Milliseconds for which a connection without a request stays open; those of HTTP/2 at least ten minutes. */
  readonly keepAliveTimeoutMs: number;
  /** Milliseconds of silence after which the other end of an HTTP/2 connection is asked whether it is there; 0: never. */
  readonly keepaliveMs: number;
  /** Milliseconds that its answer may take. */
  readonly keepaliveTimeoutMs: number;
  /** Most requests that are open at a time on one HTTP/2 connection. */
  readonly maxConcurrentStreams: number;
  /** Milliseconds between the PINGs of a caller that gets nothing else; 0: as it likes. */
  readonly minPingIntervalMs: number;
}

/** What and how much one caller may ask for. Set by `config.ts`, obeyed by every protocol. */
export interface Limits extends XmlLimits, ConnectionBounds {
  /** Charsets beside UTF-8 and UTF-16 that XML may be in. */
  readonly charsets: readonly OptionalCharset[];
  /** Largest request, reply and pickled result, in bytes after decompression. See `maxInputBytes` for pickled inputs. */
  readonly maxMessageBytes: number;
  /** Longest request target, in bytes. */
  readonly maxUrlBytes: number;
  /** Most bytes of the names and values of a request's HTTP header fields. */
  readonly maxHeaderBytes: number;
  /** Most HTTP header fields of a request. */
  readonly maxHeaders: number;
  /** Most bytes that one byte of a compressed request may become; the first 64 KiB are free. */
  readonly maxInflateRatio: number;
  /** Most bytes of request bodies that are held while they arrive, over all connections and protocols. */
  readonly maxReceivingBytes: number;
  /** Milliseconds within which the whole body of a request must have arrived. */
  readonly bodyTimeoutMs: number;
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
  maxConnectionAgeMs: 30 * 60_000,
  keepAliveTimeoutMs: 75_000,
  keepaliveMs: 60_000,
  keepaliveTimeoutMs: 20_000,
  maxConcurrentStreams: 100,
  // Half of the 10 s that Go and Java let a caller go down to: a PING that was held up on its way is no offence.
  minPingIntervalMs: 5000,
  charsets: [],
  // Those of Apache CXF, where it has one.
  maxXmlDepth: 100,
  maxXmlElements: 500_000,
  maxXmlChildren: 50_000,
  maxXmlAttributes: 500,
  maxXmlAttributeLength: 64 * 1024,
  maxXmlNameLength: 1000,
  maxXmlNamespaces: 100,
  maxXmlNamespacesInScope: 256,
  maxXmlNamespaceLength: 1024,
  maxXmlTextLength: 128 * 1024 * 1024,
  maxXmlCharacters: 256 * 1024 * 1024,
  maxXmlComments: 10_000,
  maxViolations: 20,
  defaultTimeoutMs: 30_000,
  maxTimeoutMs: 300_000,
});

/**
 * Most bytes that the inputs of a call may have once they are pickled for Python. A pickle has a byte or two for what
 * protobuf leaves out, such as absent columns and the zeros of a date, and names in nested records: more than the message,
 * which was within its limit.
 */
export function maxInputBytes({ maxMessageBytes }: Pick<Limits, "maxMessageBytes">): number {
  return 4 * maxMessageBytes;
}

/**
 * Violations after which a request is read no further. One of a megabyte can hold a million: to find them all would cost
 * seconds, and nobody mends them one by one.
 */
export const MOST_VIOLATIONS = 1000;

/** The call's deadline on the `performance.now()` clock, from what the caller allows (milliseconds, if anything). */
export function deadlineFor(askedMs: number | undefined, limits: Limits): number {
  return performance.now() + Math.min(askedMs ?? limits.defaultTimeoutMs, limits.maxTimeoutMs);
}
