/** Callers in crowds, none of them honest, and one honest caller beside them whose calls have to go on. */
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { status as Status } from "@grpc/grpc-js";
import { GatewayError } from "../../src/errors.js";
import { serviceFullName } from "../../src/grpc/service-definition.js";
import { ErrorCode } from "../../src/http2/error-codes.js";
import { structFromJson } from "../../src/json/decode.js";
import { connectRaw, endOf, Flags, frame as http2Frame, idOf, Type, word } from "../http2/raw-peer.js";
import type { RawPeer } from "../http2/raw-peer.js";
import { memoryInUse, settle } from "../support/footprint.js";
import { fixture } from "../support/pool-harness.js";
import { serveExample, type ServedExample } from "../support/served-example.js";
import { createOracle } from "./es-oracle.js";
import { decision, EVALUATE, handler, send, serve } from "./grpc-harness.js";
import { EMPTY, frame } from "./raw-calls.js";
import { callHead, data, endingOf, settled, startedIn } from "./raw-streams.js";

const MEGABYTE = 1024 * 1024;

interface Crowded {
  readonly served: ServedExample;
  readonly path: string;
  readonly connect: () => Promise<RawPeer>;
  /** A whole call of the artifact, as it travels. */
  readonly request: (what: string) => Buffer;
  /** One call of a caller that does nothing wrong; it has to be answered. */
  readonly neighbour: () => Promise<void>;
}

/** A real gateway with one process. */
async function startCrowded(context: TestContext, flags: Record<string, string> = {}): Promise<Crowded> {
  const served = await serveExample(fixture("faults"), { processes: "1", ...flags });
  context.after(() => served.gateway.stop());
  const { service, address } = served;
  const path = `/${serviceFullName(service)}/${service.operation.name}`;
  const oracle = createOracle(service);
  const connect = (): Promise<RawPeer> => connectRaw(context, Number(address.split(":")[1]));
  const request = (what: string): Buffer =>
    frame(
      oracle.encode(
        service.operation.request,
        structFromJson(service.operation.request, { what, detail: "x" }, "", []),
      ),
    );
  const honest = await connect();
  let calls = 0;
  return {
    served,
    path,
    connect,
    request,
    async neighbour() {
      const id = idOf(calls++);
      honest.send(callHead(id, path), data(id, request("answer"), Flags.end));
      assert.equal((await endingOf(honest, id)).get("grpc-status"), "0");
    },
  };
}

/** Calls that `main()` was begun for. */
function ranIn({ calls }: ServedExample): number {
  return calls.filter(
    ({ worker, error }) => worker !== undefined || (error instanceof GatewayError && error.started),
  ).length;
}

function poolOf({
  gateway,
}: ServedExample): ReturnType<ServedExample["gateway"]["served"][0]["pool"]["state"]> {
  return (gateway.served[0] ?? assert.fail()).pool.state();
}

suite("crowds", () => {
  test("10,000 calls that are cancelled leave the queue, and none of them is run", async (context) => {
    const { served, path, connect, request, neighbour } = await startCrowded(context, {
      maxQueued: "100000",
      stopCancelled: "true",
    });
    const blocker = await connect();
    blocker.send(callHead(1, path), data(1, request("hang"), Flags.end));
    await served.said("hanging");
    const peers = await Promise.all(Array.from({ length: 100 }, connect));
    const call = request("answer");
    const ids = Array.from({ length: 100 }, (_, nth) => idOf(nth));
    for (const peer of peers) {
      peer.send(...ids.flatMap((id) => [callHead(id, path), data(id, call, Flags.end)]));
    }
    await Promise.all(peers.map(settled));
    const waiting = poolOf(served).queued;
    for (const peer of peers) {
      peer.send(...ids.map((id) => http2Frame(Type.reset, 0, id, word(ErrorCode.CANCEL))));
    }
    await Promise.all(peers.map(settled));
    await settle(() => poolOf(served).queued === 0);
    assert.ok(waiting > 1000, `${waiting} were waiting`);
    assert.equal(ranIn(served), 0);
    assert.deepEqual(poolOf(served), { ready: 1, processes: 1, queued: 0, running: 1 });
    // The process is lost with the call that runs in it, as was asked for, and with no other.
    blocker.send(http2Frame(Type.reset, 0, 1, word(ErrorCode.CANCEL)));
    await settle(() => served.calls.length === 10_001);
    assert.equal(served.calls.length, 10_001);
    assert.equal(ranIn(served), 1);
    await settle(() => poolOf(served).running === 0 && poolOf(served).ready === 1);
    await neighbour();
  });

  test("10,000 open streams with a part of a message each cost what they hold", async (context) => {
    const { served, path, connect, neighbour } = await startCrowded(context);
    const before = memoryInUse();
    const peers = await Promise.all(Array.from({ length: 100 }, connect));
    for (const peer of peers) {
      for (let nth = 0; nth < 100; nth += 1) {
        const id = idOf(nth);
        peer.send(callHead(id, nth % 2 === 0 ? path : `${path}Stream`), data(id, Buffer.of(0, 0, 0, 1)));
      }
      // One more than a connection may have.
      peer.send(callHead(idOf(100), path));
      await settled(peer);
      const { type, payload } = await peer.next(endOf(idOf(100)));
      assert.deepEqual([type, payload.readUInt32BE()], [Type.reset, ErrorCode.REFUSED_STREAM]);
      await neighbour();
    }
    assert.equal(served.gateway.load().receivingBytes, 10_000 * 512);
    const each = (memoryInUse() - before) / 10_000;
    assert.ok(each < 8192, `${each} bytes for each stream, those of this client included`);
    for (const { socket } of peers) socket.destroy();
    await settle(() => served.gateway.load().receivingBytes === 0);
    assert.equal(served.gateway.load().receivingBytes, 0);
    await neighbour();
  });

  test("a flood of resets while main() runs ends its own connection alone", async (context) => {
    const { served, path, connect, request, neighbour } = await startCrowded(context);
    const [blocker, flooder] = [await connect(), await connect()];
    blocker.send(callHead(1, path), data(1, request("sleep half"), Flags.end));
    await served.said("asleep");
    const call = request("answer");
    for (let nth = 0; nth < 3000 && !flooder.socket.destroyed; nth += 1) {
      const id = idOf(nth);
      flooder.send(
        callHead(id, path),
        data(id, call, Flags.end),
        http2Frame(Type.reset, 0, id, word(ErrorCode.CANCEL)),
      );
    }
    assert.equal(await flooder.ending(), ErrorCode.ENHANCE_YOUR_CALM);
    assert.equal((await endingOf(blocker, 1)).get("grpc-status"), "0");
    assert.equal(poolOf(served).queued, 0);
    await neighbour();
  });

  test("a deadline that passes in the queue is not a call that ran, and one in main() is", async (context) => {
    const { served, path, connect, request, neighbour } = await startCrowded(context);
    const peer = await connect();
    peer.send(callHead(1, path, [["grpc-timeout", "400m"]]), data(1, request("sleep half"), Flags.end));
    await served.said("asleep");
    peer.send(callHead(3, path, [["grpc-timeout", "50m"]]), data(3, request("answer"), Flags.end));
    const queued = await endingOf(peer, 3);
    const running = await endingOf(peer, 1);
    for (const [fields, started] of [
      [queued, "false"],
      [running, "true"],
    ] as const) {
      assert.equal(fields.get("grpc-status"), String(Status.DEADLINE_EXCEEDED));
      assert.equal(startedIn(fields), started);
    }
    assert.equal(ranIn(served), 1);
    await settle(() => poolOf(served).ready === 1);
    await neighbour();
  });

  for (const path of [EVALUATE, `${EVALUATE}Stream`]) {
    test(`a caller who takes nothing of its answers holds 32 MiB of them, and no more: ${path}`, async (t) => {
      const text = "x".repeat(MEGABYTE);
      let answered = 0;
      const harness = await serve(
        t,
        handler(() => {
          answered += 1;
          return decision(text);
        }),
      );
      const peer = await connectRaw(t, harness.port);
      const before = memoryInUse();
      const message = path === EVALUATE ? frame(EMPTY) : frame(Buffer.of(0x12, 0));
      for (let nth = 0; nth < 100; nth += 1) {
        peer.send(callHead(idOf(nth), path), data(idOf(nth), message, Flags.end));
      }
      await settled(peer);
      await settle(() => answered === 100);
      await settled(peer);
      const resets = peer.frames.filter(({ type }) => type === Type.reset);
      assert.ok(resets.length >= 100 - 33, `${resets.length} were reset`);
      assert.ok(resets.every(({ payload }) => payload.readUInt32BE() === ErrorCode.ENHANCE_YOUR_CALM));
      const grown = (): number => memoryInUse() - before;
      await settle(() => grown() < 40 * MEGABYTE);
      assert.ok(grown() < 40 * MEGABYTE, `${grown()} bytes`);
      assert.equal((await send(harness.client, EMPTY)).error, undefined);
    });
  }
});
