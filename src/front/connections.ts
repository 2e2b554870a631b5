/** The open connections of the application's ports: how many there may be, and which take their replies. */
import type { Socket } from "node:net";
import { endAfterCaller } from "../http/linger.js";
import { lastWords } from "./last-words.js";

export interface ConnectionLimits {
  /** Most connections that are open at once. */
  readonly maxConnections: number;
  /** Milliseconds within which a caller has to take a reply. */
  readonly replyTimeoutMs: number;
  /** Whether they begin with TLS: then one that is refused is closed without a word, which its caller could not read. */
  readonly speakTls: boolean;
}

export interface Connections {
  /**
   * Counts a connection until it closes. Where there is no place, the one that has been silent for longest gives up its own;
   * false when there is none, and the connection has been told so.
   */
  admit(socket: Socket): boolean;
  /** The connection has been encrypted: its replies go through `secure`. */
  secured(socket: Socket, secure: Socket): void;
  /** The connection, as it was admitted, has begun to speak. */
  heard(socket: Socket): void;
  /** Closes the connections that have not begun to speak: no protocol knows of them. */
  closeSilent(): void;
  /** Connections that are open now. */
  readonly count: number;
  /** No reply is looked after any more. */
  close(): void;
}

/** So many connections beyond the limit are told why they are closed; more are closed without a word. */
const MOST_REFUSED = 100;

/** What a connection had sent when it was last looked at, and since when it has not sent more. */
interface Progress {
  readonly sent: number;
  readonly since: number;
}

export function watchConnections(limits: ConnectionLimits): Connections {
  const { maxConnections, replyTimeoutMs, speakTls } = limits;
  /** Each connection, as it was admitted, with what its replies are written to. */
  const open = new Map<Socket, Socket>();
  /** Those that have not begun to speak, the oldest first. */
  const silent = new Set<Socket>();
  const waiting = new Map<Socket, Progress>();
  let refused = 0;

  const forget = (socket: Socket): void => {
    waiting.delete(open.get(socket) ?? socket);
    open.delete(socket);
    silent.delete(socket);
  };
  const refuse = (socket: Socket): void => {
    if (speakTls || refused >= MOST_REFUSED) {
      socket.destroy();
      return;
    }
    refused += 1;
    socket.once("close", () => (refused -= 1));
    endAfterCaller(socket, lastWords(503));
  };
  /** Whoever opens connections and says nothing must not keep out those who speak. */
  const makeRoom = (): void => {
    const [longest] = silent;
    if (longest === undefined) return;
    forget(longest);
    longest.destroy();
  };
  /** Looked at from time to time, because a timer for every reply would cost every call. */
  const look = (): void => {
    const now = performance.now();
    for (const socket of open.values()) {
      if (socket.writableLength === 0) {
        waiting.delete(socket);
        continue;
      }
      // What the system has taken whole; a reply is written in one piece.
      const sent = socket.bytesWritten - socket.writableLength;
      const before = waiting.get(socket);
      if (before?.sent !== sent) waiting.set(socket, { sent, since: now });
      else if (now - before.since >= replyTimeoutMs) socket.destroy();
    }
  };
  const watch = setInterval(look, Math.max(10, Math.min(1000, replyTimeoutMs / 4))).unref();

  return {
    admit(socket) {
      if (open.size >= maxConnections) makeRoom();
      if (open.size >= maxConnections) {
        refuse(socket);
        return false;
      }
      open.set(socket, socket);
      silent.add(socket);
      socket.once("close", () => forget(socket));
      return true;
    },
    secured: (socket, secure) => {
      if (open.has(socket)) open.set(socket, secure);
    },
    heard: (socket) => void silent.delete(socket),
    closeSilent: () => silent.forEach((socket) => socket.destroy()),
    get count() {
      return open.size;
    },
    close: () => clearInterval(watch),
  };
}
