/** What RFC 9113 calls an error, as bytes: of the connection or of one stream, and with which code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode } from "../../src/http2/error-codes.js";
import { echo, serveHttp2, silent } from "./http2-harness.js";
import {
  Flags,
  PREFACE,
  REQUEST,
  Type,
  connectBare,
  connectRaw,
  endOf,
  frame,
  literals,
  nameOf,
  request,
  resetOf,
  setting,
  word,
} from "./raw-peer.js";

const { end, endHeaders, padded, priority } = Flags;
const BLOCK = literals(REQUEST);
const MAX = 0x7fff_ffff;

/** Bytes after the settings, and the code of the GOAWAY that they get. */
const OF_CONNECTION: Readonly<Record<string, readonly [keyof typeof ErrorCode, ...Buffer[]]>> = {
  "DATA on no stream": ["PROTOCOL_ERROR", frame(Type.data, 0, 0, word(1))],
  "DATA on a stream that was not begun": ["PROTOCOL_ERROR", frame(Type.data, 0, 1, word(1))],
  "DATA padded beyond its end": [
    "PROTOCOL_ERROR",
    request(1, 0),
    frame(Type.data, padded, 1, Buffer.of(4, 0, 0, 0)),
  ],
  "DATA without the length of its padding": ["FRAME_SIZE_ERROR", request(1, 0), frame(Type.data, padded, 1)],
  "HEADERS on no stream": ["PROTOCOL_ERROR", frame(Type.headers, endHeaders, 0, BLOCK)],
  "HEADERS on an even stream": ["PROTOCOL_ERROR", frame(Type.headers, endHeaders, 2, BLOCK)],
  "HEADERS on a lower stream": ["PROTOCOL_ERROR", request(5), request(3)],
  "HEADERS padded beyond their end": [
    "PROTOCOL_ERROR",
    frame(Type.headers, endHeaders | padded, 1, Buffer.of(9, 0x82)),
  ],
  "HEADERS too short for a priority": [
    "FRAME_SIZE_ERROR",
    frame(Type.headers, endHeaders | priority, 1, word(0)),
  ],
  "HEADERS that are no HPACK": ["COMPRESSION_ERROR", frame(Type.headers, endHeaders, 1, Buffer.of(0xbe))],
  "HEADERS interrupted by a PING": [
    "PROTOCOL_ERROR",
    frame(Type.headers, 0, 1, BLOCK),
    frame(Type.ping, 0, 0, Buffer.alloc(8)),
  ],
  "HEADERS interrupted by an unknown type": [
    "PROTOCOL_ERROR",
    frame(Type.headers, 0, 1, BLOCK),
    frame(99, 0, 1),
  ],
  "CONTINUATION of another stream": [
    "PROTOCOL_ERROR",
    frame(Type.headers, 0, 1, BLOCK),
    frame(Type.continuation, endHeaders, 3),
  ],
  "CONTINUATION of nothing": ["PROTOCOL_ERROR", frame(Type.continuation, endHeaders, 1, BLOCK)],
  "CONTINUATION of a block that has ended": [
    "PROTOCOL_ERROR",
    request(1),
    frame(Type.continuation, endHeaders, 1, BLOCK),
  ],
  "PRIORITY on no stream": ["PROTOCOL_ERROR", frame(Type.priority, 0, 0, Buffer.alloc(5))],
  "RST_STREAM on no stream": ["PROTOCOL_ERROR", frame(Type.reset, 0, 0, word(8))],
  "RST_STREAM of a stream that was not begun": ["PROTOCOL_ERROR", frame(Type.reset, 0, 1, word(8))],
  "RST_STREAM of a wrong length": [
    "FRAME_SIZE_ERROR",
    request(1, 0),
    frame(Type.reset, 0, 1, Buffer.alloc(3)),
  ],
  "SETTINGS on a stream": ["PROTOCOL_ERROR", frame(Type.settings, 0, 1)],
  "SETTINGS of a wrong length": ["FRAME_SIZE_ERROR", frame(Type.settings, 0, 0, Buffer.alloc(5))],
  "acknowledgement with settings": ["FRAME_SIZE_ERROR", frame(Type.settings, Flags.ack, 0, setting(1, 0))],
  "ENABLE_PUSH of 2": ["PROTOCOL_ERROR", frame(Type.settings, 0, 0, setting(2, 2))],
  "INITIAL_WINDOW_SIZE of 2^31": ["FLOW_CONTROL_ERROR", frame(Type.settings, 0, 0, setting(4, MAX + 1))],
  "MAX_FRAME_SIZE of 16383": ["PROTOCOL_ERROR", frame(Type.settings, 0, 0, setting(5, 16_383))],
  "MAX_FRAME_SIZE of 2^24": ["PROTOCOL_ERROR", frame(Type.settings, 0, 0, setting(5, 1 << 24))],
  "ENABLE_CONNECT_PROTOCOL of 2": ["PROTOCOL_ERROR", frame(Type.settings, 0, 0, setting(8, 2))],
  "a window that settings make too large": [
    "FLOW_CONTROL_ERROR",
    request(1, 0),
    frame(Type.windowUpdate, 0, 1, word(MAX - 65_535)),
    frame(Type.settings, 0, 0, setting(4, 65_536)),
  ],
  PUSH_PROMISE: ["PROTOCOL_ERROR", frame(Type.push, endHeaders, 1, word(2))],
  "PING on a stream": ["PROTOCOL_ERROR", frame(Type.ping, 0, 1, Buffer.alloc(8))],
  "PING of a wrong length": ["FRAME_SIZE_ERROR", frame(Type.ping, 0, 0, Buffer.alloc(7))],
  "GOAWAY on a stream": ["PROTOCOL_ERROR", frame(Type.goAway, 0, 1, Buffer.alloc(8))],
  "GOAWAY that is too short": ["FRAME_SIZE_ERROR", frame(Type.goAway, 0, 0, Buffer.alloc(7))],
  "WINDOW_UPDATE of a wrong length": ["FRAME_SIZE_ERROR", frame(Type.windowUpdate, 0, 0, Buffer.alloc(3))],
  "WINDOW_UPDATE of nothing": ["PROTOCOL_ERROR", frame(Type.windowUpdate, 0, 0, word(0))],
  "WINDOW_UPDATE beyond 2^31-1": ["FLOW_CONTROL_ERROR", frame(Type.windowUpdate, 0, 0, word(MAX))],
  "WINDOW_UPDATE of a stream that was not begun": ["PROTOCOL_ERROR", frame(Type.windowUpdate, 0, 1, word(1))],
  "a frame longer than 16384": ["FRAME_SIZE_ERROR", frame(Type.ping, 0, 0, Buffer.alloc(16_385))],
};

for (const [name, [code, ...bytes]] of Object.entries(OF_CONNECTION)) {
  test(`of the connection: ${name}`, async (t) => {
    const { port, connections, defects } = await serveHttp2(t, echo);
    const peer = await connectRaw(t, port);
    peer.send(...bytes);
    assert.equal(nameOf(await peer.ending()), code);
    await connections[0]?.closed;
    assert.equal(connections[0]?.openStreams, 0);
    assert.deepEqual(defects, []);
  });
}

const OF_STREAM: Readonly<Record<string, readonly [keyof typeof ErrorCode, ...Buffer[]]>> = {
  "a malformed request": [
    "PROTOCOL_ERROR",
    frame(Type.headers, endHeaders | end, 1, literals([["x-a", "b"]])),
  ],
  "a request that depends on itself": [
    "PROTOCOL_ERROR",
    frame(Type.headers, endHeaders | end | priority, 1, Buffer.concat([word(1), Buffer.of(15), BLOCK])),
  ],
  "PRIORITY that depends on itself": [
    "PROTOCOL_ERROR",
    request(1, 0),
    frame(Type.priority, 0, 1, Buffer.of(0, 0, 0, 1, 15)),
  ],
  "PRIORITY of a wrong length": [
    "FRAME_SIZE_ERROR",
    request(1, 0),
    frame(Type.priority, 0, 1, Buffer.alloc(4)),
  ],
  "less than content-length": [
    "PROTOCOL_ERROR",
    request(1, 0, [["content-length", "5"]]),
    frame(Type.data, end, 1, word(1)),
  ],
  "more than content-length": [
    "PROTOCOL_ERROR",
    request(1, 0, [["content-length", "3"]]),
    frame(Type.data, 0, 1, word(1)),
  ],
  "content-length without a body": ["PROTOCOL_ERROR", request(1, end, [["content-length", "1"]])],
  "content-length and trailers that come too early": [
    "PROTOCOL_ERROR",
    request(1, 0, [["content-length", "1"]]),
    frame(Type.headers, endHeaders | end, 1, literals([["x-a", "b"]])),
  ],
  "trailers that do not end": [
    "PROTOCOL_ERROR",
    request(1, 0),
    frame(Type.headers, endHeaders, 1, literals([["x-a", "b"]])),
  ],
  "trailers with a pseudo-header field": ["PROTOCOL_ERROR", request(1, 0), request(1)],
  "WINDOW_UPDATE of nothing": ["PROTOCOL_ERROR", request(1, 0), frame(Type.windowUpdate, 0, 1, word(0))],
  "WINDOW_UPDATE beyond 2^31-1": [
    "FLOW_CONTROL_ERROR",
    request(1, 0),
    frame(Type.windowUpdate, 0, 1, word(MAX)),
  ],
};

for (const [name, [code, ...bytes]] of Object.entries(OF_STREAM)) {
  test(`of the stream: ${name}`, async (t) => {
    const { port, defects } = await serveHttp2(t, echo);
    const peer = await connectRaw(t, port);
    peer.send(...bytes);
    const { payload } = await peer.next(resetOf(1));
    assert.equal(nameOf(payload.readUInt32BE(0)), code);
    // The connection goes on.
    peer.send(request(3));
    assert.equal((await peer.next(endOf(3))).type, Type.headers);
    assert.deepEqual(defects, []);
  });
}

test("frames after the end of a request, and after the end of its stream", async (t) => {
  const { port } = await serveHttp2(t, (stream) => (stream.id === 1 ? silent : echo)(stream));
  const halfClosed = await connectRaw(t, port);
  halfClosed.send(request(1), frame(Type.data, 0, 1, word(1)));
  assert.equal((await halfClosed.next(resetOf(1))).payload.readUInt32BE(0), ErrorCode.STREAM_CLOSED);
  const ended = await connectRaw(t, port);
  ended.send(request(3));
  await ended.next(endOf(3));
  // What may have crossed the end of the stream is no fault; DATA is one, of the stream, and HEADERS of the connection.
  ended.send(frame(Type.windowUpdate, 0, 3, word(1)), frame(Type.reset, 0, 3, word(8)));
  ended.send(frame(Type.data, 0, 3, word(1)));
  assert.equal((await ended.next(resetOf(3))).payload.readUInt32BE(0), ErrorCode.STREAM_CLOSED);
  ended.send(request(5));
  await ended.next(endOf(5));
  ended.send(request(5));
  assert.equal(nameOf(await ended.ending()), "STREAM_CLOSED");
});

test("what the peer sent before it knew of a reset is ignored, and its fields are decoded", async (t) => {
  const { port } = await serveHttp2(t, (stream) => {
    if (stream.id < 5) stream.reset(ErrorCode.CANCEL);
    return echo(stream);
  });
  const peer = await connectRaw(t, port);
  peer.send(request(1, 0), request(3, 0));
  await peer.next(resetOf(3));
  const indexed = Buffer.concat([Buffer.of(0x40, 3), Buffer.from("x-a"), Buffer.of(1), Buffer.from("b")]);
  peer.send(
    frame(Type.data, 0, 1, word(1)),
    frame(Type.windowUpdate, 0, 1, word(1)),
    frame(Type.data, 0, 3, word(1)),
    frame(Type.headers, endHeaders | end, 1, indexed),
    frame(Type.headers, endHeaders | end, 5, Buffer.concat([BLOCK, Buffer.of(0xbe)])),
  );
  assert.equal((await peer.next(endOf(5))).type, Type.headers);
  assert.equal(peer.frames.filter(({ type }) => type === Type.reset).length, 2);
});

test("without SETTINGS first, and without a preface", async (t) => {
  const { port } = await serveHttp2(t, echo);
  const hasty = await connectBare(t, port);
  hasty.send(PREFACE, request(1));
  assert.equal(nameOf(await hasty.ending()), "PROTOCOL_ERROR");
  const wrong = await connectBare(t, port);
  wrong.send(PREFACE, frame(Type.settings, Flags.ack, 0));
  assert.equal(nameOf(await wrong.ending()), "PROTOCOL_ERROR");
  const http1 = await connectBare(t, port);
  http1.send(Buffer.from("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
  assert.equal(nameOf(await http1.ending()), "PROTOCOL_ERROR");
});

test("unknown frames and settings are left alone, and padding is no content", async (t) => {
  const { port } = await serveHttp2(t, echo);
  const peer = await connectRaw(t, port, Buffer.concat([setting(0x7777, 1), setting(6, 10), setting(9, 1)]));
  peer.send(
    frame(0xfe, 0xff, 0, word(1)),
    frame(0xfe, 0xff, 1, word(1)),
    frame(
      Type.headers,
      endHeaders | padded | priority,
      1,
      Buffer.concat([Buffer.of(2), word(0), Buffer.of(1), BLOCK, Buffer.alloc(2)]),
    ),
    frame(Type.data, padded, 1, Buffer.concat([Buffer.of(3), word(0x61626364), Buffer.alloc(3)])),
    frame(Type.data, padded | end, 1, Buffer.of(0)),
  );
  const { payload } = await peer.next(({ type, streamId }) => type === Type.data && streamId === 1);
  assert.equal(payload.toString(), "abcd");
});
