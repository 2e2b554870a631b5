/** The open connections of the application's ports: how many there may be, and which take their replies. */
import type { Socket } from "node:net";
import { endAfterCaller } from "../http/linger.js";
import { lastWords } from "./last-words.js";

export interface ConnectionLimits {
  /** Most connections that are open at once. */
  readonly maxConnections: number;
  /** Milliseconds within which a caller has to take a reply. */
  readonly replyTimeoutMs: number;
}

export interface Connections {
  /** Counts a connection until it closes; false when it is one too many, and is told so. */
  readonly admit: (socket: Socket) => boolean;
  readonly open: ReadonlySet<Socket>;
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

export function watchConnections({ maxConnections, replyTimeoutMs }: ConnectionLimits): Connections {
  const open = new Set<Socket>();
  const waiting = new Map<Socket, Progress>();
  let refused = 0;

  const refuse = (socket: Socket): void => {
    if (refused >= MOST_REFUSED) {
      socket.destroy();
      return;
    }
    refused += 1;
    socket.once("close", () => (refused -= 1));
    endAfterCaller(socket, lastWords(503));
  };
  /** Looked at from time to time, because a timer for every reply would cost every call. */
  const look = (): void => {
    const now = performance.now();
    for (const socket of open) {
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
      if (open.size >= maxConnections) {
        refuse(socket);
        return false;
      }
      open.add(socket);
      socket.once("close", () => {
        open.delete(socket);
        waiting.delete(socket);
      });
      return true;
    },
    open,
    close: () => clearInterval(watch),
  };
}
