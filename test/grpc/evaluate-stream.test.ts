import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Metadata, status as Status } from "@grpc/grpc-js";
import type { ClientDuplexStream, ServiceError } from "@grpc/grpc-js";
import type { Gone } from "../../src/call/gone.js";
import type { CallHandler } from "../../src/call/call.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS, type Limits } from "../../src/limits.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";
import {
  EVALUATE,
  HTTP2,
  decision,
  deferred,
  handler,
  serve,
  type Harness,
  departed,
} from "./grpc-harness.js";
import { decisionIn, frame, raw, requestFor, strategyIn } from "./raw-calls.js";

interface Answer {
  readonly id: string | undefined;
  readonly decision?: unknown;
  /** Code and text of the status. */
  readonly error?: readonly [number, string];
}

/** A stream of raw messages; what has been answered so far, and how it ended. */
class ScoringStream {
  readonly answers: Answer[] = [];
  readonly ended: Promise<ServiceError | undefined>;
  readonly rpc: ClientDuplexStream<Uint8Array, Uint8Array>;

  constructor({ client }: Harness, metadata = new Metadata()) {
    const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
    this.rpc = client.makeBidiStreamRequest(`${EVALUATE}Stream`, same, same, metadata);
    this.rpc.on("data", (bytes: Uint8Array) => void this.answers.push(readAnswer(bytes)));
    this.ended = new Promise((resolve) => {
      this.rpc.on("error", (error: ServiceError) => resolve(error));
      this.rpc.on("status", ({ code }) => code === Status.OK && resolve(undefined));
    });
  }

  send(id: string | undefined, request: Uint8Array | undefined): void {
    const writer = new BinaryWriter();
    if (id !== undefined) writer.tag(1, WireType.LengthDelimited).string(id);
    if (request !== undefined) writer.tag(2, WireType.LengthDelimited).bytes(request);
    this.rpc.write(writer.finish());
  }
}

function readAnswer(bytes: Uint8Array): Answer {
  const reader = new BinaryReader(bytes);
  let id: string | undefined;
  let rest: Partial<Answer> = {};
  while (reader.pos < reader.len) {
    const [field] = reader.tag();
    if (field === 1) id = reader.string();
    else if (field === 2) rest = { ...rest, decision: decisionIn(reader.bytes()) };
    else {
      const { code, message } = fromBinary(StatusSchema, reader.bytes());
      rest = { ...rest, error: [code, message] };
    }
  }
  return { id, ...rest };
}

/** Answers each request with its own strategy. */
const echo: CallHandler = handler((inputs) => decision(strategyIn(inputs)));

/** Whoever speaks HTTP/2, callers see the same. */
function testBoth(name: string, run: (t: TestContext, serveIt: Serve) => Promise<void>): void {
  for (const http2 of HTTP2) {
    test(`${name} (${http2})`, (t) =>
      run(t, (context, call, limits = {}) => serve(context, call, limits, http2)));
  }
}

type Serve = (t: TestContext, call: CallHandler, limits?: Partial<Limits>) => Promise<Harness>;

const names = (length: number): string[] => Array.from({ length }, (_, index) => `s${index}`);

testBoth("answers come in the order of the requests, whatever each takes", async (t, serveIt) => {
  const turns = new Map(names(5).map((name) => [name, deferred<undefined>()]));
  const begun: string[] = [];
  const harness = await serveIt(
    t,
    handler(async (inputs) => {
      const name = strategyIn(inputs);
      begun.push(name);
      await turns.get(name)?.promise;
      return decision(name);
    }),
  );
  const stream = new ScoringStream(harness);
  for (const name of names(5)) stream.send(name, requestFor(name));
  stream.rpc.end();
  for (const name of names(5).reverse()) turns.get(name)?.resolve(undefined);
  assert.equal(await stream.ended, undefined);
  assert.deepEqual(
    stream.answers,
    names(5).map((name) => ({ id: name, decision: name })),
  );
  assert.deepEqual(begun, names(5));
});

testBoth("a request that fails ends neither the stream nor the others", async (t, serveIt) => {
  const harness = await serveIt(
    t,
    handler((inputs) => {
      const name = strategyIn(inputs);
      if (name === "bad") throw new GatewayError("artifact_error", "The artifact failed.", { started: true });
      return decision(name);
    }),
  );
  const stream = new ScoringStream(harness);
  stream.send("1", requestFor("good"));
  stream.send("2", requestFor("bad"));
  stream.send("3", undefined);
  stream.send("4", Uint8Array.of(0xff));
  stream.send("x".repeat(129), requestFor("good"));
  stream.rpc.write(Uint8Array.of(0xff, 0xff));
  stream.send(undefined, requestFor("good"));
  stream.rpc.end();
  assert.equal(await stream.ended, undefined);
  const codes = stream.answers.map(({ id, decision: decided, error }) => [id, decided ?? error?.[0]]);
  assert.deepEqual(codes, [
    ["1", "good"],
    ["2", Status.INTERNAL],
    // Without its id: the message was refused as a whole.
    [undefined, Status.INVALID_ARGUMENT],
    ["4", Status.INVALID_ARGUMENT],
    [undefined, Status.INVALID_ARGUMENT],
    [undefined, Status.INVALID_ARGUMENT],
    [undefined, "good"],
  ]);
});

testBoth("a request that comes in parts is their sum, as protobuf has it", async (t, serveIt) => {
  const stream = new ScoringStream(await serveIt(t, echo));
  const writer = new BinaryWriter();
  for (const name of ["first", "last"]) writer.tag(2, WireType.LengthDelimited).bytes(requestFor(name));
  stream.rpc.write(writer.finish());
  stream.rpc.end();
  await stream.ended;
  assert.deepEqual(stream.answers, [{ id: undefined, decision: "last" }]);
});

testBoth(
  "a stream waits where a call would be told to come back, and others are refused for good",
  async (t, serveIt) => {
    let refusals = 3;
    const harness = await serveIt(t, async (context, codec) => {
      refusals -= 1;
      if (refusals >= 0) throw new GatewayError("overloaded", "Busy.", { retryAfterMs: 1 });
      return await echo(context, codec);
    });
    const stream = new ScoringStream(harness);
    stream.send("1", requestFor("a"));
    stream.rpc.end();
    await stream.ended;
    assert.deepEqual(stream.answers, [{ id: "1", decision: "a" }]);
    assert.equal(refusals, -1);
  },
);

testBoth("a request that would wait longer than it may is refused at once", async (t, serveIt) => {
  const harness = await serveIt(t, async (context, codec) => {
    if (strategyIn(await codec.decode()) !== "late") return await echo(context, codec);
    throw new GatewayError("overloaded", "Busy.", { retryAfterMs: DEFAULT_LIMITS.defaultTimeoutMs });
  });
  const stream = new ScoringStream(harness);
  stream.send("1", requestFor("late"));
  stream.send("2", requestFor("a"));
  stream.rpc.end();
  assert.equal(await stream.ended, undefined);
  assert.deepEqual(stream.answers, [
    { id: "1", error: [Status.UNAVAILABLE, "Busy."] },
    { id: "2", decision: "a" },
  ]);
});

testBoth("an answer that is too long with its id fails alone", async (t, serveIt) => {
  const maxMessageBytes = 1000;
  const harness = await serveIt(
    t,
    handler((inputs) => decision("x".repeat(Number(strategyIn(inputs))))),
    { maxMessageBytes },
  );
  const stream = new ScoringStream(harness);
  const id = "i".repeat(100);
  // Each response is shorter than the limit; two are longer with the id.
  for (const length of ["895", "800", "896", "1"]) stream.send(id, requestFor(length));
  stream.rpc.end();
  assert.equal(await stream.ended, undefined);
  assert.deepEqual(
    stream.answers.map(({ error }) => error?.[0]),
    [Status.INTERNAL, undefined, Status.INTERNAL, undefined],
  );
});

testBoth("no more than a window of requests is in hand, however many are sent", async (t, serveIt) => {
  let running = 0;
  let most = 0;
  const harness = await serveIt(
    t,
    handler(async (inputs) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return decision(strategyIn(inputs));
    }),
  );
  const stream = new ScoringStream(harness);
  for (const name of names(500)) stream.send(name, requestFor(name));
  stream.rpc.end();
  assert.equal(await stream.ended, undefined);
  assert.deepEqual(
    stream.answers.map(({ id }) => id),
    names(500),
  );
  assert.ok(most > 1 && most <= 1 + 8, String(most));
});

testBoth("a caller who does not read its answers is not asked for more requests", async (t, serveIt) => {
  let begun = 0;
  const harness = await serveIt(
    t,
    handler(() => {
      begun += 1;
      return decision("x".repeat(100_000));
    }),
  );
  const stream = new ScoringStream(harness);
  stream.rpc.pause();
  for (const name of names(3000)) stream.send(name, requestFor("a"));
  stream.rpc.end();
  // Everything that can happen without the caller has happened when nothing has begun for many turns of the event loop.
  for (let quiet = 0, last = -1; quiet < 500; quiet = begun === last ? quiet + 1 : 0) {
    last = begun;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(begun < 3000, String(begun));
  stream.rpc.resume();
  assert.equal(await stream.ended, undefined);
  assert.equal(stream.answers.length, 3000);
});

testBoth("a drain answers what was read and tells the caller to go on elsewhere", async (t, serveIt) => {
  const begun = deferred<undefined>();
  const finish = deferred<undefined>();
  const harness = await serveIt(
    t,
    handler(async (inputs) => {
      begun.resolve(undefined);
      await finish.promise;
      return decision(strategyIn(inputs));
    }),
  );
  const stream = new ScoringStream(harness);
  stream.send("1", requestFor("a"));
  await begun.promise;
  const drained = harness.face.drain(60_000);
  finish.resolve(undefined);
  const error = await stream.ended;
  assert.equal(error?.code, Status.UNAVAILABLE);
  assert.deepEqual(stream.answers, [{ id: "1", decision: "a" }]);
  await drained;
});

testBoth("a caller who goes away stops its calls", async (t, serveIt) => {
  const begun = deferred<Gone>();
  const harness = await serveIt(t, async ({ signal }) => {
    assert.ok(signal !== undefined);
    begun.resolve(signal);
    return await new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(new GatewayError("unavailable", "Gone.")));
    });
  });
  const stream = new ScoringStream(harness);
  stream.send("1", requestFor("a"));
  const signal = await begun.promise;
  const aborted = departed(signal);
  stream.rpc.cancel();
  await aborted;
});

testBoth("each call is found under the request id of its stream", async (t, serveIt) => {
  const ids: string[] = [];
  const harness = await serveIt(t, (context, codec) => {
    ids.push(context.requestId);
    return echo(context, codec);
  });
  const metadata = new Metadata();
  metadata.set("x-request-id", "bulk-7");
  const stream = new ScoringStream(harness, metadata);
  const head = new Promise<Metadata>((resolve) => stream.rpc.on("metadata", resolve));
  stream.send(undefined, requestFor("a"));
  stream.send(undefined, requestFor("b"));
  stream.rpc.end();
  await stream.ended;
  assert.deepEqual((await head).get("x-request-id"), ["bulk-7"]);
  assert.deepEqual(ids, ["bulk-7.1", "bulk-7.2"]);
});

testBoth(
  "a message that is too large ends the stream after the answers to those before it",
  async (t, serveIt) => {
    const stream = new ScoringStream(await serveIt(t, echo, { maxMessageBytes: 1000 }));
    stream.send("1", requestFor("a"));
    stream.send("2", requestFor("x".repeat(2000)));
    const error = await stream.ended;
    assert.equal(error?.code, Status.RESOURCE_EXHAUSTED);
  },
);

testBoth("messages of many sizes arrive whole, whatever pieces they come in", async (t, serveIt) => {
  const lengths = [0, 1, 16_000, 16_384, 300_000, 5, 700_000, 65_535, 1];
  const stream = new ScoringStream(await serveIt(t, echo, { maxMessageBytes: 1_000_000 }));
  for (const length of lengths) stream.send(undefined, requestFor("x".repeat(length)));
  stream.rpc.end();
  assert.equal(await stream.ended, undefined);
  assert.deepEqual(
    stream.answers.map(({ decision: text }) => String(text).length),
    lengths,
  );
});

testBoth("the deadline of the stream ends it, and with it what still runs", async (t, serveIt) => {
  const begun = deferred<Gone>();
  const harness = await serveIt(t, async ({ deadlineAt, signal }) => {
    assert.ok(signal !== undefined && deadlineAt <= performance.now() + 300);
    begun.resolve(signal);
    return await new Promise<never>(() => undefined);
  });
  const timeout = { "grpc-timeout": "300m" };
  const request = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(requestFor("a")).finish();
  const { trailers } = await raw(harness, { ":path": `${EVALUATE}Stream`, ...timeout }, frame(request));
  assert.equal(trailers["grpc-status"], String(Status.DEADLINE_EXCEEDED));
  await begun.promise;
});

// grpc-js, on the other road, ends such a stream as if nothing were missing.
test("a stream that ends in the middle of a message fails after the answers it has", async (t) => {
  const harness = await serve(t, echo);
  const request = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(requestFor("a")).finish();
  const body = Buffer.concat([frame(request), frame(request).subarray(0, -1)]);
  const { body: answers, trailers } = await raw(harness, { ":path": `${EVALUATE}Stream` }, body);
  assert.equal(trailers["grpc-status"], String(Status.INTERNAL));
  const message = answers.subarray(5);
  assert.equal(answers.readUInt32BE(1), message.length);
  assert.deepEqual(readAnswer(message), { id: undefined, decision: "a" });
});
