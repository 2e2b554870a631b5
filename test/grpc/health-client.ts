/** A client of `grpc.health.v1.Health`. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { create } from "@bufbuild/protobuf";
import type { Client, ServiceError, StatusObject, status as Status } from "@grpc/grpc-js";
import { standardDefinition } from "../../src/grpc/service-definition.js";
import {
  Health,
  HealthCheckRequestSchema,
  HealthListRequestSchema,
  type HealthCheckResponse,
  type HealthCheckResponse_ServingStatus as ServingStatus,
  type HealthListResponse,
} from "../../src/proto/gen/grpc/health/v1/health_pb.js";

const definition = standardDefinition(Health);

/** One unary call. */
function ask<Reply>(client: Client, name: "Check" | "List", message: unknown): Promise<Reply | ServiceError> {
  const method = definition[name];
  assert.ok(method !== undefined);
  return new Promise((resolve) => {
    client.makeUnaryRequest<unknown, Reply>(
      method.path,
      (value) => method.requestSerialize(value),
      (bytes) => method.responseDeserialize(bytes) as Reply,
      message,
      (error, reply) => {
        const outcome = error ?? reply;
        assert.ok(outcome !== undefined);
        resolve(outcome);
      },
    );
  });
}

/** The status of a service, or that of the call. */
export async function checkHealth(client: Client, service: string): Promise<ServingStatus | Status> {
  const request = create(HealthCheckRequestSchema, { service });
  const outcome = await ask<HealthCheckResponse>(client, "Check", request);
  return "code" in outcome ? outcome.code : outcome.status;
}

/** The statuses of all services, by their names. */
export async function listHealth(client: Client): Promise<Record<string, ServingStatus>> {
  const listed = await ask<HealthListResponse>(client, "List", create(HealthListRequestSchema));
  assert.ok("statuses" in listed);
  return Object.fromEntries(Object.entries(listed.statuses).map(([name, { status }]) => [name, status]));
}

export interface Watch {
  /** The next status; in order, each once. */
  next(): Promise<ServingStatus>;
  cancel(): void;
  readonly ended: Promise<Status>;
}

export function openWatch(client: Client, service: string): Watch {
  const method = definition["Watch"];
  assert.ok(method !== undefined);
  const stream = client.makeServerStreamRequest<unknown, HealthCheckResponse>(
    method.path,
    (value) => method.requestSerialize(value),
    (bytes) => method.responseDeserialize(bytes) as HealthCheckResponse,
    create(HealthCheckRequestSchema, { service }),
  );
  const received: ServingStatus[] = [];
  const arrived = new EventTarget();
  stream.on("data", (response: HealthCheckResponse) => {
    received.push(response.status);
    arrived.dispatchEvent(new Event("status"));
  });
  stream.on("error", () => undefined);
  return {
    ended: new Promise((resolve) => {
      stream.on("status", ({ code }: StatusObject) => resolve(code));
    }),
    cancel: () => stream.cancel(),
    next: async () => {
      while (received.length === 0) await once(arrived, "status");
      const [status] = received.splice(0, 1);
      assert.ok(status !== undefined);
      return status;
    },
  };
}
