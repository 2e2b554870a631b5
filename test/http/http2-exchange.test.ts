/** An exchange of HTTP/2 as its handler sees it: the body when it is wanted, and the caller who goes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { test, type TestContext } from "node:test";
import { NOBODY } from "../../src/caller-of.js";
import type { Exchange } from "../../src/http/exchange.js";
import { Http2Exchange } from "../../src/http/http2-exchange.js";
import { serveHttp2 } from "../http2/http2-harness.js";
import { begin, connectHttp2, replyOn } from "../support/http2-client.js";
import type { ClientHttp2Session } from "node:http2";

const OK = { status: 200, headers: {}, body: "ok" };
const POST = { method: "POST", path: "/" };

interface Served {
  readonly session: ClientHttp2Session;
  /** The exchanges in the order of their arrival, as they come. */
  readonly next: () => Promise<Exchange>;
  /** The grace of a drain is over. */
  readonly cutOff: () => void;
}

async function serve(t: TestContext): Promise<Served> {
  const exchanges: Exchange[] = [];
  const waiting: ((exchange: Exchange) => void)[] = [];
  const { url, defects, connections } = await serveHttp2(t, (stream) => {
    const exchange = new Http2Exchange(stream, NOBODY, 60_000);
    const waiter = waiting.shift();
    if (waiter === undefined) exchanges.push(exchange);
    else waiter(exchange);
    return exchange;
  });
  const session = await connectHttp2(url);
  t.after(() => {
    session.destroy();
    assert.deepEqual(defects, []);
  });
  return {
    session,
    next: () => {
      const exchange = exchanges.shift();
      return exchange === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(exchange);
    },
    cutOff: () => {
      for (const connection of connections) connection.cutOff();
    },
  };
}

/** The body of an exchange as it comes. */
function bodyOf(exchange: Exchange): Promise<Buffer | "gone"> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) =>
    exchange.receive({
      onData: (chunk) => void chunks.push(chunk),
      onEnd: () => resolve(Buffer.concat(chunks)),
      onGone: () => resolve("gone"),
    }),
  );
}

test("a request that has ended has a caller who waits; one that is reset has none", async (t) => {
  const { session, next } = await serve(t);
  const stream = begin(session, POST);
  stream.end("all of it");
  const exchange = await next();
  assert.equal(String(await bodyOf(exchange)), "all of it");
  const { signal } = exchange;
  assert.equal(signal.aborted, false);
  const aborted = once(signal, "abort");
  stream.close(constants.NGHTTP2_CANCEL);
  await aborted;
  assert.equal(exchange.signal, signal);
});

test("with the connection all of its callers have gone", async (t) => {
  const { session, next } = await serve(t);
  const streams = [begin(session, POST), begin(session, POST)];
  for (const stream of streams) stream.end();
  const signals = [(await next()).signal, (await next()).signal];
  assert.notEqual(signals[0], signals[1]);
  const aborted = Promise.all(signals.map((signal) => once(signal, "abort")));
  session.destroy();
  await aborted;
});

test("who asks after the caller has gone is told at once", async (t) => {
  const { session, next } = await serve(t);
  const [early, other] = [begin(session, POST), begin(session, POST)];
  early.write("some of it");
  const exchange = await next();
  early.close(constants.NGHTTP2_CANCEL);
  // Frames come in order: when the end of the other one is here, the reset is.
  other.end();
  assert.equal(String(await bodyOf(await next())), "");
  assert.equal(exchange.signal.aborted, true);
  assert.equal(await bodyOf(exchange), "gone");
});

test("what comes before it is wanted is kept, within the window", async (t) => {
  const { session, next } = await serve(t);
  const sent = Buffer.alloc(600_000, "abc");
  const stream = begin(session, POST);
  const reply = replyOn(stream);
  stream.end(sent);
  const exchange = await next();
  // Another whole exchange: by then as much of the first has come as may.
  const other = begin(session, { method: "GET", path: "/" });
  const otherReply = replyOn(other);
  (await next()).reply(OK);
  await otherReply;
  const body = await bodyOf(exchange);
  assert.ok(body instanceof Buffer && body.equals(sent));
  exchange.reply(OK);
  assert.equal((await reply).status, 200);
});

test("a large reply is complete, and ends with its last frame", async (t) => {
  const { session, next } = await serve(t);
  for (const size of [0, 1, 16_384, 16_385, 65_535, 65_536, 1_000_000]) {
    const stream = begin(session, { method: "GET", path: "/" });
    const reply = replyOn(stream);
    (await next()).reply({ ...OK, body: Buffer.alloc(size, "x") }, ["X-Size", String(size)]);
    const { status, headers, body, resetCode } = await reply;
    assert.deepEqual(
      [status, headers["x-size"], headers["content-length"]],
      [200, String(size), String(size)],
    );
    assert.deepEqual([body.length, resetCode], [size, 0]);
  }
});

test("a reply to a caller who has gone does nothing", async (t) => {
  const { session, next } = await serve(t);
  const stream = begin(session, POST);
  stream.end();
  const exchange = await next();
  const aborted = once(exchange.signal, "abort");
  stream.close(constants.NGHTTP2_CANCEL);
  await aborted;
  exchange.reply(OK);
});

test("a reply ends with its request: what still comes of that is thrown away, and the caller is not cut off", async (t) => {
  const { session, next } = await serve(t);
  const stream = begin(session, POST);
  const reply = replyOn(stream);
  stream.write(Buffer.alloc(100_000));
  (await next()).reply({ ...OK, status: 413 });
  await once(stream, "response");
  // More than the windows hold.
  stream.end(Buffer.alloc(3_000_000));
  const { status, body, resetCode } = await reply;
  assert.deepEqual([status, String(body), resetCode], [413, "ok", 0]);
});

test("a caller who was refused and does not end its request is cut off after a while", async (t) => {
  const { session, next } = await serve(t);
  const stream = begin(session, POST);
  const reply = replyOn(stream);
  stream.write("x");
  (await next()).reply({ ...OK, status: 413 });
  assert.equal((await reply).status, 413);
});

test("a request that has no reply when its connection is cut gets 503, and its caller has gone", async (t) => {
  const { session, next, cutOff } = await serve(t);
  const [waiting, sending] = [begin(session, POST), begin(session, POST)];
  waiting.end("all of it");
  sending.write("a part");
  const exchanges = [await next(), await next()];
  const { signal } = exchanges[0] ?? assert.fail();
  const rest = bodyOf(exchanges[1] ?? assert.fail());
  const replies = [replyOn(waiting), replyOn(sending)];
  cutOff();
  for (const reply of replies) assert.equal((await reply).status, 503);
  assert.equal(signal.aborted, true);
  assert.equal(await rest, "gone");
  exchanges[0]?.reply(OK);
});
