/** Callers that send too much, too slowly or in part: what they hold is counted, and others go on beside them. */
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import { status as Status } from "@grpc/grpc-js";
import { RetryInfoSchema } from "../../src/proto/gen/google/rpc/error_details_pb.js";
import { connectRaw, endOf, idOf, Type, Flags, type RawPeer } from "../http2/raw-peer.js";
import { memoryInUse, settle } from "../support/footprint.js";
import { approve, decision, EVALUATE, handler, send, serve, type Harness } from "./grpc-harness.js";
import { decisionIn, frame, requestFor, strategyIn } from "./raw-calls.js";
import {
  bodyOf,
  callHead,
  data,
  dataFrames,
  detailsOf,
  endingOf,
  fieldsOf,
  settled,
  type Fields,
} from "./raw-streams.js";

const MEGABYTE = 1024 * 1024;
const STREAM = `${EVALUATE}Stream`;
const echo = handler((inputs) => decision(strategyIn(inputs)));

/** Makes so many calls of an honest caller, one after another: each of them has to be answered. */
async function neighbour({ client }: Harness, calls = 20): Promise<void> {
  for (let call = 0; call < calls; call += 1) {
    const { error } = await send(client, requestFor("approve"));
    assert.equal(error, undefined);
  }
}

async function connected(t: TestContext, { port }: Harness): Promise<RawPeer> {
  return await connectRaw(t, port);
}

suite("receiving", () => {
  test("a message of 100 MB is refused from its prefix, and nothing of it is held", async (t) => {
    const harness = await serve(t, approve);
    const peer = await connected(t, harness);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(100 * MEGABYTE, 1);
    for (const [index, path] of [EVALUATE, STREAM].entries()) {
      const id = idOf(index);
      peer.send(callHead(id, path), data(id, prefix));
      const fields = await endingOf(peer, id);
      assert.equal(fields.get("grpc-status"), String(Status.RESOURCE_EXHAUSTED));
    }
    assert.equal(harness.bodies.held(), 0);
    await neighbour(harness);
  });

  test("parts of messages that are forwarded to grpc-js count too, until they are whole", async (t) => {
    const maxReceivingBytes = 1000;
    const harness = await serve(t, echo, { maxReceivingBytes });
    const peer = await connected(t, harness);
    const zipped = [["grpc-encoding", "gzip"]] as const;
    const message = (text: string): Buffer => frame(requestFor(text));
    const long = message("x".repeat(800));
    peer.send(callHead(1, EVALUATE, zipped), ...dataFrames(1, long.subarray(0, 700), 100));
    await settled(peer);
    assert.equal(harness.bodies.held(), 700);
    peer.send(callHead(3, EVALUATE, zipped), data(3, long.subarray(0, 200)), data(3, long.subarray(0, 200)));
    const refused = await endingOf(peer, 3);
    assert.equal(refused.get("grpc-status"), String(Status.UNAVAILABLE));
    assert.equal(refused.get("grpc-retry-pushback-ms"), "1000");
    await settle(() => harness.bodies.held() === 700);
    assert.equal(harness.bodies.held(), 700);
    peer.send(data(1, long.subarray(700), Flags.end));
    assert.equal((await endingOf(peer, 1)).get("grpc-status"), "0");
    assert.equal(harness.bodies.held(), 0);
    // Ten times the budget, one message after another, in pieces that end anywhere.
    const request = requestFor("y".repeat(60));
    const item = frame(Buffer.concat([Buffer.of(0x12, request.length), request]));
    const items = Buffer.concat(Array.from({ length: 150 }, () => item));
    peer.send(callHead(5, STREAM, zipped));
    for (const piece of dataFrames(5, items, 97)) peer.send(piece);
    await settled(peer);
    assert.ok(harness.bodies.held() <= maxReceivingBytes);
    peer.send(data(5, Buffer.alloc(0), Flags.end));
    assert.equal((await endingOf(peer, 5)).get("grpc-status"), "0");
    peer.send(callHead(7, EVALUATE, zipped), data(7, long.subarray(0, 100)));
    await settled(peer);
    assert.equal(harness.bodies.held(), 100);
    peer.socket.destroy();
    await settle(() => harness.bodies.held() === 0);
    assert.equal(harness.bodies.held(), 0);
  });

  test("parts of messages share one budget: the one that does not fit is refused, with a time to come back", async (t) => {
    const harness = await serve(t, approve, { maxReceivingBytes: 2 * MEGABYTE, maxMessageBytes: MEGABYTE });
    const peers = await Promise.all(Array.from({ length: 8 }, () => connected(t, harness)));
    // Each of them well within all limits of its own: together 16 MB.
    const half = frame(new Uint8Array(MEGABYTE / 4)).subarray(0, -1);
    const refused: Fields[] = [];
    for (const peer of peers) {
      for (let nth = 0; nth < 8; nth += 1) {
        const id = idOf(nth);
        peer.send(callHead(id, nth % 2 === 0 ? EVALUATE : STREAM));
        peer.send(...dataFrames(id, half));
        await settled(peer);
        assert.ok(harness.bodies.held() <= 2 * MEGABYTE);
        const end = peer.frames.find(endOf(id));
        if (end?.type === Type.headers) refused.push(fieldsOf(end.payload));
      }
      await neighbour(harness, 1);
    }
    assert.ok(refused.length >= 8 * 8 - 8, String(refused.length));
    for (const fields of refused) {
      assert.equal(fields.get("grpc-status"), String(Status.UNAVAILABLE));
      assert.equal(fields.get("grpc-retry-pushback-ms"), "1000");
      const retry = detailsOf(fields).details.find((detail) => anyIs(detail, RetryInfoSchema));
      assert.ok(retry !== undefined && anyUnpack(retry, RetryInfoSchema)?.retryDelay?.seconds === 1n);
    }
    for (const { socket } of peers) socket.destroy();
    await settle(() => harness.bodies.held() === 0);
    assert.equal(harness.bodies.held(), 0);
  });

  test("a message in frames of one byte takes the memory of a message", async (t) => {
    const harness = await serve(
      t,
      handler((inputs) => decision(String(strategyIn(inputs).length))),
    );
    const peer = await connected(t, harness);
    const text = "x".repeat(300_000);
    const bytes = frame(requestFor(text));
    peer.send(callHead(idOf(0), EVALUATE));
    await settled(peer);
    const before = memoryInUse();
    const last = bytes.length - 1;
    const drips = Buffer.concat(dataFrames(idOf(0), bytes.subarray(0, last), 1));
    peer.send(drips);
    await settled(peer);
    // Ten megabytes of frames, of which the client holds its own copy.
    const grown = memoryInUse() - before - drips.length;
    assert.ok(grown < 4 * MEGABYTE, `${grown} bytes for a message of ${bytes.length}`);
    peer.send(data(idOf(0), bytes.subarray(last), Flags.end));
    const { type } = await peer.next(endOf(idOf(0)));
    assert.equal(type, Type.headers);
    assert.equal(decisionIn(bodyOf(peer, idOf(0)).subarray(5)), String(text.length));
  });

  test("half a message and then silence ends at its time: a call, a stream, and one that drips", async (t) => {
    const harness = await serve(t, echo, { bodyTimeoutMs: 200, defaultTimeoutMs: 60_000 });
    const request = frame(requestFor("some text"));
    const item = frame(Buffer.concat([Buffer.of(0x12, request.length - 5), request.subarray(5)]));
    const peer = await connected(t, harness);
    const [call, stream, drip] = [idOf(0), idOf(1), idOf(2)];
    peer.send(callHead(call, EVALUATE), data(call, request.subarray(0, 8)));
    peer.send(callHead(stream, STREAM), data(stream, Buffer.concat([item, item.subarray(0, 8)])));
    peer.send(callHead(drip, STREAM), data(drip, item.subarray(0, 1)));
    // A byte now and then must not begin the time anew.
    let at = 1;
    const dripping = setInterval(() => {
      if (at < item.length - 1) peer.send(data(drip, item.subarray(at, (at += 1))));
    }, 20);
    const endings = await Promise.all([call, stream, drip].map((id) => endingOf(peer, id)));
    clearInterval(dripping);
    assert.ok(at < item.length - 1, "it was still sending");
    for (const fields of endings) {
      assert.equal(fields.get("grpc-status"), String(Status.DEADLINE_EXCEEDED));
      assert.match(decodeURIComponent(fields.get("grpc-message") ?? ""), /did not arrive within 200 ms/);
    }
    const answered = peer.frames.filter(({ type, streamId }) => type === Type.data && streamId === stream);
    assert.equal(answered.length, 1, "what was whole is answered");
    assert.equal(harness.bodies.held(), 0);
    await neighbour(harness);
  });

  test("a stream that waits for its own answers is not late, and holds no more than its window", async (t) => {
    const finish: (() => void)[] = [];
    const harness = await serve(
      t,
      handler(async () => {
        await new Promise<void>((resolve) => finish.push(resolve));
        return decision("done");
      }),
      { bodyTimeoutMs: 50 },
    );
    const request = requestFor("x".repeat(10_000));
    const item = frame(
      Buffer.concat([Buffer.of(0x12, 0x80 | (request.length & 0x7f), request.length >> 7), request]),
    );
    const peer = await connected(t, harness);
    const items = 20;
    peer.send(callHead(idOf(0), STREAM));
    for (let sent = 0; sent < items; sent += 1) peer.send(data(idOf(0), item));
    peer.send(data(idOf(0), Buffer.alloc(0), Flags.end));
    await settled(peer);
    // Nine are in hand, with one place for calls; the others wait with the reader, counted.
    await settle(() => finish.length === 9);
    const held = harness.bodies.held();
    assert.ok(held >= items * request.length && held <= 3 * items * request.length, String(held));
    // Longer than a message may take to arrive: it is not the peer that is waited for.
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (let done = 0; done < items; done += 1) {
      await settle(() => finish.length > done);
      finish[done]?.();
    }
    assert.equal((await endingOf(peer, idOf(0))).get("grpc-status"), "0");
    assert.equal(harness.bodies.held(), 0);
  });
});
