/** The composition root: artifacts in, a running gateway out. Starts inside out and stops outside in. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Artifact } from "./artifact/read-artifact.js";
import { createAdmission } from "./call/admission.js";
import { createCallHandler } from "./call/handle-call.js";
import type { CallHandler } from "./call/call.js";
import type { Config } from "./config.js";
import { contractFiles, soapAddress } from "./contract-files.js";
import { buildContract } from "./contract/build-contract.js";
import type { Service } from "./contract/model.js";
import { Refusal } from "./errors.js";
import { routeHttp2 } from "./front/mux.js";
import { createRouter, type Handler } from "./front/router.js";
import { createGrpcServer, type GrpcFace } from "./grpc/server.js";
import { mainInterface } from "./main-interface.js";
import type { Observer } from "./observe.js";
import { createManagementServer, type Readiness } from "./ops/management-server.js";
import { createPool, type Pool } from "./pool/pool.js";
import { createSoapEndpoint } from "./soap/server.js";
import { generateWsdl } from "./wsdl/generate-wsdl.js";

/** How long a new connection may keep silent, in milliseconds. */
const FIRST_BYTES_MS = 60_000;

/** One artifact, served. */
export interface Served {
  readonly artifact: Artifact;
  readonly service: Service;
  readonly pool: Pool;
  readonly call: CallHandler;
}

export interface Gateway {
  readonly served: readonly Served[];
  readonly publicUrl: string;
  readonly addresses: { readonly application: string; readonly grpc: string; readonly management: string };
  /**
   * Resolves when every process has loaded its artifact.
   * @throws Refusal `artifact` when one cannot be loaded
   */
  readonly started: Promise<void>;
  /** Fails readiness, finishes the calls in hand, ends every process and closes the ports. May be called again. */
  stop(): Promise<void>;
  /** Ends every Python process at once; synchronous, for the handler of the process's own exit. */
  killAll(): void;
}

/** The contract of one artifact. */
export function contractOf(artifact: Artifact): Service {
  const { metadata, alias, inputs } = artifact;
  const { outputType, spelledOutputType = "" } = metadata;
  return buildContract({
    alias,
    description: metadata.description ?? metadata.name ?? "",
    inputs,
    output: outputType === undefined ? undefined : { type: outputType, spelled: spelledOutputType },
  });
}

/** An artifact with its contract, its pool and its call path, without a port. */
export function serveArtifact(artifact: Artifact, config: Config, observer: Observer): Served {
  const service = contractOf(artifact);
  const { python, processes, spareProcesses, maxQueued, maxMessageBytes, startTimeoutMs } = config;
  const pool = createPool({
    service: service.alias,
    root: artifact.root,
    interface: mainInterface(service),
    python,
    processes,
    spareProcesses,
    maxMessageBytes,
    startTimeoutMs,
    observer,
  });
  const admit = createAdmission({ processes, maxQueued });
  const call = createCallHandler({ service, admit, dispatcher: pool, limits: config, observer });
  return { artifact, service, pool, call };
}

/**
 * Listens on every port and starts every process; calls are answered `unavailable` until `started`.
 * @throws Refusal `usage` when a port cannot be had or two artifacts have the same alias
 */
export async function startGateway(
  artifacts: readonly Artifact[],
  config: Config,
  observer: Observer,
): Promise<Gateway> {
  refuseSameAlias(artifacts);
  let draining = false;
  let handler: Handler = (request, response) => {
    request.resume();
    response.writeHead(503, { "Content-Length": 0, "Retry-After": "1" }).end();
  };
  const http = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, (request, response) => {
    if (draining) response.setHeader("Connection", "close");
    handler(request, response);
  });
  let served: readonly Served[] = [];
  const management = createManagementServer(() => readinessOf(served, draining));
  const application = await listen(http, config.host, config.port, "--port");
  const opened: Server[] = [http];
  const give = async (server: Server, port: number, flag: string): Promise<string> => {
    try {
      const address = await listen(server, config.host, port, flag);
      opened.push(server);
      return address;
    } catch (error) {
      await Promise.all(opened.map(close));
      throw error;
    }
  };
  const managementAddress = await give(management, config.managementPort, "--management-port");
  const publicUrl = config.publicUrl ?? `http://localhost:${(http.address() as AddressInfo).port}`;

  served = artifacts.map((artifact) => serveArtifact(artifact, config, observer));
  const entries = served.map(({ service, call }) => ({ service, call }));
  const grpc = createGrpcServer({ entries, limits: config });
  const mounted = await Promise.all(
    served.map(async ({ service, call }) => {
      const wsdl = generateWsdl(service, soapAddress(publicUrl, service));
      const soap = await createSoapEndpoint({ service, call, limits: config, wsdl });
      return { service, soap, files: contractFiles(service) };
    }),
  );
  handler = createRouter(mounted, publicUrl);

  let grpcAddress = application;
  let grpcDoor = http;
  if (config.grpcPort !== undefined) {
    grpcDoor = createServer((_, response) => response.writeHead(505, { "Content-Length": 0 }).end());
    grpcAddress = await give(grpcDoor, config.grpcPort, "--grpc-port");
  }
  const closeSilent = routeHttp2(grpcDoor, (socket) => grpc.injectConnection(socket), FIRST_BYTES_MS);

  const started = Promise.all(served.map(({ pool }) => pool.started)).then(() => grpc.setServing(!draining));
  started.catch(() => undefined);
  let stopped: Promise<void> | undefined;

  return {
    served,
    publicUrl,
    addresses: { application, grpc: grpcAddress, management: managementAddress },
    started,
    stop() {
      draining = true;
      stopped ??= drain({ config, opened, closeSilent, grpc, served });
      return stopped;
    },
    killAll() {
      for (const { pool } of served) pool.killAll();
    },
  };
}

interface Drained {
  readonly config: Config;
  readonly opened: readonly Server[];
  readonly closeSilent: () => void;
  readonly grpc: GrpcFace;
  readonly served: readonly Served[];
}

/** Outside in: first nobody new is sent here, then the calls in hand finish, then the processes go. */
async function drain({ config, opened, closeSilent, grpc, served }: Drained): Promise<void> {
  grpc.setServing(false);
  await sleep(config.drainDelayMs);
  const [http, management, ...others] = opened;
  const grace = config.drainTimeoutMs;
  const doors = [http, ...others].filter((server) => server !== undefined);
  const closed = doors.map((server) => closeWithin(server, grace));
  closeSilent();
  await Promise.all([...closed, grpc.drain(grace)]);
  await Promise.all(served.map(({ pool }) => pool.drain(grace)));
  if (management !== undefined) await close(management);
}

function readinessOf(served: readonly Served[], draining: boolean): Readiness {
  const services = served.map(({ service, pool }) => {
    const { ready, processes } = pool.state();
    return { service: service.alias, ready: ready > 0, processes: `${ready}/${processes}` };
  });
  return { draining: draining || served.length === 0, services };
}

async function listen(server: Server, host: string, port: number, flag: string): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const message = `Port ${port} of ${host} cannot be used (${code}).`;
    throw new Refusal("usage", [{ where: flag, path: "", message, remedy: "Free it or name another." }]);
  }
  const bound = server.address() as AddressInfo;
  return `${host}:${bound.port}`;
}

/** Closes once the requests in hand are answered; what is open after `graceMs` is cut. */
async function closeWithin(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  // Idle connections are closed as they become idle: a caller that keeps one open must not hold up the drain.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await closed;
  clearTimeout(timer);
  clearInterval(sweep);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

function refuseSameAlias(artifacts: readonly Artifact[]): void {
  const seen = new Map<string, string>();
  for (const { alias, source } of artifacts) {
    const other = seen.get(alias);
    if (other !== undefined) {
      const message = `Has the alias ${alias}, like ${other}.`;
      throw new Refusal("usage", [{ where: source, path: "", message, remedy: "Serve them apart." }]);
    }
    seen.set(alias, source);
  }
}
