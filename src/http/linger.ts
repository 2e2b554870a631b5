/**
 * Closing a connection whose caller is still sending. A system that gets bytes for a connection that is closed resets it,
 * and the caller's system then throws away what it had received: the reply that says why. So what still comes is read and
 * thrown away for a while (RFC 9112, section 9.6).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long a caller may go on sending, in milliseconds, and how much of it is read, in bytes. */
export const LINGER_MS = 2000;
export const LINGER_BYTES = 64 * 1024 * 1024;

/** Ends a reply that has been written whole, once its request has ended or has gone on for long enough. */
export function endAfterRequest(request: IncomingMessage, response: ServerResponse): void {
  let left = LINGER_BYTES;
  const done = (): void => {
    clearTimeout(timer);
    request.off("data", onData).off("end", done).off("close", done);
    response.end();
  };
  const onData = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) done();
  };
  const timer = setTimeout(done, LINGER_MS);
  request.on("error", () => undefined);
  request.on("data", onData).on("end", done).on("close", done).resume();
}

/** Sends last words on a connection that nobody reads requests from any more, and closes it when its caller has. */
export function endAfterCaller(socket: Socket, words: string): void {
  const done = (): void => {
    clearTimeout(timer);
    socket.destroy();
  };
  const timer = setTimeout(done, LINGER_MS);
  socket.on("error", done).on("end", done).on("close", done);
  socket.end(words, "latin1");
  socket.resume();
}
