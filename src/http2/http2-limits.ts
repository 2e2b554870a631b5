/**
 * How much one HTTP/2 connection may ask for. Every limit that a peer can run into is here. A time may be `Infinity`: it
 * does not come then.
 */

export interface Http2Limits {
  /** Streams open at a time; more are refused (RFC 9113, 5.1.2). Nothing else bounds the work of one connection. */
  readonly maxConcurrentStreams: number;
  /** One request's fields, by the count of RFC 9113, 6.5.2, and its compressed block, in bytes. */
  readonly maxHeaderListBytes: number;
  /** CONTINUATION frames of one block (CVE-2024-27316: frames without end, empty ones too). */
  readonly maxContinuations: number;
  /** How long a block of fields may take from its first frame to its last, in milliseconds. */
  readonly headersMs: number;
  /** How long the preface, the first SETTINGS and the acknowledgement of ours may take, in milliseconds. */
  readonly settingsMs: number;
  /** What a peer may send on one stream before the handler has consumed any of it, in bytes. */
  readonly streamWindow: number;
  /** The same for the whole connection; given back on receipt, so that one slow stream does not stop the others. */
  readonly connectionWindow: number;
  /**
   * Bytes of replies that wait for the peer's windows (CVE-2019-9517: ask for much, take nothing). The stream that
   * would go beyond is reset.
   */
  readonly maxQueuedBytes: number;
  /** Frames that wait for a socket that the peer does not read, in bytes (CVE-2019-9512, CVE-2019-9515). */
  readonly maxBacklogBytes: number;
  /** A connection without a stream is ended after this many milliseconds. */
  readonly idleMs: number;
  /** After this silence a PING asks whether the peer is there, in milliseconds. */
  readonly keepaliveMs: number;
  /** How long the answer may take, in milliseconds. */
  readonly keepaliveTimeoutMs: number;
  /** PINGs that come faster than this, while nothing else is sent to the peer, are strikes, in milliseconds; 0: none is. */
  readonly minPingIntervalMs: number;
  /** A connection is renewed after about this many milliseconds: ten per cent more or less, so that not all go at once. */
  readonly maxAgeMs: number;
  /** What calls in progress then have to end, in milliseconds. */
  readonly maxAgeGraceMs: number;
  /** How long a drain waits for the peer to know of it before it stops taking streams, in milliseconds. */
  readonly drainPauseMs: number;
  /** How long the peer may take to read the last bytes of a connection that has ended, in milliseconds. */
  readonly lingerMs: number;
  /** How much of each kind of cheap frame is borne. */
  readonly budgets: Readonly<Record<FloodKind, Budget>>;
}

/** What a peer can do cheaply and without end. */
export type FloodKind = "reset" | "ping" | "settings" | "windowUpdate" | "emptyData" | "idleFrame";

/** A bucket of tokens: it holds `burst` at first and at most, and each frame takes one. */
export interface Budget {
  readonly burst: number;
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens that come back for each frame of a reply (HEADERS, DATA): honest peers send these frames in answer to them. */
  readonly perReplyFrame: number;
}

export const DEFAULT_HTTP2_LIMITS: Http2Limits = Object.freeze({
  maxConcurrentStreams: 100,
  maxHeaderListBytes: 32 * 1024,
  maxContinuations: 8,
  headersMs: 10_000,
  settingsMs: 10_000,
  streamWindow: 256 * 1024,
  connectionWindow: 1024 * 1024,
  maxQueuedBytes: 32 * 1024 * 1024,
  maxBacklogBytes: 1024 * 1024,
  idleMs: 10 * 60_000,
  keepaliveMs: 60_000,
  keepaliveTimeoutMs: 20_000,
  minPingIntervalMs: 0,
  maxAgeMs: 30 * 60_000,
  maxAgeGraceMs: 5 * 60_000,
  drainPauseMs: 1000,
  lingerMs: 1000,
  budgets: Object.freeze({
    // CVE-2023-44487 (the peer resets) and CVE-2025-8671 (it makes the server reset). The numbers are nghttp2's.
    reset: { burst: 1000, perSecond: 33, perReplyFrame: 0.25 },
    // CVE-2019-9512. gRPC clients measure the delay with a PING for each batch of DATA that they get.
    ping: { burst: 1000, perSecond: 10, perReplyFrame: 2 },
    // CVE-2019-9515. gRPC clients change their windows while they learn the delay.
    settings: { burst: 100, perSecond: 1, perReplyFrame: 0.1 },
    // Envoy bears ten for each frame of DATA, for the same reason: each one makes the sender look for work.
    windowUpdate: { burst: 1000, perSecond: 100, perReplyFrame: 10 },
    // CVE-2019-9518: frames of DATA without a byte and without an end.
    emptyData: { burst: 100, perSecond: 10, perReplyFrame: 0 },
    // PRIORITY (CVE-2019-9513), types that nobody knows, and what arrives for streams that were reset.
    idleFrame: { burst: 1000, perSecond: 100, perReplyFrame: 1 },
  }),
});
