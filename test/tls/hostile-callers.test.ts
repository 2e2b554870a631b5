/** Callers who do not speak TLS, speak it slowly, or come in numbers: they cost themselves. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { suite, test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { duplexPair } from "../../src/grpc/duplex-pair.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { ARTIFACT, callOver, decide, serveTls, statusLine, type ServedTls } from "./tls-harness.js";
import { connectGrpc } from "../support/grpc-client.js";
import { serveExample } from "../support/served-example.js";

async function dialPlain(context: TestContext, { port }: { readonly port: number }): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  context.after(() => socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Everything that comes until the connection is closed by the other side. */
async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  await once(socket, "end");
  socket.end();
  return text;
}

function failures({ tlsEvents }: ServedTls): string[] {
  return tlsEvents.flatMap((event) => (event.kind === "refused" ? [event.failure] : []));
}

/** The first message of a client, as another server sees it. */
async function clientHello(context: TestContext): Promise<Buffer> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = connectTls({ port, host: "127.0.0.1" }).on("error", () => undefined);
  const [accepted] = (await once(server, "connection")) as [Socket];
  const [hello] = (await once(accepted, "data")) as [Buffer];
  client.destroy();
  accepted.destroy();
  return hello;
}

suite("clear text on a port that speaks TLS", () => {
  test("HTTP/1.1 is told so, in words it can read", async (context) => {
    const served = await serveTls(context);
    const socket = await dialPlain(context, served);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const reply = await readAll(socket);
    assert.match(reply, /^HTTP\/1\.1 400 [\s\S]*Connection: close\r\n\r\nTLS is spoken here: use https/);
    assert.deepEqual(failures(served), ["clear_text"]);
  });

  test("a gRPC caller without TLS fails at once, and not by its deadline", async (context) => {
    const served = await serveTls(context);
    const client = connectGrpc(served.address, served.service);
    context.after(() => client.close());
    await assert.rejects(decide(client), { code: 14 });
    assert.equal(served.calls.length, 0);
  });

  test("rubbish is closed, whatever its first byte", async (context) => {
    const served = await serveTls(context);
    for (const first of [0, 21, 22, 23, 128, 255]) {
      const socket = await dialPlain(context, served);
      socket.write(Buffer.alloc(600, first));
      socket.resume();
      await once(socket, "end");
      socket.end();
      await once(socket, "close");
    }
    while (served.gateway.load().connections > 0) await turn();
  });
});

test("TLS on a port that speaks clear text is refused at once", async (context) => {
  const served = await serveExample(ARTIFACT, { processes: "1" });
  context.after(() => served.gateway.stop());
  const socket = connectTls({ port: Number(served.address.split(":")[1]), host: "127.0.0.1" });
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ERR_SSL_WRONG_VERSION_NUMBER");
});

/** Until a connection is closed. Who goes on writing may hear of it by a reset. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.once("close", () => resolve());
    socket.resume();
  });
}

suite("slow handshakes", () => {
  test("nothing, half a hello, and a hello without what follows: all end in time", async (context) => {
    const served = await serveTls(context, { tlsHandshakeTimeoutMs: "200" });
    const hello = await clientHello(context);
    const begun = [Buffer.alloc(0), hello.subarray(0, 1), hello.subarray(0, 50), hello];
    const closed = begun.map(async (bytes) => {
      const socket = await dialPlain(context, served);
      socket.write(bytes);
      await closing(socket);
    });
    const dribbling = await dialPlain(context, served);
    const dribble = setInterval(() => dribbling.write(hello.subarray(0, 1)), 20);
    context.after(() => clearInterval(dribble));
    dribbling.write(hello.subarray(0, 5));
    await Promise.all([...closed, closing(dribbling)]);
    clearInterval(dribble);
    while (served.gateway.load().connections > 0) await turn();
    assert.ok(failures(served).includes("too_slow"));
  });

  test("a hello that comes a byte at a time, but in time, is answered", async (context) => {
    const served = await serveTls(context);
    const relay = await dialPlain(context, served);
    relay.setNoDelay(true);
    const [near, far] = duplexPair();
    far.on("data", (chunk: Buffer) => {
      for (const byte of chunk) relay.write(Buffer.from([byte]));
    });
    relay.on("data", (chunk: Buffer) => far.write(chunk));
    const socket = connectTls({ socket: near, ca: served.pki.authority.pem, host: "localhost" });
    await once(socket, "secureConnect");
    assert.match(await statusLine(socket), /200/);
  });

  test("a connection that says nothing after its handshake is closed after its time", async (context) => {
    const served = await serveTls(context, { keepAliveTimeoutMs: "100" });
    for (const ALPNProtocols of [["http/1.1"], []]) {
      const socket = await served.dial({ ALPNProtocols });
      await once(socket.resume(), "close");
    }
  });
});

suite("many", () => {
  test("half-open handshakes beyond the limit do not keep out those who speak", async (context) => {
    const served = await serveTls(context, { maxConnections: "50", tlsHandshakeTimeoutMs: "60000" });
    const hello = await clientHello(context);
    const speaking = await served.dial();
    assert.match(await callOver(speaking, served), /200/);
    for (let index = 0; index < 200; index += 1) {
      const socket = await dialPlain(context, served);
      socket.resume();
      if (index % 2 === 0) socket.write(hello);
    }
    while (served.gateway.load().connections < 50) await turn();
    assert.equal(await served.soap(), 200);
    await decide(served.grpc());
    assert.match(await callOver(speaking, served), /200/);
    assert.ok(served.gateway.load().connections <= 50);
  });

  test("speaking connections beyond the limit are closed without a word", async (context) => {
    const served = await serveTls(context, { maxConnections: "2" });
    const taken = [await served.dial(), await served.dial()];
    for (const socket of taken) assert.match(await statusLine(socket), /200/);
    await assert.rejects(served.dial());
    taken[0]?.destroy();
    while (served.gateway.load().connections > 1) await turn();
    assert.match(await statusLine(await served.dial()), /200/);
  });

  test("a caller that does not take its replies loses its connection", async (context) => {
    const served = await serveTls(context, { replyTimeoutMs: "200" });
    const socket = await served.dial();
    socket.pause();
    socket.write(
      `GET ${soapVersionPath(served.service, "1.1")}?wsdl HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(3000),
    );
    while (served.gateway.load().connections > 0) await turn();
  });
});

test("a caller that is cut off at any moment of its handshake harms nobody", async (context) => {
  const served = await serveTls(context);
  const hello = await clientHello(context);
  for (let length = 0; length <= hello.length; length += 64) {
    const socket = await dialPlain(context, served);
    socket.write(hello.subarray(0, length));
    socket.resetAndDestroy();
  }
  for (let times = 0; times < 10; times += 1) {
    const socket = connectTls({ port: served.port, host: "127.0.0.1", ca: served.pki.authority.pem });
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.destroy();
  }
  assert.equal(await served.soap(), 200);
  while (served.gateway.load().connections > 0) await turn();
});
