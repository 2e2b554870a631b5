/** Whole conversations with Node's own HTTP/2 client. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http2 from "node:http2";
import { buffer } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { ErrorCode } from "../../src/http2/error-codes.js";
import { fieldValue, type Field } from "../../src/http2/field.js";
import { encodeHead } from "../../src/http2/header-block.js";
import type { ServerStream } from "../../src/http2/server-stream.js";
import { DONE, OK, echo, receiver, serveHttp2, whole } from "./http2-harness.js";

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

test("requests without and with a body, one after the other", async (t) => {
  const { url, connections } = await serveHttp2(t, echo);
  const session = connect(t, url);
  for (const length of [0, 1, 16_384, 16_385, 65_535, 70_000]) {
    const body = randomBytes(length);
    assert.ok((await send(session, body)).equals(body), String(length));
  }
  assert.equal(connections[0]?.openStreams, 0);
});

test("many streams at once", async (t) => {
  const { url } = await serveHttp2(t, echo);
  const session = connect(t, url);
  await once(session, "remoteSettings");
  const bodies = Array.from({ length: 500 }, (_, at) => randomBytes(at * 40));
  const replies = await Promise.all(bodies.map((body) => send(session, body)));
  assert.deepEqual(
    replies.map((reply, at) => reply.equals(bodies[at] ?? Buffer.alloc(0))),
    bodies.map(() => true),
  );
});

test("big bodies both ways through small windows", async (t) => {
  const { url } = await serveHttp2(t, echo, { streamWindow: 1000, connectionWindow: 65_535 });
  const session = connect(t, url, { initialWindowSize: 1000 });
  const bodies = [1, 2, 3].map((at) => randomBytes(at * 300_000));
  const replies = await Promise.all(bodies.map((body) => send(session, body)));
  for (const [at, body] of bodies.entries()) assert.ok(replies[at]?.equals(body));
});

test("a stream goes both ways at the same time, with trailers both ways", async (t) => {
  const trailers: (readonly Field[])[] = [];
  const { url } = await serveHttp2(t, (stream) => {
    stream.respond(OK);
    return receiver({
      onData: (chunk) => {
        stream.consumed(chunk.length);
        stream.write(chunk);
      },
      onEnd: (fields) => {
        trailers.push(fields);
        stream.end(DONE);
      },
    });
  });
  const stream = connect(t, url).request(POST, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "42" }));
  const ended = once(stream, "trailers") as Promise<[http2.IncomingHttpHeaders]>;
  for (const word of ["one", "two", "three"]) {
    stream.write(word);
    const [chunk] = (await once(stream, "data")) as [Buffer];
    assert.equal(chunk.toString(), word);
  }
  stream.end();
  assert.equal((await ended)[0]["x-status"], "done");
  assert.deepEqual(
    trailers.map((fields) => fieldValue(fields, "x-sum")),
    ["42"],
  );
});

test("both sides reset, each with its code, and the other hears of it once", async (t) => {
  const codes: number[] = [];
  let onCode: () => void = () => undefined;
  const { url, connections } = await serveHttp2(t, (stream) => {
    if (fieldValue(stream.fields, ":path") === "/reset") stream.reset(ErrorCode.INADEQUATE_SECURITY);
    return receiver({
      onReset: (code) => {
        codes.push(code);
        onCode();
      },
    });
  });
  const session = connect(t, url);
  const byServer = session.request({ ":path": "/reset" });
  await closed(byServer);
  assert.equal(byServer.rstCode, ErrorCode.INADEQUATE_SECURITY);
  const byClient = session.request({ ":path": "/cancel", ":method": "POST" });
  byClient.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    byClient.write("x", () => {
      onCode = resolve;
      byClient.close(http2.constants.NGHTTP2_CANCEL);
    });
  });
  assert.deepEqual(codes, [ErrorCode.CANCEL]);
  assert.equal(connections[0]?.openStreams, 0);
});

test("a reply before the end of the request ends the stream without an error", async (t) => {
  const { url, connections } = await serveHttp2(t, (stream) => {
    stream.reply(OK, Buffer.from("enough"), DONE);
    return receiver();
  });
  const session = connect(t, url);
  const stream = session.request(POST);
  stream.write("the beginning");
  assert.equal((await buffer(stream)).toString(), "enough");
  if (!stream.closed) await once(stream, "close");
  assert.equal(stream.rstCode, ErrorCode.NO_ERROR);
  assert.equal(connections[0]?.openStreams, 0);
});

test("a response that is a head alone", async (t) => {
  const { url } = await serveHttp2(t, (stream) =>
    whole(stream, () => stream.respond(encodeHead(404, []), true)),
  );
  const stream = connect(t, url).request({ ":path": "/nothing" });
  stream.resume();
  const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  assert.equal(headers[":status"], 404);
  await once(stream, "close");
  assert.equal(stream.rstCode, ErrorCode.NO_ERROR);
});

test("an empty body without trailers", async (t) => {
  const { url } = await serveHttp2(t, (stream) =>
    whole(stream, () => {
      stream.respond(OK);
      stream.write(Buffer.alloc(0));
      stream.end();
    }),
  );
  const stream = connect(t, url).request({ ":path": "/empty" });
  assert.equal((await buffer(stream)).length, 0);
});

test("the client's own table size is obeyed", async (t) => {
  const { url } = await serveHttp2(t, echo);
  // nghttp2 insists on an update of the table's size in the next block.
  const session = connect(t, url, { headerTableSize: 0 });
  for (let round = 0; round < 3; round += 1) await send(session, Buffer.from("a"));
});

test("a client's GOAWAY lets its streams finish", async (t) => {
  let begun: ServerStream | undefined;
  const { url, connections } = await serveHttp2(t, (stream) => {
    begun = stream;
    stream.respond(OK);
    return receiver();
  });
  const session = connect(t, url);
  const stream = session.request({ ":path": "/" });
  await once(stream, "response");
  session.goaway();
  await once(session, "goaway");
  begun?.write(Buffer.from("late"));
  begun?.end();
  assert.equal((await buffer(stream)).toString(), "late");
  await connections[0]?.closed;
});
