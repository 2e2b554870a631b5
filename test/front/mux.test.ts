import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect, type AddressInfo, type Socket } from "node:net";
import { suite, test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { watchConnections } from "../../src/front/connections.js";
import { routeHttp2 } from "../../src/front/mux.js";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

interface Door {
  readonly port: number;
  readonly server: Server;
  readonly closeSilent: () => void;
}

/** One port with an HTTP/1.1 server that answers `one` and an HTTP/2 server that answers `two`. */
async function open(context: TestContext, firstBytesMs = 60_000): Promise<Door> {
  const two = createHttp2Server((_, response) => response.end("two"));
  const server = createServer((request, response) => {
    request.resume();
    response.end("one");
  });
  const connections = watchConnections({ maxConnections: 100, replyTimeoutMs: 60_000, speakTls: false });
  routeHttp2(server, {
    onHttp2: (socket) => two.emit("connection", socket),
    firstBytesMs,
    connections,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    connections.close();
    server.close();
    server.closeAllConnections();
  });
  return {
    port: (server.address() as AddressInfo).port,
    server,
    closeSilent: () => connections.closeSilent(),
  };
}

async function client(context: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  context.after(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Writes a text one byte a turn of the event loop, so that it arrives in many pieces. */
async function dribble(socket: Socket, text: string): Promise<void> {
  socket.setNoDelay(true);
  for (const byte of text) {
    socket.write(byte);
    await turn();
  }
}

suite("the first bytes decide", () => {
  test("HTTP/1.1 in one piece and in many, and again on the same connection", async (context) => {
    const { port } = await open(context);
    const socket = await client(context, port);
    await dribble(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    assert.match(String((await once(socket, "data"))[0]), /^HTTP\/1\.1 200 OK[\s\S]*one/);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.match(String((await once(socket, "data"))[0]), /^HTTP\/1\.1 200 OK[\s\S]*one/);
  });

  test("HTTP/2", async (context) => {
    const { port } = await open(context);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    context.after(() => session.destroy());
    const stream = session.request({ ":path": "/" }).setEncoding("utf8");
    assert.equal((await once(stream, "data"))[0], "two");
  });

  test("HTTP/2 whose preface comes in many pieces", async (context) => {
    const { port } = await open(context);
    const socket = await client(context, port);
    await dribble(socket, PREFACE);
    // An empty SETTINGS frame, the first one a client has to send; the server answers with its own.
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    const [settings] = (await once(socket, "data")) as [Buffer];
    assert.equal(settings[3], 4);
  });

  test("what begins like the preface and goes on otherwise is HTTP/1.1", async (context) => {
    const { port } = await open(context);
    const socket = await client(context, port);
    await dribble(socket, "PRI * HTTP/");
    // In one piece: the server refuses it and closes, and bytes that come later would cost us its answer.
    socket.write("1.1\r\nHost: x\r\n\r\n");
    assert.match(String((await once(socket, "data"))[0]), /^HTTP\/1\.1 400 /);
  });
});

test("a connection that says nothing is closed after its time", async (context) => {
  const { port } = await open(context, 50);
  const socket = await client(context, port);
  socket.resume();
  await once(socket, "close");
});

test("closing the silent connections leaves the others alone", async (context) => {
  const { port, closeSilent } = await open(context);
  const silent = await client(context, port);
  const half = await client(context, port);
  half.write("PRI * HTTP/2.0");
  const speaking = await client(context, port);
  speaking.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(speaking, "data");
  const closed = [silent, half].map((socket) => once(socket.resume(), "close"));
  closeSilent();
  await Promise.all(closed);
  speaking.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.match(String((await once(speaking, "data"))[0]), /200 OK/);
});

test("a connection that is reset while it is still silent harms nobody", async (context) => {
  const { port } = await open(context);
  const socket = await client(context, port);
  socket.write("P");
  socket.resetAndDestroy();
  const other = await client(context, port);
  other.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.match(String((await once(other, "data"))[0]), /200 OK/);
});
