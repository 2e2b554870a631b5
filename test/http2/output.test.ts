/** What leaves, how much of it at once, and what is left of it in memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { acceptHttp2 } from "../../src/http2/accept-http2.js";
import { DONE, OK, echo, serveHttp2, keeper, held, rethrow } from "./http2-harness.js";
import { PREFACE, Type, connectRaw, endOf, frame, request, setting, word } from "./raw-peer.js";

const MAX = 0x7fff_ffff;

test("of a large reply, no more is put on its way than the socket takes", async () => {
  const { onStream, streams } = keeper();
  const { duplex, written, release } = held();
  const connection = acceptHttp2(duplex, { onDefect: rethrow }, onStream);
  const wide = [
    frame(Type.settings, 0, 0, setting(4, MAX)),
    frame(Type.windowUpdate, 0, 0, word(MAX - 65_535)),
  ];
  duplex.push(Buffer.concat([PREFACE, ...wide, request(1)]));
  while (streams.length < 1) await new Promise(setImmediate);
  streams[0]?.reply(OK, Buffer.alloc(10_000_000), DONE);
  await new Promise(setImmediate);
  assert.ok(duplex.writableLength < 100_000, String(duplex.writableLength));
  release();
  while (connection.openStreams > 0) await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.ok(Buffer.concat(written).length > 10_000_000);
  connection.destroy();
  await connection.closed;
});

test("all that is written in one turn leaves in one write", async () => {
  const { duplex, written, release } = held();
  release();
  const { onStream, streams } = keeper();
  const connection = acceptHttp2(duplex, { onDefect: rethrow }, onStream);
  duplex.push(Buffer.concat([PREFACE, frame(Type.settings, 0, 0), ...[1, 3, 5, 7].map((id) => request(id))]));
  while (streams.length < 4) await new Promise(setImmediate);
  await new Promise(setImmediate);
  const before = written.length;
  for (const stream of streams) stream.reply(OK, Buffer.alloc(100), DONE);
  await new Promise(setImmediate);
  assert.equal(written.length, before + 1);
  connection.destroy();
  await connection.closed;
});

test("memory does not grow with the calls of a connection", async (t) => {
  const { port } = await serveHttp2(t, echo);
  const peer = await connectRaw(t, port);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const measure = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const round = async (from: number): Promise<void> => {
    for (let at = 0; at < 5000; at += 50) {
      peer.frames.length = 0;
      const ids = Array.from({ length: 50 }, (_, more) => from + 2 * (at + more));
      peer.send(...ids.map((id) => request(id)));
      await peer.next(endOf(ids.at(-1) ?? 0));
    }
  };
  await round(1);
  const before = measure();
  await round(10_001);
  await round(20_001);
  // 10000 streams of a hundred bytes each would be a megabyte.
  const grown = measure() - before;
  assert.ok(grown < 500_000, String(grown));
});
