/**
 * One port for two protocols. Under TLS, callers say which by ALPN (RFC 7301); those who do not, and all in clear text, by
 * their first bytes: gRPC begins with the HTTP/2 preface (RFC 9113, 3.4); anything else is HTTP/1.1.
 */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { endAfterCaller } from "../http/linger.js";
import type { Terminator } from "../tls/terminator.js";
import type { Connections } from "./connections.js";
import { lastWords, SPEAK_TLS } from "./last-words.js";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

export interface MuxOptions {
  /** Gets each connection that speaks HTTP/2, with the preface still to be read. */
  readonly onHttp2: (socket: Socket) => void;
  /** How long a connection may keep silent before it is closed, in milliseconds; that of a handshake comes before it. */
  readonly firstBytesMs: number;
  readonly connections: Pick<Connections, "admit" | "secured" | "heard">;
  /** Takes off TLS first. Absent: the port speaks clear text. */
  readonly terminator?: Terminator | undefined;
}

/** Puts the decision in front of an HTTP server, which goes on listening, timing out and closing as ever. */
export function routeHttp2(
  server: Server,
  { onHttp2, firstBytesMs, connections, terminator }: MuxOptions,
): void {
  const takers = server.listeners("connection");
  server.removeAllListeners("connection");
  const onHttp1 = (socket: Socket): void => {
    for (const taker of takers) Reflect.apply(taker, server, [socket]);
  };
  server.on("connection", (socket: Socket) => {
    if (!connections.admit(socket)) return;
    const heard = (): void => connections.heard(socket);
    const look = (readable: Socket): void => peek(readable, firstBytesMs, { onHttp1, onHttp2, heard });
    if (terminator === undefined) {
      look(socket);
      return;
    }
    terminator.accept(socket, {
      onSecure(secure) {
        connections.secured(socket, secure);
        if (secure.alpnProtocol !== "h2") {
          look(secure);
          return;
        }
        heard();
        onHttp2(secure);
      },
      onClearText: () => endAfterCaller(socket, lastWords(400, SPEAK_TLS)),
    });
  });
}

interface Takers {
  readonly onHttp1: (socket: Socket) => void;
  readonly onHttp2: (socket: Socket) => void;
  /** Called once, when the connection is no longer silent or no longer there. */
  readonly heard: () => void;
}

function peek(socket: Socket, firstBytesMs: number, { onHttp1, onHttp2, heard }: Takers): void {
  let seen = Buffer.alloc(0);
  const leave = (): void => {
    heard();
    socket.off("data", onData);
    socket.off("error", onGone);
    socket.off("end", onGone);
    socket.off("close", heard);
    socket.setTimeout(0);
    socket.off("timeout", onGone);
  };
  // A connection that ends, fails or keeps silent before it has said anything has nothing to be told.
  const onGone = (): void => {
    leave();
    socket.on("error", () => undefined);
    socket.destroy();
  };
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const isHttp2 = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (isHttp2 && length < PREFACE.length) return;
    leave();
    socket.pause();
    socket.unshift(seen);
    if (isHttp2) {
      // The session reads the preface back by itself; a flowing socket would have thrown it away by then.
      onHttp2(socket);
    } else {
      onHttp1(socket);
      socket.resume();
    }
  };
  socket.on("data", onData);
  socket.on("error", onGone);
  socket.on("end", onGone);
  socket.on("close", heard);
  socket.setTimeout(firstBytesMs, onGone);
}
