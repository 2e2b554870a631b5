/** Bytes that mean nothing, and bytes that almost mean something: nothing is thrown, and everything ends. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { DONE, OK, receiver, serveHttp2, type Http2Harness, type OnStream } from "./http2-harness.js";
import {
  Flags,
  PREFACE,
  Type,
  connectBare,
  connectRaw,
  endOf,
  frame,
  framesIn,
  literals,
  request,
  setting,
  word,
} from "./raw-peer.js";

const SEED = 7540;

/** Does a bit of everything, and counts how often each stream ends. */
function careful(ends: Map<number, number>): OnStream {
  return (stream) => {
    stream.respond(OK);
    return receiver({
      onData: (chunk) => {
        stream.consumed(chunk.length);
        stream.write(chunk);
      },
      onEnd: () => stream.end(DONE),
      onReset: () => ends.set(stream.id, (ends.get(stream.id) ?? 0) + 1),
    });
  };
}

/** Sends the bytes in pieces, ends, and waits until the server has let go. */
async function survive(
  t: TestContext,
  { port, connections, defects }: Http2Harness,
  ends: Map<number, number>,
  bytes: Buffer,
): Promise<void> {
  ends.clear();
  const before = connections.length;
  const peer = await connectBare(t, port);
  const half = bytes.length >> 1;
  peer.send(bytes.subarray(0, half));
  peer.socket.end(bytes.subarray(half));
  await peer.ending();
  const connection = connections[before];
  assert.ok(connection !== undefined);
  await connection.closed;
  assert.equal(connection.openStreams, 0);
  assert.ok([...ends.values()].every((count) => count === 1));
  assert.deepEqual(defects, []);
  // What the server said is whole frames of its own, to the end.
  assert.ok(peer.frames.every(({ type }) => type <= Type.continuation && type !== Type.push));
}

const GREETING = Buffer.concat([
  PREFACE,
  frame(Type.settings, 0, 0, setting(4, 1000)),
  frame(Type.settings, 1, 0),
]);

const CONVERSATION = Buffer.concat([
  GREETING,
  request(1, 0, [["x-a", "b"]]),
  frame(Type.data, 0, 1, Buffer.alloc(100, 1)),
  request(3),
  frame(Type.headers, 0, 5, literals([[":method", "GET"]])),
  frame(
    Type.continuation,
    Flags.endHeaders,
    5,
    literals([
      [":scheme", "http"],
      [":path", "/"],
    ]),
  ),
  frame(Type.data, Flags.padded, 5, Buffer.concat([Buffer.of(2), Buffer.alloc(5)])),
  frame(Type.windowUpdate, 0, 1, word(500)),
  frame(Type.ping, 0, 0, Buffer.alloc(8)),
  frame(Type.priority, 0, 1, Buffer.of(0, 0, 0, 3, 9)),
  frame(Type.headers, Flags.endHeaders | Flags.end, 1, literals([["x-sum", "1"]])),
  frame(Type.reset, 0, 5, word(8)),
  frame(Type.settings, 0, 0, Buffer.concat([setting(4, 0), setting(1, 0)])),
  request(7),
  frame(Type.goAway, 0, 0, Buffer.alloc(8)),
]);

async function withBystander(
  t: TestContext,
  harness: Http2Harness,
  property: () => Promise<void>,
): Promise<void> {
  const bystander = await connectRaw(t, harness.port);
  bystander.send(request(1, 0));
  await property();
  bystander.send(frame(Type.data, Flags.end, 1, Buffer.from("still here")));
  assert.equal((await bystander.next(endOf(1))).type, Type.headers);
  assert.equal(bystander.frames.find(({ type }) => type === Type.data)?.payload.toString(), "still here");
}

test("a conversation with a few bytes changed, lost or added", async (t) => {
  const ends = new Map<number, number>();
  const harness = await serveHttp2(t, careful(ends), { lingerMs: 50 });
  const at = fc.nat(CONVERSATION.length - 1);
  const change = fc.tuple(at, fc.constantFrom("set", "cut", "add"), fc.nat(255));
  await withBystander(t, harness, () =>
    fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let bytes = CONVERSATION;
        for (const [where, how, value] of changes) {
          const more = how === "cut" ? [] : [Buffer.of(value)];
          bytes = Buffer.concat([
            bytes.subarray(0, where),
            ...more,
            bytes.subarray(where + (how === "add" ? 0 : 1)),
          ]);
        }
        await survive(t, harness, ends, bytes);
      }),
      { seed: SEED, numRuns: 300 },
    ),
  );
});

test("frames of every type, in every order, with any payload", async (t) => {
  const ends = new Map<number, number>();
  const harness = await serveHttp2(t, careful(ends), { lingerMs: 50 });
  const anyFrame = fc
    .tuple(
      fc.nat(11),
      fc.nat(255),
      fc.constantFrom(0, 1, 1, 2, 3, 5, 0x7fff_ffff),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([type, flags, streamId, payload]) => frame(type, flags, streamId, payload));
  const good = fc
    .constantFrom(...framesIn(CONVERSATION.subarray(PREFACE.length)).frames)
    .map(({ type, flags, streamId, payload }) => frame(type, flags, streamId, payload));
  await withBystander(t, harness, () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(good, good, anyFrame), { maxLength: 30 }), async (frames) => {
        await survive(t, harness, ends, Buffer.concat([GREETING, ...frames]));
      }),
      { seed: SEED, numRuns: 300 },
    ),
  );
});

test("header blocks of any bytes", async (t) => {
  const ends = new Map<number, number>();
  const harness = await serveHttp2(t, careful(ends), { lingerMs: 50 });
  await withBystander(t, harness, () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), async (blocks) => {
        const frames = blocks.map((block, at) => frame(Type.headers, Flags.endHeaders, 2 * at + 1, block));
        await survive(t, harness, ends, Buffer.concat([GREETING, ...frames]));
      }),
      { seed: SEED, numRuns: 200 },
    ),
  );
});
