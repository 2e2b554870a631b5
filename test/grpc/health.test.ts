import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { status as Status, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { standardDefinition } from "../../src/grpc/service-definition.js";
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthListRequestSchema,
  type HealthCheckResponse,
  type HealthListResponse,
} from "../../src/proto/gen/grpc/health/v1/health_pb.js";
import { approve, serve, type Harness } from "./grpc-harness.js";

const SERVICE = "sample_decision.v1.SampleDecisionService";
const definition = standardDefinition(Health);

/** One unary health call. */
function ask<Reply>(
  harness: Harness,
  name: "Check" | "List",
  message: unknown,
): Promise<Reply | ServiceError> {
  const method = definition[name];
  assert.ok(method !== undefined);
  return new Promise((resolve) => {
    harness.client.makeUnaryRequest<unknown, Reply>(
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

async function check(harness: Harness, service: string): Promise<ServingStatus | Status> {
  const outcome = await ask<HealthCheckResponse>(
    harness,
    "Check",
    create(HealthCheckRequestSchema, { service }),
  );
  return "code" in outcome ? outcome.code : outcome.status;
}

test("the server and its service are serving when told so, and others are not found", async (t) => {
  const harness = await serve(t, approve);
  assert.equal(await check(harness, ""), ServingStatus.NOT_SERVING);
  harness.face.setServing(true);
  assert.equal(await check(harness, ""), ServingStatus.SERVING);
  assert.equal(await check(harness, SERVICE), ServingStatus.SERVING);
  assert.equal(await check(harness, "other.v1.Other"), Status.NOT_FOUND);
  harness.face.setServing(false);
  assert.equal(await check(harness, SERVICE), ServingStatus.NOT_SERVING);
});

test("List names the server and its services", async (t) => {
  const harness = await serve(t, approve);
  harness.face.setServing(true);
  const listed = await ask<HealthListResponse>(harness, "List", create(HealthListRequestSchema));
  assert.ok("statuses" in listed);
  assert.deepEqual(
    Object.entries(listed.statuses).map(([name, { status }]) => [name, status]),
    [
      ["", ServingStatus.SERVING],
      [SERVICE, ServingStatus.SERVING],
    ],
  );
});

test("Watch tells each change, and drain ends it instead of waiting for it", async (t) => {
  const harness = await serve(t, approve);
  const watch = openWatch(harness, SERVICE);
  const unknown = openWatch(harness, "other.v1.Other");
  assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  assert.equal(await unknown.next(), ServingStatus.SERVICE_UNKNOWN);
  harness.face.setServing(true);
  harness.face.setServing(true);
  assert.equal(await watch.next(), ServingStatus.SERVING);
  const drained = harness.face.drain(60_000);
  assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  assert.equal(await watch.ended, Status.OK);
  assert.equal(await unknown.ended, Status.OK);
  await drained;
});

test("a Watch that its caller leaves is forgotten", async (t) => {
  const harness = await serve(t, approve);
  const watch = openWatch(harness, "");
  assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  watch.cancel();
  assert.equal(await watch.ended, Status.CANCELLED);
  harness.face.setServing(true);
  assert.equal(await check(harness, ""), ServingStatus.SERVING);
});

interface Watch {
  /** The next status; in order, each once. */
  next(): Promise<ServingStatus>;
  cancel(): void;
  readonly ended: Promise<Status>;
}

function openWatch(harness: Harness, service: string): Watch {
  const method = definition["Watch"];
  assert.ok(method !== undefined);
  const stream = harness.client.makeServerStreamRequest<unknown, HealthCheckResponse>(
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
