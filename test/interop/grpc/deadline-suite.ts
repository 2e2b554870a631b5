/** Deadlines and cancellation: what the caller has given up is not run, or is stopped, and nobody else suffers for it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ServedCommand } from "../serve-command.js";
import { long } from "../soap/tagged-values.js";
import type { GrpcCall, RunningCall } from "./client-program.js";
import type { Running } from "./grpc-client.js";
import { clearText, methodOf, openMeeting, serveFixtures } from "./served-grpc.js";

const [CANCELLED, DEADLINE_EXCEEDED] = [1, 4];

/** Milliseconds for calls that are to overrun them while they run. */
const SHORT_MS = 700;
/**
 * The same while they wait. Longer than the longest call before took: a call that would wait beyond its deadline, by the
 * estimate of the gateway, is refused at once.
 */
const WAIT_MS = 2500;

/** From a second to ten years, which overflow 32 bits of milliseconds: libraries write each in another unit. */
const LONG_MS = [5000, 59_999, 3_600_000, 2_592_000_000, 315_360_000_000];

/** Registers them for one client. */
export function testDeadlines(running: () => Running): void {
  describe("deadlines", () => {
    let served: ServedCommand;
    before(async () => {
      served = await serveFixtures(["trouble"], running().folder, {
        ARTIFACT_GATEWAY_STOP_CANCELLED: "true",
      });
    });
    after(() => served.stop());

    const start = (what: string, special: Partial<GrpcCall> = {}): RunningCall =>
      running().program.start({
        channel: clearText(served),
        method: methodOf("trouble"),
        requests: [{ what }],
        ...special,
      });
    const startStream = (whats: readonly string[], special: Partial<GrpcCall> = {}): RunningCall =>
      start("", {
        method: methodOf("trouble", "EvaluateStream"),
        requests: whats.map((what, index) => ({ id: String(index), request: { what } })),
        ...special,
      });
    const assertServes = async (): Promise<void> => {
      assert.deepEqual(await start("answer").ended, { answers: [{ result: long("42") }], status: {} });
    };
    const itemAnswered = (id: number): object => ({ id: String(id), response: { result: long("42") } });

    test("the deadline passes in main(), which is ended", async () => {
      await using meeting = await openMeeting(running().folder);
      const call = start("wait", { timeoutMs: SHORT_MS });
      const guest = await meeting.guestOf(call);
      assert.equal((await call.ended).status.code, DEADLINE_EXCEEDED);
      await guest.gone;
      await assertServes();
    });

    test("the deadline of a stream passes: what was answered is there", async () => {
      await using meeting = await openMeeting(running().folder);
      const stream = startStream(["answer", "wait"], { timeoutMs: WAIT_MS });
      const guest = await meeting.guestOf(stream);
      const { answers, status } = await stream.ended;
      assert.equal(status.code, DEADLINE_EXCEEDED);
      assert.deepEqual(answers, [itemAnswered(0)]);
      await guest.gone;
      await assertServes();
      assert.equal(meeting.count, 1);
    });

    test("the deadline passes in the queue, and main() is not run", async () => {
      await using meeting = await openMeeting(running().folder);
      const busy = start("wait");
      const guest = await meeting.guestOf(busy);
      const { status } = await start("wait", { timeoutMs: WAIT_MS }).ended;
      assert.equal(status.code, DEADLINE_EXCEEDED);
      guest.release();
      assert.deepEqual((await busy.ended).status, {});
      await assertServes();
      assert.equal(meeting.count, 1);
    });

    test("the longest deadlines that the library can write are no deadlines in the past", async () => {
      for (const timeoutMs of LONG_MS) {
        const { answers, status } = await start("answer", { timeoutMs }).ended;
        assert.deepEqual(status, {}, String(timeoutMs));
        assert.equal(answers.length, 1);
      }
    });

    test("the caller cancels while main() runs, which is ended", async () => {
      await using meeting = await openMeeting(running().folder);
      const call = start("wait");
      const guest = await meeting.guestOf(call);
      call.cancel();
      assert.equal((await call.ended).status.code, CANCELLED);
      await guest.gone;
      await assertServes();
    });

    test("the caller cancels in the queue, and main() is not run", async () => {
      await using meeting = await openMeeting(running().folder);
      const busy = start("wait");
      const guest = await meeting.guestOf(busy);
      const given = start("wait");
      // A later call of the connection that ends in the queue shows that this one has arrived there.
      assert.equal((await start("wait", { timeoutMs: WAIT_MS }).ended).status.code, DEADLINE_EXCEEDED);
      given.cancel();
      assert.equal((await given.ended).status.code, CANCELLED);
      guest.release();
      assert.deepEqual((await busy.ended).status, {});
      await assertServes();
      assert.equal(meeting.count, 1);
    });

    test("the caller cancels a stream: the item in main() is ended, those behind it are not run", async () => {
      await using meeting = await openMeeting(running().folder);
      const stream = startStream(["answer", "wait", "wait", "wait"]);
      const guest = await meeting.guestOf(stream);
      await stream.reached(1);
      stream.cancel();
      assert.equal((await stream.ended).status.code, CANCELLED);
      await guest.gone;
      await assertServes();
      assert.equal(meeting.count, 1);
    });
  });
}
