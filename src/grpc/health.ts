/**
 * `grpc.health.v1.Health` (grpc/proto health.proto) for the server as a whole, named `""`, and for each of its services.
 * An own one: the published package never ends its Watch streams, and a shutdown would wait for them.
 */
import { create } from "@bufbuild/protobuf";
import { status as Status } from "@grpc/grpc-js";
import type {
  ServerWritableStream,
  ServiceDefinition,
  UntypedServiceImplementation,
  handleUnaryCall,
} from "@grpc/grpc-js";
import {
  Health,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthListResponseSchema,
} from "../proto/gen/grpc/health/v1/health_pb.js";
import type {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthListRequest,
  HealthListResponse,
} from "../proto/gen/grpc/health/v1/health_pb.js";
import { standardDefinition } from "./service-definition.js";

export interface HealthFace {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** @param name full name of a service; absent: each of them */
  setServing(serving: boolean, name?: string): void;
  /** Ends every open Watch stream, and from now on every new one, with OK. */
  endWatches(): void;
}

type Watch = ServerWritableStream<HealthCheckRequest, HealthCheckResponse>;

/** Watch streams at a time, over all connections: many more than whatever balances the load of one gateway. */
const MAX_WATCHES = 1000;

/**
 * Health of the services with these full names; all are NOT_SERVING until `setServing(true)`. The server serves when each of
 * them does.
 * @param beside full names of standard services beside them, which serve when the server does
 */
export function createHealth(serviceNames: readonly string[], beside: readonly string[] = []): HealthFace {
  const serving = new Map(serviceNames.map((name) => [name, false]));
  const ofAll = ["", ...beside];
  /** The open streams, with what each was told last. */
  const watches = new Map<Watch, ServingStatus>();
  let ended = false;

  /** `undefined` for a name that nothing here has. */
  const statusOf = (name: string): ServingStatus | undefined => {
    const serves = ofAll.includes(name) ? [...serving.values()].every(Boolean) : serving.get(name);
    if (serves === undefined) return undefined;
    return serves ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  };

  const check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = (call, callback) => {
    const status = statusOf(call.request.service);
    if (status === undefined)
      callback({ code: Status.NOT_FOUND, details: "This server has no such service." });
    else callback(null, create(HealthCheckResponseSchema, { status }));
  };

  const list: handleUnaryCall<HealthListRequest, HealthListResponse> = (_call, callback) => {
    const names = [...ofAll, ...serving.keys()];
    const statuses = Object.fromEntries(
      names.map((name) => [name, { status: statusOf(name) ?? ServingStatus.UNKNOWN }]),
    );
    callback(null, create(HealthListResponseSchema, { statuses }));
  };

  /** Says what has changed. A caller who does not read is told the latest alone, once it reads again. */
  const tell = (call: Watch): void => {
    // An unknown service keeps its stream too, as the protocol asks, though it will never become known here.
    const status = statusOf(call.request.service) ?? ServingStatus.SERVICE_UNKNOWN;
    if (call.writableNeedDrain || watches.get(call) === status) return;
    watches.set(call, status);
    call.write(create(HealthCheckResponseSchema, { status }));
  };

  const watch = (call: Watch): void => {
    if (watches.size >= MAX_WATCHES) {
      const details = "Too many callers watch the health of this gateway: use Check, or come back later.";
      call.emit("error", { code: Status.RESOURCE_EXHAUSTED, details });
      return;
    }
    tell(call);
    if (ended) {
      watches.delete(call);
      call.end();
      return;
    }
    call.on("drain", () => tell(call));
    call.on("cancelled", () => watches.delete(call));
  };

  return {
    definition: standardDefinition(Health),
    implementation: { Check: check, List: list, Watch: watch },
    setServing(serves, only) {
      for (const name of only === undefined ? serviceNames : [only]) serving.set(name, serves);
      for (const call of watches.keys()) tell(call);
    },
    endWatches() {
      ended = true;
      for (const call of watches.keys()) call.end();
      watches.clear();
    },
  };
}
