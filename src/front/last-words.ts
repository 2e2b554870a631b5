/** Replies outside of any request that Node knows of: written to the connection itself, which is closed after them. */
import { STATUS_CODES } from "node:http";

const TEXTS = {
  400: "The request is not valid HTTP.",
  405: "Only origin servers are reached here: there is no CONNECT.",
  408: "The request did not arrive in time.",
  413: "The chunks of the request have too many extensions.",
  414: "The request target is too long.",
  431: "The header fields of the request are too many or too large.",
  503: "Too many connections are open.",
  505: "HTTP/1.1 and HTTP/1.0 are spoken here.",
} as const;

export type LastStatus = keyof typeof TEXTS;

const EXTRA: Partial<Record<LastStatus, string>> = {
  405: "Allow: GET, HEAD, POST\r\n",
  503: "Retry-After: 1\r\n",
};

/** The text of a status, for a body. */
export function lastText(status: LastStatus): string {
  return `${TEXTS[status]}\n`;
}

/** What is said, in clear text, to a caller who does not begin with TLS where it is spoken; as other servers say it. */
export const SPEAK_TLS = "TLS is spoken here: use https, or a secure channel of gRPC.\n";

/** A whole reply, in ASCII. @param text absent: that of the status */
export function lastWords(status: LastStatus, text = lastText(status)): string {
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n` +
    `Date: ${new Date().toUTCString()}\r\n` +
    `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.length}\r\n` +
    `${EXTRA[status] ?? ""}Connection: close\r\n\r\n${text}`
  );
}
