/** A server on the code under test, on a real port, and the handlers that the tests share. */
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { Duplex } from "node:stream";
import type { TestContext } from "node:test";
import { acceptHttp2, type Http2Connection } from "../../src/http2/accept-http2.js";
import type { Field } from "../../src/http2/field.js";
import { encodeHead, encodeTrailers } from "../../src/http2/header-block.js";
import type { Budget, Http2Limits } from "../../src/http2/http2-limits.js";
import type { ServerStream, StreamReceiver } from "../../src/http2/server-stream.js";

export type OnStream = (stream: ServerStream) => StreamReceiver;

export interface Http2Harness {
  readonly port: number;
  readonly url: string;
  /** In the order of their arrival. */
  readonly connections: Http2Connection[];
  readonly sockets: Socket[];
  /** What handlers threw. */
  readonly defects: unknown[];
}

/** Serves until the end of the test, which fails if a connection does not close. */
export async function serveHttp2(
  t: TestContext,
  onStream: OnStream,
  limits: Partial<Http2Limits> = {},
): Promise<Http2Harness> {
  const connections: Http2Connection[] = [];
  const sockets: Socket[] = [];
  const defects: unknown[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    connections.push(acceptHttp2(socket, { limits, onDefect: (error) => defects.push(error) }, onStream));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    for (const connection of connections) connection.destroy();
    await Promise.all(connections.map((connection) => connection.closed));
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a port was expected");
  const { port } = address;
  return { port, url: `http://127.0.0.1:${port}`, connections, sockets, defects };
}

export const OK = encodeHead(200, [["content-type", "application/octet-stream"]]);
export const DONE = encodeTrailers([["x-status", "done"]]);

/** A receiver that does nothing but what it is given. */
export function receiver(parts: Partial<StreamReceiver> = {}): StreamReceiver {
  const nothing = (): void => undefined;
  return { onData: nothing, onEnd: nothing, onReset: nothing, onDrain: nothing, ...parts };
}

/** Calls back with a whole request. Bytes are given back as they come. */
export function whole(
  stream: ServerStream,
  onWhole: (body: Buffer, trailers: readonly Field[]) => void,
): StreamReceiver {
  const chunks: Buffer[] = [];
  return receiver({
    onData: (chunk) => {
      chunks.push(chunk);
      stream.consumed(chunk.length);
    },
    onEnd: (trailers) => onWhole(Buffer.concat(chunks), trailers),
  });
}

/** Answers each request with its own body, and with trailers. */
export const echo: OnStream = (stream) => whole(stream, (body) => stream.reply(OK, body, DONE));

/** Never answers. */
export const silent: OnStream = () => receiver();

/** Keeps every stream for the test, and the codes that it was reset with. */
export function keeper(): {
  readonly onStream: OnStream;
  readonly streams: ServerStream[];
  readonly resets: number[];
} {
  const streams: ServerStream[] = [];
  const resets: number[] = [];
  const onStream: OnStream = (stream) => {
    streams.push(stream);
    return receiver({ onReset: (code) => resets.push(code) });
  };
  return { onStream, streams, resets };
}

/** A duplex that keeps what is written to it, and is done with a write when the test says so. */
export function held(): {
  readonly duplex: Duplex;
  readonly written: Buffer[];
  readonly release: () => void;
} {
  const written: Buffer[] = [];
  const waiting: (() => void)[] = [];
  let isReleased = false;
  const duplex = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      if (isReleased) done();
      else waiting.push(done);
    },
  });
  return {
    duplex,
    written,
    release() {
      isReleased = true;
      for (const done of waiting.splice(0)) done();
    },
  };
}

/** A budget that nobody uses up. */
export const PLENTY: Budget = { burst: 1e9, perSecond: 0, perReplyFrame: 0 };

/** For handlers that have no defect. */
export function rethrow(error: unknown): never {
  throw error;
}
