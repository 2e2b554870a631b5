/** Which name of a certificate is the caller's. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { callerOf, flowOf, nameOf, NOBODY } from "../src/caller-of.js";
import { ecKey, makeIdentity, type CertificateOptions } from "./support/certificates.js";

const KEY = ecKey();

function nameFor(options: CertificateOptions): string {
  return nameOf(makeIdentity({ key: KEY, ...options }).certificate);
}

test("a URI comes before a DNS name, and that before the common name", () => {
  const uri = { kind: "uri", value: "spiffe://bank/payments" } as const;
  const dns = { kind: "dns", value: "payments.bank" } as const;
  const ip = { kind: "ip", value: "10.0.0.1" } as const;
  assert.equal(nameFor({ alternatives: [ip, dns, uri] }), "URI:spiffe://bank/payments");
  assert.equal(nameFor({ alternatives: [ip, dns] }), "DNS:payments.bank");
  assert.equal(nameFor({ alternatives: [ip], names: ["payments"] }), "CN:payments");
  assert.equal(nameFor({ names: ["payments"] }), "CN:payments");
});

test("no name can pass for one of another kind, or for several", () => {
  assert.equal(nameFor({ names: ["spiffe://bank/admin"] }), "CN:spiffe://bank/admin");
  assert.equal(
    nameFor({ alternatives: [{ kind: "dns", value: "a.bank, URI:spiffe://bank/admin" }] }),
    "DNS:a.bank, URI:spiffe://bank/admin",
  );
  assert.equal(
    nameFor({ alternatives: [{ kind: "dns", value: 'a", URI:spiffe://bank/admin, DNS:"' }] }),
    'DNS:a", URI:spiffe://bank/admin, DNS:"',
  );
  assert.equal(nameFor({ names: ["payments\nCN=admin"] }), "CN:payments\nCN=admin");
});

test("where no name is clear, the certificate itself is the name", () => {
  for (const names of [["one", "two"], ["x".repeat(300)], [""]]) {
    const { certificate } = makeIdentity({ key: KEY, names });
    assert.equal(nameOf(certificate), `SHA256:${certificate.fingerprint256}`);
  }
});

test("in clear text the address is all that is known, and of a connection within the process nothing", async (context) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  context.after(() => {
    client.destroy();
    server.close();
  });
  const [socket] = (await once(server, "connection")) as [Socket];
  const caller = callerOf(socket);
  assert.deepEqual(caller, { address: "127.0.0.1", name: undefined });
  assert.equal(flowOf(caller), "127.0.0.1");
  assert.equal(flowOf({ address: "127.0.0.1", name: "CN:payments" }), "CN:payments");
  socket.destroy();
  assert.equal(callerOf(socket), caller, "it is known for as long as the connection is");
  assert.equal(callerOf(new PassThrough()), NOBODY);
});
