import assert from "node:assert/strict";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { Metadata, status as Status } from "@grpc/grpc-js";
import type { ClientDuplexStream, ServiceError } from "@grpc/grpc-js";
import type { CallHandler } from "../../src/call/call.js";
import { GatewayError } from "../../src/errors.js";
import { StatusSchema } from "../../src/proto/gen/google/rpc/status_pb.js";
import { EVALUATE, HTTP2, decision, deferred, handler, serve, type Harness } from "./grpc-harness.js";
import { decisionIn, requestFor, strategyIn } from "./raw-calls.js";

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

const names = (length: number): string[] => Array.from({ length }, (_, index) => `s${index}`);

for (const http2 of HTTP2) {
  test(`answers come in the order of the requests, whatever each takes (${http2})`, async (t) => {
    const turns = new Map(names(5).map((name) => [name, deferred<undefined>()]));
    const begun: string[] = [];
    const harness = await serve(
      t,
      handler(async (inputs) => {
        const name = strategyIn(inputs);
        begun.push(name);
        await turns.get(name)?.promise;
        return decision(name);
      }),
      {},
      http2,
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
}

test("a request that fails ends neither the stream nor the others", async (t) => {
  const harness = await serve(
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

test("a request that comes in parts is their sum, as protobuf has it", async (t) => {
  const stream = new ScoringStream(await serve(t, echo));
  const writer = new BinaryWriter();
  for (const name of ["first", "last"]) writer.tag(2, WireType.LengthDelimited).bytes(requestFor(name));
  stream.rpc.write(writer.finish());
  stream.rpc.end();
  await stream.ended;
  assert.deepEqual(stream.answers, [{ id: undefined, decision: "last" }]);
});

test("a stream waits where a call would be told to come back, and others are refused for good", async (t) => {
  let refusals = 3;
  const harness = await serve(t, async (context, codec) => {
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
});

test("no more than a window of requests is in hand, however many are sent", async (t) => {
  let running = 0;
  let most = 0;
  const harness = await serve(
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

test("a caller who does not read its answers is not asked for more requests", async (t) => {
  let begun = 0;
  const harness = await serve(
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

test("a drain answers what was read and tells the caller to go on elsewhere", async (t) => {
  const begun = deferred<undefined>();
  const finish = deferred<undefined>();
  const harness = await serve(
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

test("a caller who goes away stops its calls", async (t: TestContext) => {
  const begun = deferred<AbortSignal>();
  const harness = await serve(t, async ({ signal }) => {
    assert.ok(signal !== undefined);
    begun.resolve(signal);
    return await new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(new GatewayError("unavailable", "Gone.")));
    });
  });
  const stream = new ScoringStream(harness);
  stream.send("1", requestFor("a"));
  const signal = await begun.promise;
  const aborted = once(signal, "abort");
  stream.rpc.cancel();
  await aborted;
});

test("each call is found under the request id of its stream", async (t) => {
  const ids: string[] = [];
  const harness = await serve(t, (context, codec) => {
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
