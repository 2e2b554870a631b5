/** The listening ports of the gateway, or its Unix socket: opened together or not at all, closed from the outside in. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Config } from "../config.js";
import { Refusal } from "../errors.js";
import type { Handler } from "../http/exchange.js";
import { endAfterCaller } from "../http/linger.js";
import type { Protocol } from "../tls/terminator.js";
import type { Tls } from "../tls/tls.js";
import { closeWithin } from "./close-server.js";
import { watchConnections } from "./connections.js";
import { createHttp1Server } from "./http1-server.js";
import { lastWords } from "./last-words.js";
import { addressOf, listen, localUrl, type Place } from "./listen.js";
import { routeHttp2 } from "./mux.js";

export interface DoorHandlers {
  readonly onRequest: Handler;
  /** Gets each HTTP/2 connection with its preface still to be read. */
  readonly onHttp2: (socket: Socket) => void;
  readonly management: Server;
  /** Absent: the application's ports speak clear text. */
  readonly tls: Tls | undefined;
}

export interface Doors {
  /** `host:port` of each, or `unix:/path`; gRPC has the application's unless it has a port of its own. */
  readonly addresses: { readonly application: string; readonly grpc: string; readonly management: string };
  /** Where callers on this machine find the application. */
  readonly url: string;
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

/** @throws Refusal `usage` when a port or socket cannot be had; the others are closed again by then */
export async function openDoors(
  config: Config,
  { onRequest, onHttp2, management, tls }: DoorHandlers,
): Promise<Doors> {
  const { host, grpcPort, managementPort, keepAliveTimeoutMs: firstBytesMs } = config;
  refuseBoth(config);
  const connections = watchConnections({ ...config, speakTls: tls !== undefined });
  const http = createHttp1Server(config, onRequest);
  const grpc = grpcPort === undefined ? http : createHttp1Server(config, refuseHttp1);
  const application = grpc === http ? [http] : [http, grpc];
  for (const one of application) {
    const offered = grpc === http ? BOTH : one === grpc ? HTTP2 : HTTP1;
    routeHttp2(one.server, {
      onHttp2: one === grpc ? onHttp2 : refuseHttp2,
      firstBytesMs,
      connections,
      terminator: tls?.terminator(offered),
    });
  }
  const close = async (): Promise<void> => {
    connections.closeSilent();
    connections.close();
    await Promise.all([...application.map(({ server }) => server), management].map(closeAtOnce));
  };
  const port = (number: number, flag: string): Place => ({ kind: "port", host, port: number, flag });
  try {
    await listen(http.server, applicationPlace(config));
    await listen(management, port(managementPort, "--management-port"));
    if (grpcPort !== undefined) await listen(grpc.server, port(grpcPort, "--grpc-port"));
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
    url: localUrl(http.server, tls === undefined ? "http" : "https"),
    connections: () => connections.count,
    retire: () => application.forEach((one) => one.retire()),
    async drain(graceMs) {
      const idleMs = Math.min(config.drainIdleMs, graceMs);
      await Promise.all(
        application.map(({ server }) =>
          closeWithin(server, { graceMs, idleMs, onIdle: () => connections.closeSilent() }),
        ),
      );
    },
    close,
  };
}

/** What a port offers by ALPN. */
const BOTH: readonly Protocol[] = ["h2", "http/1.1"];
const HTTP2: readonly Protocol[] = ["h2"];
const HTTP1: readonly Protocol[] = ["http/1.1"];

const refuseHttp1: Handler = (exchange) =>
  exchange.reply({ status: 505, headers: { Connection: "close" }, body: "" });

const refuseHttp2 = (socket: Socket): void => endAfterCaller(socket, lastWords(505));

function applicationPlace({ host, port, socket, socketMode }: Config): Place {
  if (socket === undefined) return { kind: "port", host, port, flag: "--port" };
  return { kind: "socket", path: socket, mode: Number.parseInt(socketMode, 8) };
}

/** A socket serves both protocols; what a port of gRPC beside it would be for, nobody could tell. */
function refuseBoth({ socket, grpcPort }: Config): void {
  if (socket === undefined || grpcPort === undefined) return;
  const message = "The socket serves gRPC too, and grpcPort is set beside it.";
  throw new Refusal("usage", [{ where: "--socket", path: "", message, remedy: "Leave out one of them." }]);
}

async function closeAtOnce(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
