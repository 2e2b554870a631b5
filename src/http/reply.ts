/** Writes one whole HTTP reply, so that no protocol forgets its length or leaves an unread request behind. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { awaitsContinue } from "./exchange.js";
import { endAfterRequest } from "./linger.js";

export interface Reply {
  readonly status: number;
  /** In ASCII. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text is written as UTF-8. */
  readonly body: string | Uint8Array;
}

/**
 * Sends a reply with its `Content-Length`; to a HEAD request, and with status 304, without the body. A connection on
 * which the rest of a request still comes is closed. Does nothing when the caller has gone.
 *
 * It leaves at the end of this turn of the event loop, behind one another with all that are ready by then. A write
 * wakes whoever waits for it, which costs more than everything else about a reply; who was woken by the first of
 * several is still awake for the others.
 * @param more headers of this reply alone, names and values in turn
 */
export function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  more: readonly string[] = [],
): void {
  setImmediate(writeReply, request, response, reply, more);
}

function writeReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  more: readonly string[],
): void {
  if (response.destroyed || response.headersSent) return;
  const { status, body } = reply;
  const length = Buffer.byteLength(body);
  const head = [...more];
  for (const [name, value] of Object.entries(reply.headers)) head.push(name, value);
  if (status !== 304) head.push("Content-Length", String(length));
  const isCut = !request.complete && hasBody(request);
  // The rest of a body that nobody reads would be taken for the next request of the connection, or read for ever.
  if (isCut) head.push("Connection", "close");
  response.writeHead(status, head);
  const isBare = request.method === "HEAD" || status === 304;
  if (isCut && !awaitsContinue(request)) {
    if (isBare) response.flushHeaders();
    else response.write(body);
    endAfterRequest({ request, response });
  } else if (isBare) response.end();
  else if (typeof body !== "string") response.end(body);
  // Text, not bytes: it goes out with the head in one write. As many bytes as characters means that it is ASCII.
  else response.end(body, length === body.length ? "latin1" : "utf8");
}

function hasBody(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": coding } = request.headers;
  return coding !== undefined || (length !== undefined && length !== "0");
}
