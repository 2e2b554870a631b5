/** The gRPC face of the gateway: services, health and reflection on connections that others accept. */
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { DescService } from "@bufbuild/protobuf";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { createBodyBudget, type BodyBudget } from "../body-budget.js";
import type { CallHandler } from "../call/call.js";
import type { Offload } from "../call/offload.js";
import { callerOf, type Caller } from "../caller-of.js";
import type { Service } from "../contract/model.js";
import type { Limits } from "../limits.js";
import { nodeOptions, ownOptions } from "./connection-options.js";
import { createEvaluateHandler } from "./evaluate-handler.js";
import type { ScoringOptions } from "./evaluate-stream.js";
import { createEvaluator, type Evaluator } from "./evaluate.js";
import { createHealth } from "./health.js";
import { createMetadataHandler, type ServiceFacts } from "./metadata.js";
import { createReflection } from "./reflection.js";
import { generatedDefinition, serviceFullName } from "./service-definition.js";
import { createShortRoad, type StreamTaker } from "./short-road.js";
import { guardStreams } from "./stream-guard.js";
import { createStreamHandler, type StreamHandler } from "./stream-handler.js";

export interface GrpcEntry {
  readonly service: Service;
  readonly call: CallHandler;
  readonly facts: ServiceFacts;
  /** Calls that can run at once. */
  readonly slots: () => number;
}

/** A service beside the generated ones; health and reflection know it too. */
export interface BesideService {
  readonly service: DescService;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

export interface GrpcServerOptions {
  readonly entries: readonly GrpcEntry[];
  readonly beside?: readonly BesideService[];
  readonly limits: Limits;
  /** Takes large messages off the event loop. */
  readonly offload: Offload;
  /** What all requests that are arriving may hold together; absent: a budget of its own. */
  readonly bodies?: BodyBudget | undefined;
  /** Who speaks HTTP/2: our own code, with grpc-js behind it, or Node's alone. */
  readonly http2: "own" | "node";
  /** Takes HTTP/2 streams that are no gRPC; never called with `http2: "node"`. Absent: they are refused. */
  readonly onOther?: StreamTaker;
  /** Gets what was thrown where nothing should be, for the log. */
  readonly onDefect: (error: unknown) => void;
}

export interface GrpcFace {
  /** Takes over an accepted connection that speaks HTTP/2, in clear text or behind our own TLS. */
  injectConnection(socket: Duplex): void;
  /** What health answers from now on, of one service or of each; NOT_SERVING at first. */
  setServing(serving: boolean, service?: Service): void;
  /**
   * Stops: health says NOT_SERVING, Watch and reflection streams end, callers are told to go elsewhere, and calls in
   * progress finish. After `graceMs` milliseconds what is left is cut off. Never rejects.
   */
  drain(graceMs: number): Promise<void>;
}

/** How long a caller may take to read its last reply and end the connection, in milliseconds. */
const LAST_BYTES_MS = 1000;

/** Serves these services; connections come through `injectConnection()`. */
export function createGrpcServer(options: GrpcServerOptions): GrpcFace {
  const { entries, beside = [], limits, offload, http2, onOther, onDefect } = options;
  const bodies = options.bodies ?? createBodyBudget(limits.maxReceivingBytes);
  // It writes past the log, with what a caller sent: each metadata entry that it cannot read, with its value.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    "grpc.max_receive_message_length": limits.maxMessageBytes,
    "grpc.max_send_message_length": limits.maxMessageBytes,
    // Book-keeping that nothing here reads, for every call and message: 8 % of the calls per second.
    "grpc.enable_channelz": 0,
    // Connections within the process are ended with the caller's own, which knows these bounds itself.
    ...(http2 === "own" ? {} : nodeOptions(limits)),
  });
  const unary = new Map<string, Evaluator>();
  const scoring = new Map<string, ScoringOptions>();
  const streams: StreamHandler[] = [];
  for (const { service, call, facts, slots } of entries) {
    const evaluator = createEvaluator({ service, call, limits, offload });
    const stream = createStreamHandler({ evaluator, limits, bodies, slots });
    streams.push(stream);
    const { name } = service.operation;
    const path = `/${serviceFullName(service)}/${name}`;
    unary.set(path, evaluator);
    scoring.set(`${path}Stream`, { evaluator, limits, bodies, slots });
    server.addService(generatedDefinition(service), {
      [name]: createEvaluateHandler(evaluator),
      [`${name}Stream`]: stream.handle,
      GetMetadata: createMetadataHandler({ service, facts, limits, slots }),
    });
  }
  const services = entries.map((entry) => entry.service);
  for (const { definition, implementation } of beside) server.addService(definition, implementation);
  const besides = beside.map(({ service }) => service);
  const health = createHealth(
    services.map(serviceFullName),
    besides.map(({ typeName }) => typeName),
  );
  server.addService(health.definition, health.implementation);
  const reflection = createReflection(services, besides);
  for (const definition of reflection.definitions) server.addService(definition, reflection.implementation);

  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const asCaller = guardStreams(server);
  const inject = (socket: Duplex, caller: Caller): void =>
    asCaller(caller, () => injector.injectConnection(socket));
  const shortRoad = createShortRoad({
    unary,
    scoring,
    limits,
    bodies,
    forwardTo: inject,
    onOther,
    onDefect,
    http2: ownOptions(limits),
  });
  const sockets = new Set<Duplex>();
  let draining = false;

  return {
    injectConnection(socket) {
      if (draining) {
        socket.destroy();
        return;
      }
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      if (http2 === "own") shortRoad.accept(socket);
      else {
        // What it speaks has been seen by its first bytes; without ALPN Node would not believe it.
        if (socket instanceof TLSSocket) Object.assign(socket, { alpnProtocol: "h2" });
        inject(socket, callerOf(socket));
      }
    },
    setServing(serving, service) {
      health.setServing(serving, service === undefined ? undefined : serviceFullName(service));
    },
    async drain(graceMs) {
      draining = true;
      health.setServing(false);
      health.endWatches();
      reflection.endStreams();
      for (const stream of streams) stream.endStreams();
      const inTime = (await shortRoad.drain(graceMs)) && (await shutDown(server, graceMs));
      await Promise.all([...sockets].map((socket) => closed(socket, inTime ? LAST_BYTES_MS : 0)));
    },
  };
}

/**
 * Waits until a connection has closed, and closes it after a while. From Node 24 on a session that has ended can leave
 * its socket open: the last reply may still be on its way to the caller, who then ends the connection.
 */
async function closed(socket: Duplex, waitMs: number): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), waitMs);
  await once(socket, "close");
  clearTimeout(timer);
}

/** @returns whether everything ended by itself */
function shutDown(server: Server, graceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve(false);
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve(true);
    });
  });
}
