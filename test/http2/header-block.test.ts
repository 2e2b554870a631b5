/** The header blocks that the server sends, read by Node's own client, and the requests of that client, read by ours. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { test } from "node:test";
import fc from "fast-check";
import { encodeHead, encodeTrailers, type FieldPair } from "../../src/http2/header-block.js";
import { fieldValues, type Field } from "../../src/http2/field.js";
import { receiver, serveHttp2 } from "./http2-harness.js";

const SEED = 20260;

const token = fc
  .string({
    unit: fc.constantFrom("a", "b", "c", "k", "x", "y", "z", "0", "9", "-", "_", "."),
    minLength: 1,
    maxLength: 30,
  })
  .map((name) => `x-${name}`);
const visible = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at));
const latin1 = Array.from({ length: 0x60 }, (_, at) => String.fromCharCode(0xa0 + at));
const value = fc
  .string({ unit: fc.constantFrom(...visible, ...latin1), maxLength: 300 })
  .map((text) => text.trim().replaceAll("\xa0", ""));
const pairs = fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name, maxLength: 20 });

test("field lists of Node's client arrive equal, and ours are read equal by it", async (t) => {
  let received: readonly Field[] = [];
  let reply: readonly FieldPair[] = [];
  const { url } = await serveHttp2(t, (stream) => {
    received = stream.fields;
    stream.respond(encodeHead(200, reply));
    stream.end(encodeTrailers(reply));
    return receiver();
  });
  // One connection for all, so that both tables fill and empty.
  const session = http2.connect(url);
  t.after(() => session.destroy());
  const property = fc.asyncProperty(pairs, pairs, async (asked, answered) => {
    reply = answered;
    const stream = session.request({ ":method": "GET", ":path": "/", ...Object.fromEntries(asked) });
    stream.end();
    stream.resume();
    const [[headers], [trailers]] = (await Promise.all([
      once(stream, "response"),
      once(stream, "trailers"),
      once(stream, "close"),
    ])) as unknown as [[http2.IncomingHttpHeaders], [http2.IncomingHttpHeaders]];
    const names = asked.map(([name]) => name);
    assert.deepEqual(
      received.filter(({ name }) => name.startsWith("x-")).map(({ name, value: text }) => [name, text]),
      asked,
    );
    assert.deepEqual(
      names.map((name) => fieldValues(received, name)),
      asked.map(([, text]) => [text]),
    );
    assert.deepEqual(Object.entries(headers), [[":status", 200], ...answered]);
    assert.deepEqual(Object.entries(trailers), answered);
  });
  await fc.assert(property, { seed: SEED, numRuns: 150 });
});

test("a block longer than a frame goes on in CONTINUATION", async (t) => {
  const long = "y".repeat(40_000);
  const { url } = await serveHttp2(t, (stream) => {
    stream.reply(
      encodeHead(200, [["x-long", long]]),
      Buffer.from("body"),
      encodeTrailers([["x-longer", long]]),
    );
    return receiver();
  });
  const session = http2.connect(url, { maxHeaderListPairs: 128, settings: { maxHeaderListSize: 100_000 } });
  t.after(() => session.destroy());
  const stream = session.request({ ":path": "/" });
  stream.end();
  stream.resume();
  const [[headers], [trailers]] = (await Promise.all([
    once(stream, "response"),
    once(stream, "trailers"),
  ])) as unknown as [[http2.IncomingHttpHeaders], [http2.IncomingHttpHeaders]];
  assert.equal(headers["x-long"], long);
  assert.equal(trailers["x-longer"], long);
});

test("fields that HTTP/2 forbids are not encoded", () => {
  const forbidden: readonly FieldPair[] = [
    ["X-a", "b"],
    [":status", "200"],
    ["x-a", "b\r\nc"],
    ["x-a", " b"],
    ["x-a", "€"],
    ["connection", "close"],
    ["content-length", "many"],
    ["", ""],
  ];
  for (const pair of forbidden) {
    assert.throws(() => encodeHead(200, [pair]), TypeError, String(pair));
    assert.throws(() => encodeTrailers([pair]), TypeError, String(pair));
  }
  for (const status of [100, 199, 600, 200.5, NaN]) assert.throws(() => encodeHead(status, []), TypeError);
});
