/** Writes one whole HTTP reply, so that no protocol forgets its length or leaves an unread request behind. */
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text is written as UTF-8. */
  readonly body: string;
}

/**
 * Sends a reply with its `Content-Length`; to a HEAD request, and with status 304, without the body. Does nothing
 * when the caller has gone.
 */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(reply.body, "utf8");
  const headers: Record<string, string> = { ...reply.headers };
  if (reply.status !== 304) headers["Content-Length"] = String(body.length);
  // The rest of a body that nobody reads would be taken for the next request of the connection, or read for ever.
  if (hasBody(request) && !request.complete) headers["Connection"] = "close";
  response.writeHead(reply.status, headers);
  response.end(request.method === "HEAD" || reply.status === 304 ? undefined : body);
}

function hasBody(request: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": coding } = request.headers;
  return coding !== undefined || (length !== undefined && length !== "0");
}
