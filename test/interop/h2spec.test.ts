/** h2spec, the conformance suite for HTTP/2 and HPACK, in Go: a small server on `src/http2`, and a gateway over TLS. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodeHead } from "../../src/http2/header-block.js";
import { serveHttp2, whole, type OnStream } from "../http2/http2-harness.js";
import { runCommand } from "../support/run-command.js";
import { repository } from "../support/served-example.js";
import { makePki } from "./grpc/pki.js";
import { serveCommand } from "./serve-command.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { h2spec } = readTools();
const skip = skipWithout(h2spec);

const HEAD = encodeHead(200, [["content-type", "text/plain"]]);

/** Several tests change windows before they look at the body, which therefore has to be DATA of its own. */
const hello: OnStream = (stream) =>
  whole(stream, () => {
    stream.respond(HEAD);
    stream.write(Buffer.from("hello, world"));
    stream.end();
  });

/** Every test, the strict ones too. */
async function assertConforms(port: number, ...flags: string[]): Promise<void> {
  const args = ["--strict", "--host", "127.0.0.1", "--port", String(port), ...flags];
  const report = await runCommand(commandOf(h2spec), args);
  const [, tests = "", passed = "", skipped = "", failed = ""] =
    /(\d+) tests, (\d+) passed, (\d+) skipped, (\d+) failed/.exec(report) ?? [];
  assert.equal(tests, "146", report);
  assert.equal(passed, tests, report);
  assert.equal(skipped, "0", report);
  assert.equal(failed, "0", report);
}

test("h2spec: every test, the strict ones too", { skip }, async (t) => {
  const { port, defects } = await serveHttp2(t, hello);
  await assertConforms(port);
  assert.deepEqual(defects, []);
});

test("h2spec: every test of a gateway over TLS", { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "h2spec-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { server } = makePki(folder);
  const certificate = ["--tls-cert", server.certificate, "--tls-key", server.key];
  const gateway = await serveCommand([repository("examples/credit_decision/artifact"), ...certificate]);
  try {
    await assertConforms(gateway.port, "--tls", "--insecure");
  } finally {
    await gateway.stop();
  }
  assert.deepEqual(
    gateway.log.filter((line) => line.includes("defect")),
    [],
  );
});
