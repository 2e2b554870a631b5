/** TLS on the one port, certificates of callers, renewal while calls run, and the Unix socket. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ServedCommand } from "../serve-command.js";
import { long } from "../soap/tagged-values.js";
import type { Channel, GrpcCall, GrpcOutcome } from "./client-program.js";
import type { GrpcClient, Running } from "./grpc-client.js";
import { makePki, type Pki } from "./pki.js";
import { clearText, methodOf, openMeeting, serveFixtures } from "./served-grpc.js";

const [INTERNAL, UNAVAILABLE] = [13, 14];
/** Milliseconds after which a call that is let in by mistake ends. */
const LET_IN_MS = 10_000;

const CALLERS = 16;
const CALLS = 300;

/** Registers them for one client. */
export function testSecurity(client: GrpcClient, running: () => Running): void {
  describe("security", () => {
    let served: ServedCommand;
    let strict: ServedCommand;
    let pki: Pki;
    before(async () => {
      pki = makePki(mkdtempSync(join(running().folder, "tls-")));
      const environment = {
        ARTIFACT_GATEWAY_TLS_CERT: pki.server.certificate,
        ARTIFACT_GATEWAY_TLS_KEY: pki.server.key,
        ARTIFACT_GATEWAY_TLS_RELOAD_MS: "100",
      };
      served = await serveFixtures(["trouble"], running().folder, environment);
      strict = await serveFixtures(["trouble"], running().folder, {
        ...environment,
        ARTIFACT_GATEWAY_TLS_CLIENT_CA: pki.ca,
      });
    });
    after(() => Promise.all([served.stop(), strict.stop()]));

    const to = ({ port }: ServedCommand, more: Partial<Channel> = {}): Channel => ({
      target: `localhost:${port}`,
      ca: pki.ca,
      ...more,
    });
    const call = (channel: Channel, special: Partial<GrpcCall> = {}): Promise<GrpcOutcome> =>
      running().call({ channel, method: methodOf("trouble"), requests: [REQUEST], ...special });
    const stream = (channel: Channel): Promise<GrpcOutcome> =>
      running().call({
        channel,
        method: methodOf("trouble", "EvaluateStream"),
        requests: [{ id: "a", request: REQUEST }],
      });
    const assertServed = async (channel: Channel): Promise<void> => {
      assert.deepEqual(await call(channel), { answers: [ANSWER], status: {} });
      assert.deepEqual(await stream(channel), { answers: [{ id: "a", response: ANSWER }], status: {} });
    };
    /** Nothing of the call reaches the artifact, and the caller hears of it before any deadline. */
    const assertRefused = async (channel: Channel, codes = [UNAVAILABLE]): Promise<void> => {
      await using meeting = await openMeeting(running().folder);
      const { answers, status } = await call(channel, {
        requests: [{ what: "wait" }],
        timeoutMs: LET_IN_MS,
      });
      assert.ok(codes.includes(status.code ?? 0), JSON.stringify(status));
      assert.deepEqual(answers, []);
      assert.equal(meeting.count, 0);
    };

    test("TLS: calls and streams of a caller who trusts the authority", () => assertServed(to(served)));

    test("TLS: a caller who trusts another authority does not call", () =>
      assertRefused(to(served, { ca: pki.otherCa })));

    // What answers is no HTTP/2, which is a lost connection to Go and Python and a broken one to Java.
    test("TLS: a caller in clear text is refused", () =>
      assertRefused(clearText(served), [UNAVAILABLE, INTERNAL]));

    test("mTLS: a certificate of the authority is let in", () => assertServed(to(strict, pki.client)));

    test("mTLS: no certificate, and one of another authority, are refused", async () => {
      await assertRefused(to(strict));
      await assertRefused(to(strict, pki.stranger));
    });

    test(`a certificate is renewed under ${CALLERS} callers: no call fails, and new connections get the new one`, async () => {
      const load = running().program.load(
        {
          channel: to(strict, { ...pki.client, separate: 1 }),
          method: methodOf("trouble"),
          requests: [REQUEST],
        },
        CALLERS,
      );
      await load.reached(CALLS);
      await assertRefused(to(strict, { ...pki.client, ca: pki.otherCa }));
      pki.renew();
      await strict.logged(/"msg":"certificate loaded"/, 2);
      await assertServed(to(strict, { ...pki.client, ca: pki.otherCa, separate: 2 }));
      await load.reached(2 * CALLS);
      assert.deepEqual((await load.stop()).failed, {});
    });

    const noSockets = client.unixSockets ? false : "its library has no Unix sockets without native code";
    test("calls and streams through a Unix socket", { skip: noSockets }, async () => {
      const path = join(running().folder, "gateway.sock");
      const local = await serveFixtures(["trouble"], running().folder, { ARTIFACT_GATEWAY_SOCKET: path });
      try {
        await assertServed({ target: `unix:${path}` });
      } finally {
        await local.stop();
      }
    });
  });
}

const REQUEST = { what: "answer" };
const ANSWER = { result: long("42") };
