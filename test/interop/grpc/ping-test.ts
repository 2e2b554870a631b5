/** The PINGs of a caller that waits. They take half a minute, in which the other tests run. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ServedCommand } from "../serve-command.js";
import { long } from "../soap/tagged-values.js";
import type { RunningCall } from "./client-program.js";
import type { Running } from "./grpc-client.js";
import { relayTo, type Relay } from "./relay.js";
import { clearText, methodOf, openMeeting, serveFixtures, type Guest, type Meeting } from "./served-grpc.js";

/** The shortest time between two PINGs that Go and Java let a program ask for, in milliseconds. */
const KEEPALIVE_MS = 10_000;
/** More than the two PINGs that come too early which gRPC servers bear before they close a connection (gRFC A8). */
const PINGS = 3;

/** Has a call wait in `main()`, on a connection of its own. @returns registers the test of its PINGs, to be called last */
export function startPings(running: () => Running): () => void {
  let waiting: { call: RunningCall; guest: Guest; relay: Relay; meeting: Meeting; served: ServedCommand };
  before(async () => {
    const folder = mkdtempSync(join(running().folder, "pings-"));
    const meeting = await openMeeting(folder);
    const served = await serveFixtures(["trouble"], folder);
    const relay = await relayTo(served.port);
    const call = running().program.start({
      channel: { ...clearText(relay), keepaliveMs: KEEPALIVE_MS },
      method: methodOf("trouble"),
      requests: [{ what: "wait" }],
      timeoutMs: 300_000,
    });
    waiting = { call, guest: await meeting.guestOf(call), relay, meeting, served };
  });
  after(async () => {
    waiting.relay.close();
    await waiting.served.stop();
    await waiting.meeting[Symbol.asyncDispose]();
  });
  return () => {
    test(`PINGs of a caller that waits, one each ${KEEPALIVE_MS} ms, are borne`, async () => {
      const { call, guest, relay } = waiting;
      await Promise.race([
        relay.pings(PINGS),
        call.ended.then((outcome) => assert.fail(`it ended: ${JSON.stringify(outcome)}`)),
      ]);
      guest.release();
      assert.deepEqual(await call.ended, { answers: [{ result: long("42") }], status: {} });
    });
  };
}
