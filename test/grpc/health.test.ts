import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, credentials, status as Status } from "@grpc/grpc-js";
import { HealthCheckResponse_ServingStatus as ServingStatus } from "../../src/proto/gen/grpc/health/v1/health_pb.js";
import { newStruct } from "../../src/values.js";
import { fixture } from "../support/pool-harness.js";
import { createOracle } from "./es-oracle.js";
import { approve, send, serve, type Outcome } from "./grpc-harness.js";
import { checkHealth, listHealth, openWatch } from "./health-client.js";
import { serveArtifacts } from "./served-artifacts.js";

const SERVICE = "sample_decision.v1.SampleDecisionService";

test("the server and its service are serving when told so, and others are not found", async (t) => {
  const { client, face } = await serve(t, approve);
  assert.equal(await checkHealth(client, ""), ServingStatus.NOT_SERVING);
  face.setServing(true);
  assert.equal(await checkHealth(client, ""), ServingStatus.SERVING);
  assert.equal(await checkHealth(client, SERVICE), ServingStatus.SERVING);
  for (const name of ["other.v1.Other", "__proto__", "toString", SERVICE.toLowerCase(), `${SERVICE}.`])
    assert.equal(await checkHealth(client, name), Status.NOT_FOUND, name);
  face.setServing(false);
  assert.equal(await checkHealth(client, SERVICE), ServingStatus.NOT_SERVING);
});

test("List names the server and its services", async (t) => {
  const { client, face } = await serve(t, approve);
  face.setServing(true);
  assert.deepEqual(await listHealth(client), { "": ServingStatus.SERVING, [SERVICE]: ServingStatus.SERVING });
});

test("Watch tells each change, and drain ends it instead of waiting for it", async (t) => {
  const { client, face } = await serve(t, approve);
  const watch = openWatch(client, SERVICE);
  const unknown = openWatch(client, "other.v1.Other");
  assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  assert.equal(await unknown.next(), ServingStatus.SERVICE_UNKNOWN);
  face.setServing(true);
  face.setServing(true);
  assert.equal(await watch.next(), ServingStatus.SERVING);
  const drained = face.drain(60_000);
  assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  assert.equal(await watch.ended, Status.OK);
  assert.equal(await unknown.ended, Status.OK);
  await drained;
});

test("a Watch that its caller leaves is forgotten", async (t) => {
  const { client, face } = await serve(t, approve);
  const watch = openWatch(client, "");
  assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  watch.cancel();
  assert.equal(await watch.ended, Status.CANCELLED);
  face.setServing(true);
  assert.equal(await checkHealth(client, ""), ServingStatus.SERVING);
});

test("no more than a thousand callers watch, and who leaves makes room", async (t) => {
  const { address, client, face } = await serve(t, approve);
  // A connection has a hundred streams.
  const clients = Array.from(
    { length: 10 },
    (_, id) => new Client(address, credentials.createInsecure(), { "grpc.client_id": id }),
  );
  t.after(() => clients.forEach((one) => one.close()));
  const watches = clients.flatMap((one) => Array.from({ length: 100 }, () => openWatch(one, "")));
  for (const watch of watches) assert.equal(await watch.next(), ServingStatus.NOT_SERVING);
  assert.equal(await openWatch(client, "").ended, Status.RESOURCE_EXHAUSTED);
  assert.equal(await checkHealth(client, ""), ServingStatus.NOT_SERVING);
  const [first, second] = watches;
  first?.cancel();
  await first?.ended;
  // The server hears of it behind the caller, so a call on the same connection comes after it.
  const [ours] = clients;
  assert.ok(ours !== undefined);
  await checkHealth(ours, "");
  const late = openWatch(ours, "");
  assert.equal(await late.next(), ServingStatus.NOT_SERVING);
  face.setServing(true);
  assert.equal(await late.next(), ServingStatus.SERVING);
  assert.equal(await second?.next(), ServingStatus.SERVING);
});

test("each service is as healthy as its pool, the server as the worst of them, and they recover", async (t) => {
  const { client, served } = await serveArtifacts(t, [fixture("faults"), fixture("echo-data")]);
  const { service } = served("faults");
  const name = `${service.protoPackage}.${service.name}`;
  const other = served("echo_data").service;
  const otherName = `${other.protoPackage}.${other.name}`;
  const watch = openWatch(client, name);
  const whole = openWatch(client, "");
  assert.equal(await watch.next(), ServingStatus.SERVING);
  assert.equal(await whole.next(), ServingStatus.SERVING);
  const oracle = createOracle(service);
  const ask = (what: string): Promise<Outcome> => {
    const inputs = Object.assign(newStruct(), { what });
    return send(client, oracle.encode(service.operation.request, inputs), { path: `/${name}/Evaluate` });
  };
  // Processes that die young are not replaced at once for ever.
  let down: ServingStatus | undefined;
  void watch.next().then((status) => (down = status));
  for (let calls = 0; down === undefined; calls += 1) {
    assert.ok(calls < 50, "the pool never gave up");
    await ask("exit");
  }
  assert.equal(down, ServingStatus.NOT_SERVING);
  assert.equal(await whole.next(), ServingStatus.NOT_SERVING);
  assert.equal(await checkHealth(client, otherName), ServingStatus.SERVING);
  assert.equal(await watch.next(), ServingStatus.SERVING);
  assert.equal(await whole.next(), ServingStatus.SERVING);
  assert.equal((await ask("pid")).error, undefined);
  assert.deepEqual(await listHealth(client), {
    "": ServingStatus.SERVING,
    [otherName]: ServingStatus.SERVING,
    [name]: ServingStatus.SERVING,
  });
});
