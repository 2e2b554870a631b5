/** Where a server listens: a port, or a Unix socket. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Refusal } from "../errors.js";
import { listenOnSocket } from "./unix-socket.js";

export type Place =
  | { readonly kind: "port"; readonly host: string; readonly port: number; readonly flag: string }
  | { readonly kind: "socket"; readonly path: string; readonly mode: number };

/** @throws Refusal `usage` when the place cannot be had */
export async function listen(server: Server, place: Place): Promise<void> {
  if (place.kind === "socket") {
    await listenOnSocket(server, place.path, place.mode);
    return;
  }
  const { host, port, flag } = place;
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const message = `Port ${port} of ${host} cannot be used (${code}).`;
    throw new Refusal("usage", [{ where: flag, path: "", message, remedy: "Free it or name another." }]);
  }
}

/** `host:port`, or `unix:/path`, as gRPC writes its targets. */
export function addressOf(server: Server): string {
  const bound = server.address();
  if (typeof bound === "string") return `unix:${bound}`;
  if (bound === null) throw new Error("the server does not listen");
  return hostAndPort(bound);
}

function hostAndPort({ address, family, port }: AddressInfo): string {
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The address to write into documents where nobody has said what callers see. */
export function localUrl(server: Server, scheme: "http" | "https"): string {
  const bound = server.address();
  return typeof bound === "string" || bound === null
    ? `${scheme}://localhost`
    : `${scheme}://localhost:${bound.port}`;
}
