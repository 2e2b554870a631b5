import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { status as Status } from "@grpc/grpc-js";
import type { Gone } from "../../src/call/gone.js";
import type { CallContext } from "../../src/call/call.js";
import { GatewayError } from "../../src/errors.js";
import { newStruct } from "../../src/values.js";
import { approve, decision, deferred, handler, send, serve, departed } from "./grpc-harness.js";
import { EMPTY, decisionIn, frame, raw, requestFor, strategyIn } from "./raw-calls.js";

test("a call is decoded, handled and answered, with the caller's request id both ways", async (t) => {
  const contexts: CallContext[] = [];
  const { client } = await serve(
    t,
    handler((inputs, context) => {
      contexts.push(context);
      return decision(strategyIn(inputs));
    }),
  );
  const bytes = requestFor("champion");
  const { error, reply, headers } = await send(client, bytes, { metadata: { "x-request-id": "call-7" } });
  assert.equal(error, undefined);
  assert.equal(decisionIn(reply), "champion");
  assert.deepEqual(headers?.get("x-request-id"), ["call-7"]);
  const [context] = contexts;
  assert.equal(context?.requestId, "call-7");
  assert.equal(context.protocol, "grpc");
  assert.equal(context.bytesIn, bytes.length);
  assert.equal(context.signal?.aborted, false);
});

test("an answered call does not count as cancelled, although grpc-js says so", async (t) => {
  const seen = deferred<Gone | undefined>();
  const { client, sockets } = await serve(
    t,
    handler((_inputs, { signal }) => {
      seen.resolve(signal);
      return decision("approve");
    }),
  );
  const { error } = await send(client, EMPTY);
  assert.equal(error, undefined);
  client.close();
  const [socket] = sockets;
  assert.ok(socket !== undefined);
  if (!socket.closed) await once(socket, "close");
  assert.equal((await seen.promise)?.aborted, false);
});

test("a caller that cancels or vanishes aborts its call", async (t) => {
  for (const leave of ["cancel", "disconnect"] as const) {
    const begun = deferred<Gone>();
    const { client, sockets } = await serve(t, async ({ signal }) => {
      assert.ok(signal !== undefined);
      begun.resolve(signal);
      await departed(signal);
      throw new GatewayError("internal", "The caller has gone.");
    });
    let cancel = (): void => undefined;
    const outcome = send(client, EMPTY, { cancel: (way) => (cancel = way) });
    const signal = await begun.promise;
    assert.equal(signal.aborted, false);
    const gone = departed(signal);
    if (leave === "cancel") cancel();
    else sockets[0]?.destroy();
    await gone;
    const { error } = await outcome;
    assert.equal(error?.code, leave === "cancel" ? Status.CANCELLED : Status.UNAVAILABLE);
  }
});

test("the caller's deadline becomes the call's, up to the limit; a passed one is no cancellation", async (t) => {
  const contexts: CallContext[] = [];
  const harness = await serve(
    t,
    async (context, codec) => {
      contexts.push(context);
      if (contexts.length === 3) await new Promise(() => undefined);
      return codec.encode(decision("approve"));
    },
    { defaultTimeoutMs: 20_000, maxTimeoutMs: 60_000 },
  );
  const remaining = async (deadlineMs?: number): Promise<number> => {
    const before = performance.now();
    const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    await send(harness.client, EMPTY, { options });
    return (contexts.at(-1)?.deadlineAt ?? 0) - before;
  };
  const none = await remaining();
  assert.ok(none >= 20_000 && none < 30_000, String(none));
  const long = await remaining(3_600_000);
  assert.ok(long >= 60_000 && long < 70_000, String(long));
  // Sent without a client that would cancel by its own clock.
  const { headers } = await raw(harness, { "grpc-timeout": "50m" }, frame(EMPTY));
  assert.equal(headers["grpc-status"], String(Status.DEADLINE_EXCEEDED));
  assert.equal(contexts.at(-1)?.signal?.aborted, false);
});

test("every failure of the handler answers, and tells the caller nothing of its cause", async (t) => {
  const failures: (() => Promise<never> | never)[] = [
    () => Promise.reject(new GatewayError("overloaded", "Too busy.", { retryAfterMs: 50 })),
    () => Promise.reject(new Error("secret /path")),
    () => {
      throw new TypeError("secret, and not even asynchronous");
    },
  ];
  let next = 0;
  const { client } = await serve(t, () => failures[next++]?.() ?? Promise.reject(new Error()));
  const codes: (Status | undefined)[] = [];
  while (next < failures.length) {
    const { error } = await send(client, EMPTY, { metadata: { "x-request-id": "id-1" } });
    codes.push(error?.code);
    assert.deepEqual(error?.metadata.get("x-request-id"), ["id-1"]);
    assert.ok(!JSON.stringify(error.metadata.toJSON()).includes("secret"));
    assert.ok(!error.details.includes("secret"));
  }
  assert.deepEqual(codes, [Status.UNAVAILABLE, Status.INTERNAL, Status.INTERNAL]);
});

test("a request that does not fit is INVALID_ARGUMENT, with the path", async (t) => {
  const { client } = await serve(t, approve);
  const { error } = await send(client, Uint8Array.of(0x0a, 0x02, 0x10, 0x01));
  assert.equal(error?.code, Status.INVALID_ARGUMENT);
  assert.match(error.details, /application\[0\]\.annual_income: Was encoded as another type\./);
});

test("a result that does not fit is INTERNAL", async (t) => {
  const { client } = await serve(
    t,
    handler(() => Object.assign(newStruct(), { sequence: 2n ** 63n })),
  );
  const { error } = await send(client, EMPTY);
  assert.equal(error?.code, Status.INTERNAL);
  assert.match(error.details, /result\.sequence: Is outside the range of a 64-bit integer\./);
});

test("unknown methods and messages over the limit are refused by name", async (t) => {
  const { client } = await serve(t, approve, { maxMessageBytes: 1000 });
  const unknown = await send(client, EMPTY, { path: "/sample_decision.v1.SampleDecisionService/Guess" });
  assert.equal(unknown.error?.code, Status.UNIMPLEMENTED);
  const large = await send(client, new Uint8Array(1001));
  assert.equal(large.error?.code, Status.RESOURCE_EXHAUSTED);
});

test("many calls at once on one connection each get their own answer", async (t) => {
  const { client } = await serve(
    t,
    handler(async (inputs) => {
      const strategy = strategyIn(inputs);
      await new Promise((resolve) => setImmediate(resolve));
      return decision(strategy);
    }),
  );
  const names = Array.from({ length: 500 }, (_, index) => `s${index}`);
  const replies = await Promise.all(names.map((name) => send(client, requestFor(name))));
  assert.deepEqual(
    replies.map(({ reply }) => decisionIn(reply)),
    names,
  );
});
