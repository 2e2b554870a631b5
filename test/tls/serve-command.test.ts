/** TLS as whoever runs the command sees it: the summary, the log, the signal, and the refusal. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:tls";
import { once } from "node:events";
import { test } from "node:test";
import { startServe } from "../support/serve-process.js";
import { ARTIFACT, keyPem, makePki } from "./tls-harness.js";

test("it says what is served, and SIGHUP renews the certificate without ending anything", async (context) => {
  const pki = makePki(context);
  const { tlsCert, tlsKey } = pki.flags;
  const serve = startServe(context, [ARTIFACT, "--tls-cert", tlsCert, "--tls-key", tlsKey], {
    ARTIFACT_GATEWAY_TLS_CLIENT_CA: pki.clientCa,
    ARTIFACT_GATEWAY_TLS_RELOAD_MS: "86400000",
  });
  const { application } = await serve.ready();
  assert.match(serve.stderr(), /SOAP 1\.1 +https:\/\/localhost:\d+\/soap\//);
  assert.match(serve.stderr(), /gRPC +127\.0\.0\.1:\d+ \(TLS, client certificate required\)/);
  const next = pki.issue({ names: ["next"] });
  writeFileSync(tlsCert, next.pem);
  writeFileSync(tlsKey, keyPem(next));
  serve.child.kill("SIGHUP");
  await serve.said(/CN=next/);
  assert.deepEqual(
    serve.logged("certificate loaded").map(({ level, subject }) => [level, subject]),
    [
      ["info", "C=DE, O=Bank\\, Inc., CN=gateway"],
      ["info", "C=DE, O=Bank\\, Inc., CN=next"],
    ],
  );
  const options = { ca: pki.authority.pem, host: "127.0.0.1", ...pki.client() };
  const socket = connect({ port: Number(application.split(":")[1]), ...options });
  await once(socket, "secureConnect");
  assert.equal(socket.getPeerX509Certificate()?.fingerprint256, next.certificate.fingerprint256);
  socket.destroy();
  writeFileSync(tlsKey, keyPem(pki.issue()));
  serve.child.kill("SIGHUP");
  await serve.said(/certificate not renewed/);
  const [kept] = serve.logged("certificate not renewed: the one before it stays");
  assert.equal(kept?.["level"], "warn");
  for (const line of readFileSync(tlsKey, "utf8").split("\n").slice(1, -2)) {
    assert.ok(!serve.stdout().includes(line), "nothing of the key is logged");
  }
  serve.child.kill("SIGTERM");
  assert.deepEqual(await serve.exited, { code: 0, signal: null });
});

test("what is wrong with TLS ends the command with 2, before it listens", async (context) => {
  const { flags } = makePki(context);
  const serve = startServe(context, [ARTIFACT, "--tls-cert", flags.tlsCert]);
  assert.deepEqual(await serve.exited, { code: 2, signal: null });
  assert.match(serve.stderr(), /artifact-gateway: tlsKey: tlsCert is set, and its private key is not\./);
});

test("without TLS, SIGHUP ends the process as ever", async (context) => {
  const serve = startServe(context, [ARTIFACT]);
  await serve.ready();
  serve.child.kill("SIGHUP");
  assert.equal((await serve.exited).signal, "SIGHUP");
});
