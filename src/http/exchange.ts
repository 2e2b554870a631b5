import type { IncomingMessage, ServerResponse } from "node:http";

/** One HTTP/1.1 request and the reply that it waits for. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Whether the caller sends its body only when it is told to (RFC 9110, section 10.1.1). HTTP/1.0 knows no such thing, and
 * what else can be expected has been refused by then.
 */
export function awaitsContinue({ headers, httpVersionMinor }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0;
}
