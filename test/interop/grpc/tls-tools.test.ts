/** The tools over TLS: who shows a certificate calls, who shows none does not. SOAP over HTTP/2, by ALPN and without TLS. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runCommand } from "../../support/run-command.js";
import { repository } from "../../support/served-example.js";
import { serveCommand, type ServedCommand } from "../serve-command.js";
import { commandOf, readTools, skipWithout } from "../tools.js";
import { makePki } from "./pki.js";

const { curl, grpcurl } = readTools();
const BUF = repository("node_modules/.bin/buf");

const METHOD = "credit_decision.v1.CreditDecisionService/Evaluate";
const sample = (name: string): string => repository(`examples/credit_decision/samples/${name}`);
const REQUEST = readFileSync(sample("approve.grpc.json"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "tls-tools-"));
const pki = makePki(folder);
const artifact = repository("examples/credit_decision/artifact");
let secured: ServedCommand;
let clear: ServedCommand;
before(async () => {
  const certificate = ["--tls-cert", pki.server.certificate, "--tls-key", pki.server.key];
  [secured, clear] = await Promise.all([
    serveCommand([artifact, ...certificate, "--tls-client-ca", pki.ca]),
    serveCommand([artifact]),
  ]);
});
after(async () => {
  await Promise.all([secured.stop(), clear.stop()]);
  rmSync(folder, { recursive: true });
});

const identity = (dashes: string): string[] => [
  `${dashes}cert`,
  pki.client.certificate,
  `${dashes}key`,
  pki.client.key,
];

test("grpcurl: with a certificate, and without", { skip: skipWithout(grpcurl) }, async () => {
  const call = (...who: string[]): Promise<string> =>
    runCommand(
      commandOf(grpcurl),
      ["-cacert", pki.ca, ...who, "-d", "@", `localhost:${secured.port}`, METHOD],
      REQUEST,
    );
  assert.match(await call(...identity("-")), /"decision": "APPROVE"/);
  await assert.rejects(call(), /ended with \d/);
});

test("buf curl: with a certificate, and without", async () => {
  const call = (...who: string[]): Promise<string> => {
    const args = ["curl", "--protocol", "grpc", "--cacert", pki.ca, ...who, "--data", "@-"];
    return runCommand(BUF, [...args, `https://localhost:${secured.port}/${METHOD}`], REQUEST);
  };
  assert.match(await call(...identity("--")), /"decision": *"APPROVE"/);
  await assert.rejects(call(), /ended with \d/);
});

test("curl: SOAP over HTTP/2, by ALPN and by prior knowledge", { skip: skipWithout(curl) }, async () => {
  const post = (url: string, ...more: string[]): Promise<string> =>
    runCommand(commandOf(curl), [
      ...["--silent", "--show-error", "--fail", "--write-out", "HTTP/%{http_version}", ...more],
      ...["--header", "Content-Type: text/xml; charset=utf-8", "--header", 'SOAPAction: ""'],
      ...["--data-binary", `@${sample("approve.soap.xml")}`, `${url}/soap/credit_decision/v1`],
    ]);
  const who = ["--cacert", pki.ca, ...identity("--")];
  for (const reply of [
    await post(`https://localhost:${secured.port}`, ...who),
    await post(`http://localhost:${clear.port}`, "--http2-prior-knowledge"),
  ]) {
    assert.match(reply, /<decision>APPROVE<\/decision>[^]*HTTP\/2$/);
  }
  await assert.rejects(post(`https://localhost:${secured.port}`, "--cacert", pki.ca), /ended with \d/);
});
