import { setMaxListeners } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

const signals = new WeakMap<Socket, AbortSignal>();

/**
 * A signal that is aborted when the connection of a request closes: its caller has gone. One per connection, because
 * making one and watching the connection costs as much as encoding a reply. Whoever listens to it stops listening when
 * the request is answered.
 */
export function callerSignal({ socket }: Pick<IncomingMessage, "socket">): AbortSignal {
  const known = signals.get(socket);
  if (known !== undefined) return known;
  const gone = new AbortController();
  // A caller that sends many requests without waiting for the replies has as many listeners, and is not a leak.
  setMaxListeners(0, gone.signal);
  if (socket.destroyed) gone.abort();
  else socket.once("close", () => gone.abort());
  signals.set(socket, gone.signal);
  return gone.signal;
}
