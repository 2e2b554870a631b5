/** The application on a Unix socket: both protocols, its file, and whose it is. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import type { Flags } from "../../src/config.js";
import { soapVersionPath } from "../../src/contract/soap-names.js";
import { Refusal } from "../../src/errors.js";
import { connectGrpc } from "../support/grpc-client.js";
import { serveExample, type ServedExample } from "../support/served-example.js";
import { soapRequest } from "../support/soap-client.js";
import { ARTIFACT, SAMPLE } from "../tls/tls-harness.js";

function makeFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "socket-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function serve(context: TestContext, flags: Flags): Promise<ServedExample> {
  const served = await serveExample(ARTIFACT, { processes: "1", ...flags });
  context.after(() => served.gateway.stop());
  return served;
}

function soap({ service }: ServedExample, socketPath: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const body = soapRequest(service, SAMPLE);
    const headers = { "Content-Type": "text/xml", "Content-Length": Buffer.byteLength(body) };
    const options = {
      socketPath,
      method: "POST",
      path: soapVersionPath(service, "1.1"),
      headers,
      agent: false,
    };
    request(options, (reply) => {
      reply.resume().on("end", () => resolve(reply.statusCode));
    })
      .on("error", reject)
      .end(body);
  });
}

async function whyRefused(flags: Flags): Promise<string> {
  try {
    const { gateway } = await serveExample(ARTIFACT, { processes: "1", ...flags });
    await gateway.stop();
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.kind, "usage");
    return error.message;
  }
  return assert.fail("it should have been refused");
}

suite("served", () => {
  test("SOAP and gRPC, by nobody but those whom its file lets in, until it stops", async (context) => {
    const socket = join(makeFolder(context), "gateway.sock");
    const served = await serve(context, { socket });
    const { addresses, publicUrl } = served.gateway;
    assert.deepEqual([addresses.application, addresses.grpc], [`unix:${socket}`, `unix:${socket}`]);
    assert.equal(publicUrl, "http://localhost");
    assert.equal(statSync(socket).mode & 0o777, 0o660);
    assert.equal(await soap(served, socket), 200);
    const client = connectGrpc(addresses.grpc, served.service);
    context.after(() => client.close());
    await client.evaluate(SAMPLE);
    assert.deepEqual(
      served.calls.map(({ protocol, code }) => [protocol, code]),
      [
        ["soap", "ok"],
        ["grpc", "ok"],
      ],
    );
    client.close();
    await served.gateway.stop();
    assert.equal(existsSync(socket), false);
  });

  test("with the mode that is set, whatever the umask", async (context) => {
    const socket = join(makeFolder(context), "gateway.sock");
    const before = process.umask(0o077);
    context.after(() => process.umask(before));
    await serve(context, { socket, socketMode: "0666" });
    assert.equal(statSync(socket).mode & 0o777, 0o666);
    const file = join(makeFolder(context), "file");
    writeFileSync(file, "");
    assert.equal(statSync(file).mode & 0o777, 0o600, "the umask is what it was");
  });
});

suite("what is there already", () => {
  test("the file of a process that has ended is replaced", async (context) => {
    const socket = join(makeFolder(context), "gateway.sock");
    const script = `require("net").createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, "SIGKILL"))`;
    spawnSync(process.execPath, ["-e", script]);
    assert.ok(statSync(socket).isSocket());
    const served = await serve(context, { socket });
    assert.equal(await soap(served, socket), 200);
  });

  test("the socket of a living process, and a file that is none, are left alone", async (context) => {
    const folder = makeFolder(context);
    const socket = join(folder, "gateway.sock");
    const living = await serve(context, { socket });
    assert.match(await whyRefused({ socket }), /--socket: Another process answers there/);
    assert.equal(await soap(living, socket), 200);
    const file = join(folder, "notes");
    writeFileSync(file, "not yours");
    assert.match(await whyRefused({ socket: file }), /the file is no socket/);
    assert.ok(statSync(file).isFile());
  });
});

test("what cannot be a socket is refused with the reason", async (context) => {
  const folder = makeFolder(context);
  assert.match(
    await whyRefused({ socket: join(folder, "x".repeat(120)) }),
    /Its path has \d+ bytes, and the system takes \d+\. Name a shorter one/,
  );
  assert.match(await whyRefused({ socket: join(folder, "no", "such", "folder") }), /It cannot be used \(E/);
  const socket = join(folder, "gateway.sock");
  assert.match(await whyRefused({ socket, grpcPort: "0" }), /grpcPort is set beside it/);
  assert.match(
    await whyRefused({ socket, tlsCert: "a", tlsKey: "b" }),
    /socket: TLS is not spoken over a Unix socket/,
  );
  assert.equal(existsSync(socket), false);
});
