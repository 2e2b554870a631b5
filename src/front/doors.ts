/** The listening ports of the gateway: opened together or not at all, closed from the outside in. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Config } from "../config.js";
import { Refusal } from "../errors.js";
import { routeHttp2 } from "./mux.js";
import type { Handler } from "./router.js";

/** How long a new connection may keep silent, in milliseconds. */
const FIRST_BYTES_MS = 60_000;

/** How long a request's head, and the whole of it, may take to arrive, in milliseconds. */
const SLOW_CALLER = { headersTimeout: 20_000, requestTimeout: 60_000 };

/** How often connections that have become idle are closed during a drain, in milliseconds. */
const SWEEP_MS = 50;

export interface DoorHandlers {
  readonly onRequest: Handler;
  /** Gets each HTTP/2 connection with its preface still to be read. */
  readonly onHttp2: (socket: Socket) => void;
  readonly management: Server;
}

export interface Doors {
  /** `host:port` of each; gRPC has the application's unless it has a port of its own. */
  readonly addresses: { readonly application: string; readonly grpc: string; readonly management: string };
  /** The application port that was taken. */
  readonly port: number;
  /**
   * Accepts nobody any more and waits until every HTTP/1.1 request is answered, at most `graceMs`. HTTP/2 connections
   * are for their owner to end.
   */
  drain(graceMs: number): Promise<void>;
  /** Closes what is still open, the management port too. */
  close(): Promise<void>;
}

/** @throws Refusal `usage` when a port cannot be had; the others are closed again by then */
export async function openDoors(
  config: Config,
  { onRequest, onHttp2, management }: DoorHandlers,
): Promise<Doors> {
  const { host, port, grpcPort, managementPort } = config;
  const http = createServer(SLOW_CALLER, onRequest);
  const grpc = grpcPort === undefined ? http : createServer(SLOW_CALLER, refuseHttp1);
  const closeSilent = routeHttp2(grpc, onHttp2, FIRST_BYTES_MS);
  const application = grpc === http ? [http] : [http, grpc];
  const close = async (): Promise<void> => {
    closeSilent();
    await Promise.all([...application, management].map(closeAtOnce));
  };
  try {
    await listen(http, host, port, "--port");
    await listen(management, host, managementPort, "--management-port");
    if (grpcPort !== undefined) await listen(grpc, host, grpcPort, "--grpc-port");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    addresses: { application: addressOf(http), grpc: addressOf(grpc), management: addressOf(management) },
    port: boundTo(http).port,
    async drain(graceMs) {
      const closed = application.map((server) => closeWithin(server, graceMs));
      closeSilent();
      await Promise.all(closed);
    },
    close,
  };
}

const refuseHttp1: Handler = (request, response) => {
  request.resume();
  response.writeHead(505, { "Content-Length": 0, Connection: "close" }).end();
};

async function listen(server: Server, host: string, port: number, flag: string): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const message = `Port ${port} of ${host} cannot be used (${code}).`;
    throw new Refusal("usage", [{ where: flag, path: "", message, remedy: "Free it or name another." }]);
  }
}

function boundTo(server: Server): AddressInfo {
  return server.address() as AddressInfo;
}

function addressOf(server: Server): string {
  const { address, family, port } = boundTo(server);
  return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Closes once the requests in hand are answered; what is open after `graceMs` is cut. */
async function closeWithin(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  // A caller that keeps an idle connection open must not hold up the drain.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await closed;
  clearTimeout(timer);
  clearInterval(sweep);
}

async function closeAtOnce(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
