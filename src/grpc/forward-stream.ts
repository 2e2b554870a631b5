/**
 * Hands streams on to grpc-js over a connection within the process: for every method but the hot one, and for calls that
 * use more of gRPC than the short road knows.
 */
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { status as Status } from "@grpc/grpc-js";
import { RECEIVING_RETRY_MS, TOO_MUCH_ARRIVING, type BodyBudget } from "../body-budget.js";
import { ErrorCode } from "../http2/error-codes.js";
import type { Field } from "../http2/field.js";
import { encodeHead, encodeTrailers, type FieldPair } from "../http2/header-block.js";
import type { ServerStream, StreamReceiver } from "../http2/server-stream.js";
import { CONTENT_TYPE, statusFields } from "./call-framing.js";
import { duplexPair } from "./duplex-pair.js";
import { CUT_OFF_TEXT } from "./evaluate-stream.js";
import { countForwarded } from "./forwarded-bytes.js";

export interface Forwarder {
  forward(stream: ServerStream): StreamReceiver;
  /** Ends the connection, and with it what is still forwarded. */
  close(): void;
}

/**
 * Megabytes that Node's client lets a connection hold before it fails its own streams. The caller's connection has limits of
 * its own; this one must not be the first to run out.
 */
const MAX_SESSION_MB = 1024;

/**
 * One for each connection of a caller, so that its streams share flow control with nobody else's. The connection
 * behind it is made with the first stream.
 * @param accept gets the server's end
 * @param bodies what all requests that are arriving may hold together
 */
export function createForwarder(accept: (socket: Duplex) => void, bodies: BodyBudget): Forwarder {
  let session: ClientHttp2Session | undefined;

  const open = (): ClientHttp2Session => {
    const [ours, theirs] = duplexPair();
    accept(theirs);
    const opened = connect("http://localhost", {
      createConnection: () => ours,
      maxSessionMemory: MAX_SESSION_MB,
    });
    // Its streams are told of its errors, too.
    opened.on("error", () => undefined);
    opened.on("close", () => {
      if (session === opened) session = undefined;
    });
    return opened;
  };

  return {
    forward(stream) {
      // One that has been told to go elsewhere finishes what it has, and takes nothing more.
      if (session === undefined || session.closed || session.destroyed) session = open();
      return forwardTo(session.request(headersOf(stream.fields), { endStream: false }), stream, bodies);
    },
    close() {
      session?.destroy();
    },
  };
}

function forwardTo(upstream: ClientHttp2Stream, stream: ServerStream, bodies: BodyBudget): StreamReceiver {
  const arriving = countForwarded(bodies);
  let trailers: readonly FieldPair[] = [];
  let isOver = false;
  let hasResponded = false;

  upstream.on("response", (headers, flags: number) => {
    if (isOver) return;
    hasResponded = true;
    const status = Number(headers[constants.HTTP2_HEADER_STATUS]);
    isOver ||= (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(encodeHead(status, pairsOf(headers)), isOver);
    // Only now: data that came with the head is told of before the head is.
    upstream.on("data", (chunk: Buffer) => {
      if (!stream.write(chunk)) upstream.pause();
    });
  });
  upstream.on("trailers", (headers: IncomingHttpHeaders) => {
    trailers = pairsOf(headers);
  });
  upstream.on("end", () => {
    // The trailers that ended it are told of a turn later.
    setImmediate(() => {
      if (isOver || !hasResponded) return;
      isOver = true;
      stream.end(encodeTrailers(trailers));
    });
  });
  // "close" follows, with the code.
  upstream.on("error", () => undefined);
  upstream.on("close", () => {
    arriving.close();
    if (isOver || upstream.readableEnded) return;
    isOver = true;
    stream.reset(
      upstream.rstCode === constants.NGHTTP2_NO_ERROR ? ErrorCode.CANCEL : errorCodeOf(upstream.rstCode),
    );
  });

  /** Ends the response as unavailable, unless it has its end, and the handler of grpc-js as if the caller had gone. */
  function endWith(details: string, trailers: readonly FieldPair[]): void {
    if (!isOver) {
      isOver = true;
      const fields = statusFields({ code: Status.UNAVAILABLE, details, trailers });
      if (hasResponded) stream.end(encodeTrailers(fields));
      else stream.respond(encodeHead(200, [CONTENT_TYPE, ...fields]), true);
    }
    upstream.close(constants.NGHTTP2_CANCEL);
  }

  return {
    onData(chunk) {
      if (!arriving.take(chunk)) {
        endWith(TOO_MUCH_ARRIVING, [["grpc-retry-pushback-ms", String(RECEIVING_RETRY_MS)]]);
        return;
      }
      // Given back when grpc-js has taken it: a slow handler holds up its own caller.
      upstream.write(chunk, () => stream.consumed(chunk.length));
    },
    onEnd() {
      arriving.close();
      upstream.end();
    },
    onReset() {
      isOver = true;
      // Not with the caller's code: a stream that is closed with NO_ERROR waits until all that was written has been sent, which may
      // never be, and Node takes no code that is larger than 2^31. No handler looks at it.
      upstream.close(constants.NGHTTP2_CANCEL);
    },
    onDrain: () => void upstream.resume(),
    onCutOff: () => endWith(CUT_OFF_TEXT, []),
  };
}

const KNOWN_CODES: readonly number[] = Object.values(ErrorCode);

function errorCodeOf(code: number | undefined): ErrorCode {
  const known = KNOWN_CODES.indexOf(code ?? -1);
  return Object.values(ErrorCode)[known] ?? ErrorCode.INTERNAL_ERROR;
}

/**
 * Fields of one name are joined, as a server joins them: Node takes no list for those that should stand once. Those that it
 * would throw for, or say something else when they are joined, are written as they are meant.
 */
function headersOf(fields: readonly Field[]): OutgoingHttpHeaders {
  const headers = new Map<string, string>();
  for (const { name, value } of fields) {
    const before = headers.get(name);
    // Of the upgrade from HTTP/1.1, which has not taken place here (RFC 9113, 3.1).
    if (name === "http2-settings") continue;
    // Has no other value, in whatever letters (RFC 9113, 8.2.2).
    if (name === "te") {
      headers.set(name, "trailers");
      continue;
    }
    // All of them are the same, or the request would have been reset.
    if (name === "content-length" && before !== undefined) continue;
    headers.set(name, before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return Object.fromEntries(headers);
}

function pairsOf(headers: IncomingHttpHeaders): FieldPair[] {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(":"))
    .flatMap(([name, value]) => [value ?? []].flat().map((one): FieldPair => [name, one]));
}
