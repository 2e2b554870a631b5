/** The listening ports of the gateway: opened together or not at all, closed from the outside in. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Config } from "../config.js";
import { Refusal } from "../errors.js";
import { closeWithin } from "./close-server.js";
import { endAfterCaller } from "../http/linger.js";
import { watchConnections } from "./connections.js";
import { createHttp1Server } from "./http1-server.js";
import { lastWords } from "./last-words.js";
import { routeHttp2 } from "./mux.js";
import type { Handler } from "./router.js";

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
  /** Connections that are open now, of both protocols. */
  connections(): number;
  /** From now on the last reply on every HTTP/1.1 connection says that it is the last; new ones are still accepted. */
  retire(): void;
  /**
   * Accepts nobody any more and waits until every HTTP/1.1 request is answered, at most `graceMs`. Callers whose
   * connections are idle have `drainIdleMs` to send one more request. HTTP/2 connections are for their owner to end.
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
  const { host, port, grpcPort, managementPort, keepAliveTimeoutMs: firstBytesMs } = config;
  const connections = watchConnections(config);
  const { admit } = connections;
  const http = createHttp1Server(config, onRequest);
  const grpc = grpcPort === undefined ? http : createHttp1Server(config, refuseHttp1);
  const application = grpc === http ? [http] : [http, grpc];
  const closeSilent = application.map(({ server }) => {
    const isGrpc = server === grpc.server;
    return routeHttp2(server, { onHttp2: isGrpc ? onHttp2 : refuseHttp2, firstBytesMs, admit });
  });
  const closeAllSilent = (): void => closeSilent.forEach((closeThese) => closeThese());
  const close = async (): Promise<void> => {
    closeAllSilent();
    connections.close();
    await Promise.all([...application.map(({ server }) => server), management].map(closeAtOnce));
  };
  try {
    await listen(http.server, host, port, "--port");
    await listen(management, host, managementPort, "--management-port");
    if (grpcPort !== undefined) await listen(grpc.server, host, grpcPort, "--grpc-port");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    addresses: {
      application: addressOf(http.server),
      grpc: addressOf(grpc.server),
      management: addressOf(management),
    },
    port: boundTo(http.server).port,
    connections: () => connections.open.size,
    retire: () => application.forEach((one) => one.retire()),
    async drain(graceMs) {
      const idleMs = Math.min(config.drainIdleMs, graceMs);
      await Promise.all(
        application.map(({ server }) => closeWithin(server, { graceMs, idleMs, onIdle: closeAllSilent })),
      );
    },
    close,
  };
}

const refuseHttp1: Handler = (request, response) => {
  request.resume();
  response.writeHead(505, { "Content-Length": 0, Connection: "close" }).end();
};

const refuseHttp2 = (socket: Socket): void => endAfterCaller(socket, lastWords(505));

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

async function closeAtOnce(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
