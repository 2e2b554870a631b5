/** The server side of HTTP/2 (RFC 9113) on one connection. `README.md` says what it covers. */
import type { Duplex } from "node:stream";
import { defer } from "../deferred.js";
import { Connection } from "./connection.js";
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from "./http2-limits.js";
import type { ServerStream, StreamReceiver } from "./server-stream.js";

export interface Http2Options {
  readonly limits?: Partial<Http2Limits>;
  /** Gets what a handler threw: a defect of ours, for the log. The stream has been reset. It must not throw. */
  readonly onDefect: (error: unknown) => void;
}

export interface Http2Connection {
  readonly openStreams: number;
  /** Settles when the socket is closed and nothing of the connection is left. Never rejects. */
  readonly closed: Promise<void>;
  /** Tells the peer to go elsewhere; streams in progress finish, then the connection closes. */
  drain(): void;
  /** Ends it, like `destroy`, but lets the handler of each open stream say how its response ends. Takes a second at most. */
  cutOff(): void;
  /** Cuts the connection off. Each open stream is reset first. */
  destroy(): void;
}

/**
 * Takes over a connection.
 * @param socket clear text or TLS, with the connection preface still to be read
 * @param onStream is called for each request when its fields are complete and in order
 */
export function acceptHttp2(
  socket: Duplex,
  { limits, onDefect }: Http2Options,
  onStream: (stream: ServerStream) => StreamReceiver,
): Http2Connection {
  const end = defer<undefined>();
  const whole: Http2Limits = { ...DEFAULT_HTTP2_LIMITS, ...limits };
  const connection = new Connection(socket, whole, onStream, onDefect, () => end.resolve(undefined));
  connection.start();
  return {
    get openStreams() {
      return connection.openStreams;
    },
    closed: end.promise,
    drain: () => connection.drain(),
    cutOff: () => connection.cutOff(),
    destroy: () => connection.destroy(),
  };
}
