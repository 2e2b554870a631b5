/** What handlers may do and may not, seen from Node's own HTTP/2 client: back-pressure, defects, wrong calls. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http2 from "node:http2";
import { buffer } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { ErrorCode } from "../../src/http2/error-codes.js";
import { fieldValue } from "../../src/http2/field.js";
import type { ServerStream } from "../../src/http2/server-stream.js";
import { DONE, OK, echo, receiver, serveHttp2 } from "./http2-harness.js";

const POST = { ":method": "POST", ":path": "/echo" } as const;

function connect(t: TestContext, url: string, settings: http2.Settings = {}): http2.ClientHttp2Session {
  const session = http2.connect(url, { settings });
  session.on("error", () => undefined);
  t.after(() => session.destroy());
  return session;
}

async function send(session: http2.ClientHttp2Session, body: Buffer): Promise<Buffer> {
  const stream = session.request(POST);
  const trailers = once(stream, "trailers") as Promise<[http2.IncomingHttpHeaders]>;
  stream.end(body);
  const reply = await buffer(stream);
  assert.equal((await trailers)[0]["x-status"], "done");
  return reply;
}

/** Waits for the end of a stream, whatever it is. */
function closed(stream: http2.ClientHttp2Stream): Promise<void> {
  stream.on("error", () => undefined);
  return new Promise((resolve) => {
    stream.once("close", resolve);
  });
}

test("a handler that gives nothing back stops its own stream and no other", async (t) => {
  let held: ServerStream | undefined;
  let heldBytes = 0;
  const { url } = await serveHttp2(
    t,
    (stream) => {
      if (fieldValue(stream.fields, ":path") !== "/held") return echo(stream);
      held = stream;
      return receiver({
        onData: (chunk) => {
          heldBytes += chunk.length;
        },
        onEnd: () => stream.reply(OK, Buffer.alloc(0), DONE),
      });
    },
    { streamWindow: 70_000, connectionWindow: 100_000 },
  );
  const session = connect(t, url);
  await once(session, "remoteSettings");
  const slow = session.request({ ":method": "POST", ":path": "/held" });
  slow.resume();
  slow.end(Buffer.alloc(300_000));
  // More than the connection's window, which the held stream would have used up for good.
  for (let round = 0; round < 5; round += 1) await send(session, randomBytes(60_000));
  assert.equal(heldBytes, 70_000);
  let given = 0;
  const giveBack = setInterval(() => {
    held?.consumed(heldBytes - given);
    given = heldBytes;
  }, 1);
  await once(slow, "close");
  clearInterval(giveBack);
  assert.equal(heldBytes, 300_000);
});

test("a client that does not read stops its own stream: write says so, and onDrain when it may go on", async (t) => {
  const CHUNK = Buffer.alloc(50_000, 1);
  const CHUNKS = 40;
  let sent = 0;
  let refusals = 0;
  const { url } = await serveHttp2(t, (stream) => {
    stream.respond(OK);
    const go = (): void => {
      while (sent < CHUNKS) {
        sent += 1;
        if (stream.write(CHUNK)) continue;
        refusals += 1;
        return;
      }
      stream.end();
    };
    return receiver({ onEnd: go, onDrain: go });
  });
  const session = connect(t, url);
  const stream = session.request(POST);
  stream.end();
  await once(stream, "response");
  // Nobody reads yet: what was written fits into the two windows and the write that was refused.
  assert.ok(sent < 5, String(sent));
  const body = await buffer(stream);
  assert.equal(body.length, CHUNK.length * CHUNKS);
  assert.ok(refusals > 5, String(refusals));
});

test("a handler that throws loses its own stream and no other", async (t) => {
  const { url, defects } = await serveHttp2(t, (stream) => {
    const path = fieldValue(stream.fields, ":path");
    const fail = (): never => {
      throw new Error(path);
    };
    if (path === "/begin") fail();
    if (path === "/data") return receiver({ onData: fail });
    if (path === "/end") return receiver({ onEnd: fail });
    return echo(stream);
  });
  const session = connect(t, url);
  for (const path of ["/begin", "/data", "/end"]) {
    const stream = session.request({ ":method": "POST", ":path": path });
    stream.end("x");
    await closed(stream);
    assert.equal(stream.rstCode, ErrorCode.INTERNAL_ERROR, path);
  }
  await send(session, Buffer.from("still here"));
  assert.deepEqual(
    defects.map((error) => (error as Error).message),
    ["/begin", "/data", "/end"],
  );
});

test("calls in a wrong order are the handler's fault, and calls too late are nobody's", async (t) => {
  const wrong: (() => unknown)[] = [];
  const { url } = await serveHttp2(t, (stream) => {
    assert.throws(() => stream.write(OK.block), /no response head/);
    assert.throws(() => stream.end(), /no response head/);
    assert.throws(() => stream.consumed(1), RangeError);
    stream.respond(OK);
    assert.throws(() => stream.respond(OK), /already/);
    stream.write(Buffer.alloc(100_000));
    stream.end();
    assert.throws(() => stream.write(OK.block), /ended already/);
    stream.reset(ErrorCode.CANCEL);
    wrong.push(() => stream.write(OK.block));
    stream.end();
    stream.respond(OK);
    stream.reset(ErrorCode.CANCEL);
    stream.reply(OK, OK.block, DONE);
    return receiver();
  });
  await closed(connect(t, url).request({ ":path": "/" }));
  assert.deepEqual(
    wrong.map((call) => call()),
    [false],
  );
});
