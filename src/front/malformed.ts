/** What is said to a caller whose bytes are no request, or do not become one in time. Nothing of the parser's own words. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { endAfterCaller } from "../http/linger.js";
import { lastText, lastWords, type LastStatus } from "./last-words.js";

/** What Node's `clientError` gives. */
export interface ParseError extends NodeJS.ErrnoException {
  /** llhttp's words for it. */
  readonly reason?: string;
  readonly bytesParsed?: number;
  /** The bytes in which the fault was found. */
  readonly rawPacket?: Buffer;
}

const STATUSES: ReadonlyMap<string, LastStatus> = new Map([
  ["ERR_HTTP_REQUEST_TIMEOUT", 408],
  ["HPE_CHUNK_EXTENSIONS_OVERFLOW", 413],
  ["HPE_HEADER_OVERFLOW", 431],
]);

/** Connections that have been answered: the parser goes on complaining for as long as bytes come. */
const answered = new WeakSet<Socket>();

/**
 * Answers in the place of the reply that the caller waits for, and closes the connection.
 * @param latest the reply to the last request of the connection that had a whole head, if there was one
 */
export function answerMalformed(error: ParseError, socket: Socket, latest: ServerResponse | undefined): void {
  if (answered.has(socket)) return;
  answered.add(socket);
  const status = statusOf(error);
  if (status === undefined || !socket.writable) socket.destroy();
  else if (latest === undefined || latest.writableFinished) endAfterCaller(socket, lastWords(status));
  else if (latest.req.complete) {
    // What went wrong came behind a request that still waits for its reply.
    latest.once("close", () => {
      if (socket.writable) endAfterCaller(socket, lastWords(status));
    });
  } else refuseBody(latest, status);
}

/** The head was in order and the body is not. */
function refuseBody(response: ServerResponse, status: LastStatus): void {
  // Node tells nobody that the rest of a request will not come once it has been answered.
  response.once("close", () => response.req.destroy());
  if (response.headersSent) {
    // It was refused for something else already, and that reply closes the connection.
    response.end();
    return;
  }
  const text = lastText(status);
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": text.length,
    Connection: "close",
  });
  response.end(text);
}

/** Undefined when the caller has gone, and nobody can be told anything. */
function statusOf({ code = "", reason, rawPacket, bytesParsed }: ParseError): LastStatus | undefined {
  if (reason === "Invalid HTTP version") return 505;
  if (code === "HPE_HEADER_OVERFLOW" && isInTarget(rawPacket?.subarray(0, bytesParsed))) return 414;
  return STATUSES.get(code) ?? (code.startsWith("HPE_") ? 400 : undefined);
}

const LINE_FEED = 0x0a;
const METHOD = /^[A-Z]+ /;

/** Whether the parser had not got beyond the first line, as far as the last bytes show. */
function isInTarget(packet: Buffer | undefined): boolean {
  return packet !== undefined && !packet.includes(LINE_FEED) && METHOD.test(packet.toString("latin1", 0, 20));
}
