/**
 * What the processes print: each connects its standard output and error to a Unix socket of the thread. (Pipes of the
 * supervisor would mix the lines of all processes.)
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { forwardLines } from "./output-lines.js";

/** Longest greeting, in bytes: a token and the name of the stream. */
const MAX_GREETING = 100;

/** The token under which the template prints, which imports the artifact for all processes. */
const TEMPLATE = "template";

export type OnOutput = (token: string | undefined, stream: "stdout" | "stderr", line: string) => void;

export interface OutputServer {
  readonly listening: Promise<unknown>;
  /** Reads what has arrived, then closes. */
  close(): Promise<void>;
}

export function forwardOutput(path: string, onOutput: OnOutput): OutputServer {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    readGreeting(socket, (label, stream) => {
      const token = label === TEMPLATE ? undefined : label;
      forwardLines(socket, (line) => onOutput(token, stream, line));
    });
  });
  server.listen(path);
  return {
    listening: once(server, "listening"),
    async close() {
      const closed = once(server, "close");
      server.close();
      // A child that the artifact has left behind can hold its end open for ever.
      const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), LAST_WORDS_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** How long the last words of processes that have gone are waited for, in milliseconds. */
const LAST_WORDS_MS = 100;

/** The first line, `token stream`; a connection that begins otherwise is closed. */
function readGreeting(
  socket: Socket,
  onGreeting: (label: string, stream: "stdout" | "stderr") => void,
): void {
  let seen = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf(0x0a);
    if (end < 0 && seen.length <= MAX_GREETING) return;
    socket.off("data", onData);
    const [, label = "", stream] = /^([\w-]+) (stdout|stderr)$/.exec(seen.toString("latin1", 0, end)) ?? [];
    if (stream !== "stdout" && stream !== "stderr") {
      socket.destroy();
      return;
    }
    socket.pause();
    socket.unshift(seen.subarray(end + 1));
    onGreeting(label, stream);
    socket.resume();
  };
  socket.on("data", onData);
}
