/** Closes an HTTP/1.1 server without losing a request that was on its way. */
import { once } from "node:events";
import type { Server } from "node:http";
import { Server as NetServer } from "node:net";

export interface ClosingTimes {
  /** Milliseconds after which everything that is still open is cut. */
  readonly graceMs: number;
  /** Milliseconds for which connections without a request stay open; at most `graceMs`. */
  readonly idleMs: number;
  /** Called when these are over. */
  readonly onIdle: () => void;
}

/** How often connections that have become idle are closed, in milliseconds. */
const SWEEP_MS = 50;

/**
 * Stops listening, and is done when every connection has closed: those with a request after its reply, which says that
 * it is the last; the others when they have had their time to send one. What remains is a request that is sent in the
 * very moment in which its idle connection is closed: it has not been begun, and its caller sees the connection close
 * instead of a reply.
 */
export async function closeWithin(server: Server, { graceMs, idleMs, onIdle }: ClosingTimes): Promise<void> {
  const closed = once(server, "close");
  let sweep: NodeJS.Timeout | undefined;
  const idle = setTimeout(() => {
    onIdle();
    closeIdle(server);
    sweep = setInterval(() => closeIdle(server), SWEEP_MS);
  }, idleMs);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // Not the HTTP server's own way to close: that ends idle connections at once, and stops looking for slow requests.
  NetServer.prototype.close.call(server);
  await closed;
  clearTimeout(idle);
  clearTimeout(cut);
  clearInterval(sweep);
  // It has nothing left to close, and stops its clock.
  server.close();
}

/** A timer comes before the network is looked at, so what has arrived by now is read first, and is a request then. */
function closeIdle(server: Server): void {
  setImmediate(() => server.closeIdleConnections());
}
