/** With `http2: node` grpc-js serves every connection: what callers see is the same. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { status as Status } from "@grpc/grpc-js";
import type { Gone } from "../../src/call/gone.js";
import { GatewayError } from "../../src/errors.js";
import { EVALUATE, HTTP2, decision, deferred, handler, send, serve, departed } from "./grpc-harness.js";
import { EMPTY, decisionIn, frame, raw, requestFor, strategyIn } from "./raw-calls.js";

for (const http2 of HTTP2) {
  suite(`HTTP/2 by ${http2}`, () => {
    test("a call is answered, with the request id both ways", async (t) => {
      const echo = handler((inputs) => decision(strategyIn(inputs)));
      const { client } = await serve(t, echo, {}, http2);
      const { reply, headers } = await send(client, requestFor("strict"), {
        metadata: { "x-request-id": "r-7" },
      });
      assert.equal(decisionIn(reply), "strict");
      assert.deepEqual(headers?.get("x-request-id"), ["r-7"]);
    });

    test("a failure has its status, its details and its text, whatever characters it has", async (t) => {
      const message = "100 % falsch: „Größe“ 東京 ";
      const busy = new GatewayError("overloaded", message, { retryAfterMs: 1250 });
      const { client } = await serve(t, () => Promise.reject(busy), {}, http2);
      const { error } = await send(client, EMPTY, { metadata: { "x-request-id": "r-8" } });
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.equal(error.details.trim(), message.trim());
      assert.deepEqual(error.metadata.get("grpc-retry-pushback-ms"), ["1250"]);
      assert.deepEqual(error.metadata.get("x-request-id"), ["r-8"]);
      assert.ok(error.metadata.get("grpc-status-details-bin")[0] instanceof Buffer);
    });

    test("nothing of a field that cannot be read is printed or sent back", async (t) => {
      const printed = t.mock.method(console, "error", () => undefined);
      const harness = await serve(t, () => Promise.reject(new GatewayError("internal", "ours")), {}, http2);
      // Without compression it would take the short road, where nothing reads the fields.
      const forwarded = { "grpc-encoding": "gzip" };
      await raw(harness, { ...forwarded, "x-name": "S\xfcdring" }, frame(EMPTY));
      const { headers } = await raw(harness, { "grpc-timeout": "sudden" }, frame(EMPTY));
      assert.equal(headers["grpc-status"], String(Status.INTERNAL));
      assert.doesNotMatch(String(headers["grpc-message"]), /sudden/);
      assert.equal(printed.mock.callCount(), 0);
    });

    test("a passed deadline answers, although the handler does not", async (t) => {
      const harness = await serve(t, () => new Promise<never>(() => undefined), {}, http2);
      const { headers } = await raw(harness, { "grpc-timeout": "50m" }, frame(EMPTY));
      assert.equal(headers["grpc-status"], String(Status.DEADLINE_EXCEEDED));
    });

    test("a caller that cancels aborts its call", async (t) => {
      const begun = deferred<Gone>();
      const { client } = await serve(
        t,
        async ({ signal }) => {
          assert.ok(signal !== undefined);
          begun.resolve(signal);
          await departed(signal);
          throw new GatewayError("internal", "gone");
        },
        {},
        http2,
      );
      let cancel = (): void => undefined;
      const outcome = send(client, EMPTY, { cancel: (way) => (cancel = way) });
      const signal = await begun.promise;
      const gone = departed(signal);
      cancel();
      await gone;
      assert.equal((await outcome).error?.code, Status.CANCELLED);
    });

    test("what is no message of one call is refused", async (t) => {
      const echo = handler(() => decision("approve"));
      const harness = await serve(t, echo, { maxMessageBytes: 2000 }, http2);
      const statusOf = async (body: Buffer, headers: Record<string, string> = {}): Promise<unknown> =>
        (await raw(harness, headers, body)).headers["grpc-status"];
      const large = Buffer.alloc(2001);
      assert.equal(await statusOf(frame(large)), String(Status.RESOURCE_EXHAUSTED));
      assert.equal(await statusOf(Buffer.concat([frame(EMPTY), frame(EMPTY)])), String(Status.UNIMPLEMENTED));
      assert.equal(await statusOf(frame(EMPTY).subarray(0, 3)), String(Status.UNIMPLEMENTED));
      assert.equal(await statusOf(Buffer.alloc(0)), String(Status.UNIMPLEMENTED));
      // grpc-js ends such a stream without a word.
      const compressed = http2 === "own" ? String(Status.INTERNAL) : undefined;
      assert.equal(await statusOf(frame(EMPTY, 1)), compressed);
    });

    test("a method that is not there is UNIMPLEMENTED", async (t) => {
      const { client } = await serve(
        t,
        handler(() => decision("approve")),
        {},
        http2,
      );
      const { error } = await send(client, EMPTY, { path: `${EVALUATE}s` });
      assert.equal(error?.code, Status.UNIMPLEMENTED);
    });

    test("a body in many pieces is put together", async (t) => {
      const echo = handler((inputs) => decision(strategyIn(inputs)));
      const { client } = await serve(t, echo, { maxMessageBytes: 4_000_000 }, http2);
      const long = "x".repeat(1_000_000);
      const { reply } = await send(client, requestFor(long));
      assert.equal(decisionIn(reply), long);
    });
  });
}
