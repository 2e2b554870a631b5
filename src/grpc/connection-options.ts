/** The bounds on a connection, in the words of either code that speaks HTTP/2. */
import type { ServerOptions } from "@grpc/grpc-js";
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from "../http2/http2-limits.js";
import type { Limits } from "../limits.js";

/** Replies of the largest size that may wait for one caller to take them. */
const QUEUED_REPLIES = 8;

/** For our own HTTP/2. */
export function ownOptions(limits: Limits): Partial<Http2Limits> {
  const { maxConcurrentStreams, keepaliveTimeoutMs, minPingIntervalMs } = limits;
  return {
    maxConcurrentStreams,
    keepaliveMs: orNever(limits.keepaliveMs),
    keepaliveTimeoutMs,
    minPingIntervalMs,
    // Never less than the default: to end a connection loses no call here, but to make another costs as much as many calls.
    idleMs: Math.max(DEFAULT_HTTP2_LIMITS.idleMs, limits.keepAliveTimeoutMs),
    maxAgeMs: orNever(limits.maxConnectionAgeMs),
    maxAgeGraceMs: graceOf(limits),
    // A few of the longest replies: beyond that the caller does not read what it asks for.
    maxQueuedBytes: Math.max(DEFAULT_HTTP2_LIMITS.maxQueuedBytes, QUEUED_REPLIES * limits.maxMessageBytes),
  };
}

/** For connections that grpc-js has alone. It does not count PINGs. */
export function nodeOptions(limits: Limits): ServerOptions {
  const { maxConcurrentStreams, keepaliveMs, keepaliveTimeoutMs, maxConnectionAgeMs } = limits;
  return {
    "grpc.max_concurrent_streams": maxConcurrentStreams,
    ...(keepaliveMs === 0
      ? {}
      : { "grpc.keepalive_time_ms": keepaliveMs, "grpc.keepalive_timeout_ms": keepaliveTimeoutMs }),
    ...(maxConnectionAgeMs === 0
      ? {}
      : {
          "grpc.max_connection_age_ms": maxConnectionAgeMs,
          "grpc.max_connection_age_grace_ms": graceOf(limits),
        }),
  };
}

/** A call that was begun before its connection was renewed has the time of any other. */
function graceOf({ maxConnectionAgeGraceMs, maxTimeoutMs }: Limits): number {
  return maxConnectionAgeGraceMs ?? maxTimeoutMs;
}

function orNever(milliseconds: number): number {
  return milliseconds === 0 ? Infinity : milliseconds;
}
