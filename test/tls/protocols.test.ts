/** Both protocols over TLS, on one port and on two, however their callers say which one they speak. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import { decide, serveTls, statusLine } from "./tls-harness.js";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** An empty SETTINGS frame: the first one that a client has to send. */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

for (const http2 of ["own", "node"]) {
  test(`SOAP and gRPC on one port, HTTP/2 by ${http2} code`, async (context) => {
    const served = await serveTls(context, { http2 });
    assert.equal(await served.soap(), 200);
    const client = served.grpc();
    const first = await decide(client);
    assert.deepEqual(await decide(client), first);
    assert.deepEqual(
      served.calls.map(({ protocol, code }) => [protocol, code]),
      [
        ["soap", "ok"],
        ["grpc", "ok"],
        ["grpc", "ok"],
      ],
    );
  });
}

suite("what the caller offers by ALPN", () => {
  test("h2, http/1.1, both and nothing", async (context) => {
    const { dial } = await serveTls(context);
    const h2 = await dial({ ALPNProtocols: ["h2"] });
    assert.equal(h2.alpnProtocol, "h2");
    h2.write(Buffer.concat([Buffer.from(PREFACE), SETTINGS]));
    const [settings] = (await once(h2, "data")) as [Buffer];
    assert.equal(settings[3], 4);
    const http1 = await dial({ ALPNProtocols: ["http/1.1"] });
    assert.match(await statusLine(http1), /^HTTP\/1\.1 200/);
    assert.equal((await dial({ ALPNProtocols: ["http/1.1", "h2"] })).alpnProtocol, "h2");
    const silent = await dial();
    assert.equal(silent.alpnProtocol, false);
    assert.match(await statusLine(silent), /^HTTP\/1\.1 200/);
  });

  for (const http2 of ["own", "node"]) {
    test(`nothing, and HTTP/2 in many pieces all the same, by ${http2} code`, async (context) => {
      const { dial } = await serveTls(context, { http2 });
      const socket = await dial();
      socket.setNoDelay(true);
      for (const byte of PREFACE) socket.write(byte);
      socket.write(SETTINGS);
      const [settings] = (await once(socket, "data")) as [Buffer];
      assert.equal(settings[3], 4);
    });
  }

  test("only what nobody speaks: the handshake fails, and the log says so", async (context) => {
    const { dial, tlsEvents } = await serveTls(context);
    await assert.rejects(dial({ ALPNProtocols: ["spdy/3"] }), /no application protocol/);
    assert.deepEqual(tlsEvents.slice(1), [
      {
        kind: "refused",
        failure: "handshake",
        code: "ERR_SSL_NO_APPLICATION_PROTOCOL",
        address: "127.0.0.1",
        unreported: 0,
      },
    ]);
  });
});

test("a port of its own for gRPC: each offers what it speaks", async (context) => {
  const served = await serveTls(context, { grpcPort: "0" });
  assert.equal(await served.soap(), 200);
  await decide(served.grpc());
  const grpcPort = Number(served.gateway.addresses.grpc.split(":").at(-1));
  assert.equal((await served.dial({ ALPNProtocols: ["h2", "http/1.1"] })).alpnProtocol, "http/1.1");
  const both = { ALPNProtocols: ["http/1.1", "h2"] };
  assert.equal((await served.dial({ port: grpcPort, ...both })).alpnProtocol, "h2");
  await assert.rejects(served.dial({ port: grpcPort, ALPNProtocols: ["http/1.1"] }));
});

suite("which TLS is spoken", () => {
  test("1.2 and 1.3, with forward secrecy alone", async (context) => {
    const { dial } = await serveTls(context);
    assert.equal((await dial()).getProtocol(), "TLSv1.3");
    const old = await dial({ maxVersion: "TLSv1.2" });
    assert.equal(old.getProtocol(), "TLSv1.2");
    assert.match(old.getCipher().name, /^ECDHE-.*(?:GCM|POLY1305)/);
    for (const ciphers of ["AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"]) {
      await assert.rejects(dial({ maxVersion: "TLSv1.2", ciphers }), ciphers);
    }
    await assert.rejects(
      dial({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
      /protocol version/,
    );
  });

  test("1.3 alone where that is set", async (context) => {
    const { dial } = await serveTls(context, { tlsMinVersion: "1.3" });
    assert.equal((await dial()).getProtocol(), "TLSv1.3");
    await assert.rejects(dial({ maxVersion: "TLSv1.2" }), /protocol version/);
  });

  test("no new handshake within a connection", async (context) => {
    const { dial } = await serveTls(context);
    const socket = await dial({ maxVersion: "TLSv1.2" });
    assert.match(await statusLine(socket), /200/);
    const refused = await new Promise<Error | null>((resolve) => {
      socket.once("error", resolve);
      if (socket.renegotiate({}, resolve) !== true) resolve(new Error("not begun"));
    });
    assert.match(String(refused), /no.renegotiation/i);
  });
});

test("the addresses in the WSDL are https", async (context) => {
  const { gateway, port } = await serveTls(context);
  assert.equal(gateway.publicUrl, `https://localhost:${port}`);
});
