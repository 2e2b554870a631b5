/** Mends what is wrong in the headers of an incoming stream before grpc-js 1.14 sees them, and adds who the caller is. */
import { EventEmitter } from "node:events";
import type { Server } from "@grpc/grpc-js";
import { constants } from "node:http2";
import type { IncomingHttpHeaders, Http2Session, ServerHttp2Stream } from "node:http2";
import { NOBODY, type Caller } from "../caller-of.js";
import { writeCaller } from "./forwarded-caller.js";

const TIMEOUT_HEADER = "grpc-timeout";
/** As grpc-js itself looks for it: anywhere in the header. */
const TIMEOUT = /(\d{1,8})\s*([HMSmun])/;

/** Longest timeout that fits the 32-bit milliseconds that grpc-js computes with: over 24 days. */
const MAX_TIMEOUT_SECONDS = 2_147_483;

const SECONDS_PER_UNIT = new Map([
  ["H", 3600],
  ["M", 60],
  ["S", 1],
]);

/**
 * Puts the guard before the handlers of the server's HTTP/2 servers; call it after `createConnectionInjector()`.
 * grpc-js offers no public way to them. It is pinned to one version, and a test fails if another hides them.
 * @returns runs what hands a connection to them, whose streams are those of this caller
 * @throws TypeError when the HTTP/2 servers are not where this version keeps them
 */
export function guardStreams(server: Server): (caller: Caller, inject: () => void) => void {
  const servers: unknown = Reflect.get(server, "http2Servers");
  const emitters =
    servers instanceof Map ? [...servers.keys()].filter((key) => key instanceof EventEmitter) : [];
  if (emitters.length === 0)
    throw new TypeError("This version of @grpc/grpc-js keeps its HTTP/2 servers elsewhere.");
  const callers = new WeakMap<Http2Session, Caller>();
  let arriving = NOBODY;
  for (const emitter of emitters) {
    emitter.on("session", (session: Http2Session) => callers.set(session, arriving));
    emitter.prependListener("stream", ({ session }: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      mendHeaders(headers);
      writeCaller(headers, (session && callers.get(session)) ?? NOBODY);
    });
  }
  return (caller, inject) => {
    // A session begins before its connection has been handed over, and does not tell which that is.
    arriving = caller;
    try {
      inject();
    } finally {
      arriving = NOBODY;
    }
  };
}

/**
 * A timeout above 2^31 ms would wrap into the past and fail the call at once. And gRPC-Web, which is framed otherwise,
 * would be answered as gRPC: under a type that grpc-js does not know, its caller gets 415 instead.
 */
export function mendHeaders(headers: IncomingHttpHeaders): void {
  const timeout = headers[TIMEOUT_HEADER];
  const match = TIMEOUT.exec(String(timeout ?? ""));
  // grpc-js refuses it, and says what it was.
  if (timeout !== undefined && match === null) headers[TIMEOUT_HEADER] = "unreadable";
  const seconds = Number(match?.[1] ?? 0) * (SECONDS_PER_UNIT.get(match?.[2] ?? "") ?? 0);
  if (seconds > MAX_TIMEOUT_SECONDS) headers[TIMEOUT_HEADER] = `${MAX_TIMEOUT_SECONDS}S`;
  const contentType = headers[constants.HTTP2_HEADER_CONTENT_TYPE];
  if (typeof contentType === "string" && contentType.startsWith("application/grpc-web")) {
    headers[constants.HTTP2_HEADER_CONTENT_TYPE] = "application/x-unsupported";
  }
}
