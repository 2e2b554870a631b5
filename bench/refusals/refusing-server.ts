/** The fronts, codecs and checks of the gateway in this process, with nothing behind them: all that a refusal goes through. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from "node:net";
import { createAdmission } from "../../src/call/admission.js";
import type { Dispatcher } from "../../src/call/dispatcher.js";
import { createCallHandler } from "../../src/call/handle-call.js";
import { createServiceTime } from "../../src/call/service-time.js";
import { createTurns } from "../../src/call/turns.js";
import type { FieldType, Service } from "../../src/contract/model.js";
import { createGrpcServer } from "../../src/grpc/server.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import type { CallRecord, Observer } from "../../src/observe.js";
import { startOffload } from "../../src/offload.js";
import { Http1Exchange } from "../../src/http/http1-exchange.js";
import { createSoapEndpoint } from "../../src/soap/server.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { generateXsd } from "../../src/wsdl/schema.js";

export interface RefusingServer {
  readonly soapPort: number;
  readonly grpcPort: number;
  /** How the calls have ended since it was last asked. */
  readonly takeEnds: () => readonly CallRecord["code"][];
  readonly stop: () => Promise<void>;
}

/** Lists are as long as a message can make them: nothing is refused for their length alone. */
const MOST_ITEMS = 10_000_000;

export async function startRefusingServer(service: Service): Promise<RefusingServer> {
  const limits = DEFAULT_LIMITS;
  let ends: CallRecord["code"][] = [];
  const silent = (): void => undefined;
  const observer: Observer = {
    callFinished: ({ code }) => void ends.push(code),
    tls: silent,
    defect: silent,
    startMethodChosen: silent,
    processStarted: silent,
    processReady: silent,
    processEnded: silent,
    artifactOutput: silent,
  };
  const dispatcher: Dispatcher = {
    // Whatever gets as far as this was not refused.
    dispatch: () => Promise.reject(new Error("nothing is behind this server")),
    state: () => ({ ready: 1, processes: 1, queued: 0, running: 0 }),
    slots: () => 1,
    backlog: { hasPlaceFor: () => true, callsAhead: () => 0 },
    serviceTime: createServiceTime({ slots: () => 1 }),
  };
  const bounds = { maxQueued: 1000, maxBytes: 1024 ** 3, maxQueueWaitMs: 10_000 };
  const admit = createAdmission({ ...dispatcher, ...bounds });
  const turns = createTurns();
  const call = createCallHandler({
    service,
    admit,
    turns,
    dispatcher,
    limits,
    trustUrgency: false,
    observer,
  });
  const offload = startOffload({ services: [service], limits, onDefect: silent });
  const wsdl = generateWsdl(service, "http://localhost/soap");
  const soap = await createSoapEndpoint({
    service,
    call,
    limits,
    offload,
    wsdl,
    policyWsdl: wsdl,
    xsd: generateXsd(service),
  });
  const facts = {
    artifact: service.alias,
    artifactVersion: undefined,
    artifactDigest: "",
    contractHash: "",
    gatewayVersion: "",
  };
  const entries = [{ service, call, facts, slots: () => 1 }];
  const grpc = createGrpcServer({ entries, limits, offload, http2: "own", onDefect: silent });
  const soapServer = createServer(
    (request, response) => void soap.handle(new Http1Exchange(request, response)),
  );
  const grpcServer = createTcpServer((socket) => grpc.injectConnection(socket));
  const [soapPort, grpcPort] = await Promise.all([listen(soapServer), listen(grpcServer)]);
  return {
    soapPort,
    grpcPort,
    takeEnds() {
      const taken = ends;
      ends = [];
      return taken;
    },
    async stop() {
      await grpc.drain(1000);
      await Promise.all([soapServer, grpcServer].map((server) => once(server.close(), "close")));
      await offload.close();
    },
  };
}

async function listen(server: Server | TcpServer): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

/** The same contract with lists and maps of any length. */
export function unlimited(service: Service): Service {
  const { operation } = service;
  const request = { ...operation.request, fields: operation.request.fields.map(widened) };
  return { ...service, operation: { ...operation, request } };
}

function widened<F extends { readonly type: FieldType }>(field: F): F {
  return { ...field, type: widenedType(field.type) };
}

function widenedType(type: FieldType): FieldType {
  switch (type.kind) {
    case "array":
      return { ...type, items: widenedType(type.items), maxItems: MOST_ITEMS };
    case "map":
      return { ...type, maxItems: MOST_ITEMS };
    case "struct":
      return { ...type, message: { ...type.message, fields: type.message.fields.map(widened) } };
    default:
      return type;
  }
}
