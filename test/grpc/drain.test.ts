import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, credentials, status as Status } from "@grpc/grpc-js";
import type { Gone } from "../../src/call/gone.js";
import { approve, decision, deferred, handler, send, serve, departed } from "./grpc-harness.js";
import { EMPTY, decisionIn } from "./raw-calls.js";

test("drain lets calls in progress finish, refuses new ones and closes connections", async (t) => {
  const begun = deferred<undefined>();
  const finish = deferred<undefined>();
  const { client, address, face, sockets } = await serve(
    t,
    handler(async () => {
      begun.resolve(undefined);
      await finish.promise;
      return decision("late");
    }),
  );
  const outcome = send(client, EMPTY);
  await begun.promise;
  const drained = face.drain(60_000);
  const newcomer = new Client(address, credentials.createInsecure());
  const refused = await send(newcomer, EMPTY, { options: { deadline: Date.now() + 20_000 } });
  newcomer.close();
  assert.equal(refused.error?.code, Status.UNAVAILABLE);
  finish.resolve(undefined);
  assert.equal(decisionIn((await outcome).reply), "late");
  await drained;
  assert.ok(sockets.every((socket) => socket.destroyed));
});

test("drain cuts off what has not finished in time, and aborts it", async (t) => {
  const begun = deferred<Gone>();
  const { client, face } = await serve(t, async ({ signal }) => {
    assert.ok(signal !== undefined);
    begun.resolve(signal);
    return await new Promise<never>(() => undefined);
  });
  const outcome = send(client, EMPTY);
  const signal = await begun.promise;
  const aborted = departed(signal);
  await face.drain(1);
  await aborted;
  assert.ok((await outcome).error !== undefined);
});

test("drain without connections, and drain again, end at once", async (t) => {
  const { face } = await serve(t, approve);
  await face.drain(60_000);
  await face.drain(60_000);
});
