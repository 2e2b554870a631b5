/** The composition root: artifacts in, a running gateway out. Starts inside out and stops outside in. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Artifact } from "./artifact/read-artifact.js";
import { createTurns } from "./call/turns.js";
import { environmentVariable, type Config } from "./config.js";
import { contractFiles, soapAddress } from "./contract-files.js";
import { SOAP_VERSIONS } from "./contract/soap-names.js";
import { Refusal } from "./errors.js";
import { openDoors } from "./front/doors.js";
import { createHttp2Requests } from "./front/http2-requests.js";
import type { Mounted } from "./front/mounted.js";
import { createRouter } from "./front/router.js";
import type { ServiceFacts } from "./grpc/metadata.js";
import type { Handler } from "./http/exchange.js";
import { createGrpcServer, type BesideService, type GrpcFace } from "./grpc/server.js";
import { createBodyBudget, type BodyBudget } from "./body-budget.js";
import type { Offload } from "./call/offload.js";
import { startOffload, type OffloadThreads } from "./offload.js";
import { createJsonEndpoint } from "./json/server.js";
import { generateOpenapi } from "./openapi/generate-openapi.js";
import { interfaceHash } from "./lock/interface-hash.js";
import type { CertificateFacts, Observer } from "./observe.js";
import { createInferenceService } from "./oip/inference-service.js";
import { createManagementServer, type Readiness } from "./ops/management-server.js";
import { createPage } from "./page/page.js";
import { serveArtifact, type Contracted, type Served } from "./serve-artifact.js";
import { publicPolicy } from "./soap/security/public-policy.js";
import { readSoapPolicy } from "./soap/security/read-policy.js";
import { createSoapSecurity, type SoapSecurity } from "./soap/security/soap-security.js";
import { createSoapEndpoint } from "./soap/server.js";
import { tlsSettings } from "./tls/tls-settings.js";
import { startTls, type Tls } from "./tls/tls.js";
import { gatewayVersion } from "./version.js";
import { generateWsdl } from "./wsdl/generate-wsdl.js";
import { generateXsd } from "./wsdl/schema.js";

interface Faces {
  readonly grpc: GrpcFace;
  readonly router: Handler;
  readonly offload: OffloadThreads;
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
  /** Absent: the application's ports speak clear text. */
  readonly tls: GatewayTls | undefined;
  /** What its callers keep open or have sent in part: connections, and bytes of bodies that are still arriving. */
  load(): { readonly connections: number; readonly receivingBytes: number };
  /** Fails readiness, finishes the calls in hand, ends every process and closes the ports. May be called again. */
  stop(): Promise<void>;
  /** Ends every Python process at once; synchronous, for the handler of the process's own exit. */
  killAll(): void;
}

export interface GatewayTls extends Pick<Tls, "clientAuth" | "reload"> {
  /** The certificate that new connections get. */
  certificate(): CertificateFacts;
}

/**
 * Listens on every port and starts every process; calls are answered `unavailable` until `started`.
 * @throws Refusal `usage` when a port cannot be had, two artifacts have the same alias, or the SOAP policy or the files of TLS
 * are wrong
 */
export async function startGateway(
  artifacts: readonly Contracted[],
  config: Config,
  observer: Observer,
): Promise<Gateway> {
  refuseSameAlias(artifacts.map(({ artifact }) => artifact));
  refuseSharedSample(artifacts, config);
  const security = readSecurity(config);
  const tlsWanted = tlsSettings(config);
  let draining = false;
  let router: Handler = notYet;
  const served: Served[] = [];
  let takeHttp2 = (socket: Socket): void => void socket.destroy();
  const tls = tlsWanted === undefined ? undefined : await startTls(tlsWanted, (event) => observer.tls(event));
  const doors = await openDoors(config, {
    onRequest: (exchange) => router(exchange),
    onHttp2: (socket) => takeHttp2(socket),
    management: createManagementServer(() => readinessOf(served, draining)),
    tls,
  }).catch((error: unknown) => {
    tls?.close();
    throw error;
  });
  const publicUrl = config.publicUrl ?? doors.url;
  const bodies = createBodyBudget(config.maxReceivingBytes);

  const startFaces = async (): Promise<Faces> => {
    const turns = createTurns();
    for (const contracted of artifacts) served.push(serveArtifact(contracted, config, observer, turns));
    const offload = startOffload({
      services: served.map(({ service }) => service),
      limits: config,
      soapPolicy: security?.policy,
      onDefect: (error) => observer.defect({ where: "offload", error }),
    });
    const grpc = createGrpcServer({
      entries: served.map((one) => ({ ...one, slots: one.pool.slots, facts: factsOf(one) })),
      beside: config.openInference ? [inferenceDoor(served, config, offload, () => draining)] : [],
      limits: config,
      offload,
      bodies,
      http2: config.http2,
      onOther: createHttp2Requests(config, (exchange) => router(exchange)),
      onDefect: (error) => observer.defect({ where: "http2", error }),
    });
    const mounted = await Promise.all(
      served.map((one) => mount(one, { publicUrl, config, offload, security, bodies })),
    );
    const { compressFromBytes, page: mode } = config;
    const page = createPage({
      mode,
      publicUrl,
      services: mounted,
      compressFromBytes,
      gatewayVersion: gatewayVersion(),
    });
    return { grpc, router: createRouter({ mounted, page, publicUrl, compressFromBytes }), offload };
  };
  const faces = await startFaces().catch(async (error: unknown) => {
    await Promise.all(served.map(({ pool }) => pool.drain(0)));
    tls?.close();
    await doors.close();
    throw error;
  });
  const { grpc } = faces;
  router = faces.router;
  takeHttp2 = (socket) => grpc.injectConnection(socket);
  const started = Promise.all(served.map(({ pool }) => pool.started)).then(() => {
    for (const { service, pool } of served)
      pool.watchAvailability((available) => grpc.setServing(available && !draining, service));
  });
  started.catch(() => undefined);

  /** Outside in: first nobody new is sent here, then the calls in hand finish, then the processes go. */
  const drain = async (): Promise<void> => {
    draining = true;
    doors.retire();
    grpc.setServing(false);
    await sleep(config.drainDelayMs);
    await Promise.all([doors.drain(config.drainTimeoutMs), grpc.drain(config.drainTimeoutMs)]);
    await Promise.all(served.map(({ pool }) => pool.drain(config.drainTimeoutMs)));
    await faces.offload.close();
    tls?.close();
    await doors.close();
  };
  let drained: Promise<void> | undefined;

  return {
    served,
    publicUrl,
    addresses: doors.addresses,
    started,
    tls,
    load: () => ({ connections: doors.connections(), receivingBytes: bodies.held() }),
    stop: () => (drained ??= drain()),
    killAll() {
      for (const { pool } of served) pool.killAll();
    },
  };
}

/** The answer to whoever comes before the endpoints are there. */
const notYet: Handler = (exchange) =>
  exchange.reply({ status: 503, headers: { "Retry-After": "1" }, body: "" });

/** @throws Refusal `usage` with everything that is wrong with the policy file */
function readSecurity({ soapPolicy }: Config): SoapSecurity | undefined {
  if (soapPolicy === undefined) return undefined;
  return createSoapSecurity(readSoapPolicy(soapPolicy, environmentVariable));
}

/** The door for callers of the Open Inference Protocol: the artifacts are its models. */
function inferenceDoor(
  served: readonly Served[],
  limits: Config,
  offload: Offload,
  isDraining: () => boolean,
): BesideService {
  return createInferenceService({
    entries: served.map((one) => ({ ...one, facts: factsOf(one), isReady: () => isReady(one) })),
    limits,
    offload,
    gatewayVersion: gatewayVersion(),
    isReady: () => !isDraining() && served.every(isReady),
  });
}

interface MountOptions {
  readonly publicUrl: string;
  readonly config: Config;
  readonly offload: Offload;
  readonly security: SoapSecurity | undefined;
  readonly bodies: BodyBudget;
}

async function mount({ service, call }: Served, options: MountOptions): Promise<Mounted> {
  const { publicUrl, config, offload, security, bodies } = options;
  const { compressFromBytes, soapFaultText: faultText } = config;
  const soap = await Promise.all(
    SOAP_VERSIONS.map((version) => {
      const address = soapAddress(publicUrl, service, version);
      return createSoapEndpoint({
        service,
        call,
        limits: config,
        offload,
        version,
        wsdl: generateWsdl(service, address, version),
        policyWsdl: generateWsdl(service, address, version, publicPolicy(security?.policy)),
        xsd: generateXsd(service),
        faultText,
        security,
        bodies,
        compressFromBytes,
      });
    }),
  );
  const json = createJsonEndpoint({ service, call, limits: config, offload, bodies, compressFromBytes });
  const openapi = generateOpenapi(service, publicUrl);
  return { service, soap, json, openapi, files: contractFiles(service) };
}

function factsOf({ artifact, service }: Contracted): ServiceFacts {
  const { alias, metadata, digest } = artifact;
  return {
    artifact: metadata.name ?? alias,
    artifactVersion: metadata.version,
    artifactDigest: digest,
    contractHash: interfaceHash(service),
    gatewayVersion: gatewayVersion(),
  };
}

function isReady({ pool }: Pick<Served, "pool">): boolean {
  return pool.state().ready > 0;
}

function readinessOf(served: readonly Served[], draining: boolean): Readiness {
  const services = served.map(({ service, pool }) => {
    const { ready, processes } = pool.state();
    return {
      service: service.alias,
      ready: ready > 0,
      processes: `${ready}/${processes}`,
      ...pool.health(),
    };
  });
  return { draining: draining || served.length === 0, services };
}

function refuseSharedSample(artifacts: readonly Contracted[], { sample }: Config): void {
  if (sample === undefined || artifacts.length < 2) return;
  const message = "One sample cannot fit several artifacts.";
  throw new Refusal("usage", [{ where: "sample", path: "", message, remedy: "Serve them apart." }]);
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
