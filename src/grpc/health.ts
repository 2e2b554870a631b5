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
  setServing(serving: boolean): void;
  /** Ends every open Watch stream, and from now on every new one, with OK. */
  endWatches(): void;
}

/** Health of the services with these full names; all are NOT_SERVING until `setServing(true)`. */
export function createHealth(serviceNames: readonly string[]): HealthFace {
  const names = ["", ...serviceNames];
  const known = new Set(names);
  const watches = new Set<ServerWritableStream<HealthCheckRequest, HealthCheckResponse>>();
  let current = ServingStatus.NOT_SERVING;
  let ended = false;

  const response = (status: ServingStatus): HealthCheckResponse =>
    create(HealthCheckResponseSchema, { status });

  const check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = (call, callback) => {
    if (known.has(call.request.service)) callback(null, response(current));
    else callback({ code: Status.NOT_FOUND, details: "This server has no such service." });
  };

  const list: handleUnaryCall<HealthListRequest, HealthListResponse> = (_call, callback) => {
    const statuses = Object.fromEntries(names.map((name) => [name, { status: current }]));
    callback(null, create(HealthListResponseSchema, { statuses }));
  };

  const watch = (call: ServerWritableStream<HealthCheckRequest, HealthCheckResponse>): void => {
    // An unknown service keeps its stream too, as the protocol asks, though it will never become known here.
    call.write(response(known.has(call.request.service) ? current : ServingStatus.SERVICE_UNKNOWN));
    if (ended) {
      call.end();
      return;
    }
    watches.add(call);
    call.on("cancelled", () => watches.delete(call));
  };

  return {
    definition: standardDefinition(Health),
    implementation: { Check: check, List: list, Watch: watch },
    setServing(serving) {
      const next = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
      if (next === current) return;
      current = next;
      for (const call of watches) if (known.has(call.request.service)) call.write(response(current));
    },
    endWatches() {
      ended = true;
      for (const call of watches) call.end();
      watches.clear();
    },
  };
}
