/** The connection beneath the calls: compression, sizes, and gateways that go away while they are called. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "../../support/json-of-type.js";
import { addressOf } from "../served-elsewhere.js";
import type { ServedCommand } from "../serve-command.js";
import { long } from "../soap/tagged-values.js";
import type { Channel, GrpcCall, GrpcOutcome } from "./client-program.js";
import type { Running } from "./grpc-client.js";
import { relayTo, type Relay } from "./relay.js";
import { clearText, methodOf, serveFixtures } from "./served-grpc.js";

const RESOURCE_EXHAUSTED = 8;
/** The default of the gateway, and of most libraries for what they receive. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Of a request of `trouble` beside its ballast: "answer" with its tag and length, and those of the ballast. */
const REST_BYTES = 2 + "answer".length + 5;

/** Callers at a time while gateways come and go, and calls before and after. */
const CALLERS = 16;
const CALLS = 300;
/** One after the other, of a second each. */
const CONNECTIONS = 5;

/** Registers them for one client. */
export function testTransport(running: () => Running): void {
  describe("transport", () => {
    let served: ServedCommand;
    let relay: Relay;
    before(async () => {
      served = await serveFixtures(["every_value", "trouble"], running().folder);
      relay = await relayTo(served.port);
    });
    after(async () => {
      relay.close();
      await served.stop();
    });

    const send = (request: JsonObject, special: Partial<GrpcCall> = {}): Promise<GrpcOutcome> =>
      running().call({
        channel: clearText(relay),
        method: methodOf("every_value"),
        requests: [request],
        ...special,
      });
    const textOf = (answer: unknown): string | undefined =>
      (answer as { readonly result?: readonly { readonly text?: string }[] }).result?.[0]?.text;

    test("gzip: a request that is packed, alone and in a stream", async () => {
      const text = "packed ".repeat(100_000);
      const before = relay.sentBytes;
      const alone = await send({ rows: [{ text }] }, { gzip: true });
      assert.deepEqual(alone.status, {});
      assert.ok(textOf(alone.answers[0]) === text);
      const item = { id: "a", request: { rows: [{ text }] } };
      const stream = await send(item, { method: methodOf("every_value", "EvaluateStream"), gzip: true });
      assert.deepEqual(stream.status, {});
      assert.equal(stream.answers.length, 1);
      assert.ok(relay.sentBytes - before < text.length / 10, "it was not packed");
    });

    test("gzip: what is too large when it is unpacked is refused", async () => {
      const { status } = await send({ rows: [{ text: "x".repeat(MAX_MESSAGE_BYTES) }] }, { gzip: true });
      assert.equal(status.code, RESOURCE_EXHAUSTED);
    });

    test("a request that is exactly as large as it may be, and one with a byte more", async () => {
      const sendOf = (bytes: number): Promise<GrpcOutcome> =>
        send({ what: "answer", ballast: "x".repeat(bytes - REST_BYTES) }, { method: methodOf("trouble") });
      assert.deepEqual(await sendOf(MAX_MESSAGE_BYTES), { answers: [{ result: long("42") }], status: {} });
      const { status } = await sendOf(MAX_MESSAGE_BYTES + 1);
      assert.equal(status.code, RESOURCE_EXHAUSTED);
      assert.match(status.message ?? "", /4194304 bytes/);
      assert.match(JSON.stringify(status.details), /"TOO_LARGE"/);
    });

    test("an answer that is nearly as large as it may be", async () => {
      const text = "y".repeat(MAX_MESSAGE_BYTES / 2 - 100);
      const { answers, status } = await send({ rows: [{ text }] });
      assert.deepEqual(status, {});
      assert.ok(textOf(answers[0]) === text);
    });

    test(`${CALLERS} callers of a gateway that stops: no call fails`, async () => {
      const [first, second] = await Promise.all([serve(), serve()]);
      const address = await addressOf(first.port);
      const load = running().program.load(
        { channel: lasting(address), method: methodOf("every_value"), requests: [ROW] },
        CALLERS,
      );
      await load.reached(CALLS);
      address.lead(second.port);
      const stopped = first.stop();
      await load.reached(2 * CALLS);
      await stopped;
      await load.reached(3 * CALLS);
      const { failed } = await load.stop();
      address.close();
      await second.stop();
      assert.deepEqual(failed, {});
      assert.ok([first, second].every(({ log }) => log.some((line) => line.includes('"msg":"call"'))));
    });

    test(`${CALLERS} callers over connections of one second: no call fails`, async () => {
      const aging = await serve({ ARTIFACT_GATEWAY_MAX_CONNECTION_AGE_MS: "1000" });
      const counting = await relayTo(aging.port);
      const load = running().program.load(
        { channel: lasting(counting), method: methodOf("every_value"), requests: [ROW] },
        CALLERS,
      );
      await counting.connections(CONNECTIONS);
      const { answered, failed } = await load.stop();
      counting.close();
      await aging.stop();
      assert.deepEqual(failed, {});
      assert.ok(answered > CALLS, String(answered));
    });

    const serve = (environment: Readonly<Record<string, string>> = {}): Promise<ServedCommand> =>
      serveFixtures(["every_value"], running().folder, environment);
    /** A call that fails for a moment fails the test. */
    const lasting = (to: { readonly port: number }): Channel => ({ ...clearText(to), withoutRetries: true });
  });
}

const ROW = { rows: [{ text: "x", whole: long("1") }] };
