/** h2spec, the conformance suite for HTTP/2 and HPACK, in Go, against a small server on `src/http2`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeHead } from "../../src/http2/header-block.js";
import { serveHttp2, whole, type OnStream } from "../http2/http2-harness.js";
import { runCommand } from "../support/run-command.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { h2spec } = readTools();

const HEAD = encodeHead(200, [["content-type", "text/plain"]]);

/** Several tests change windows before they look at the body, which therefore has to be DATA of its own. */
const hello: OnStream = (stream) =>
  whole(stream, () => {
    stream.respond(HEAD);
    stream.write(Buffer.from("hello, world"));
    stream.end();
  });

test("h2spec: every test, the strict ones too", { skip: skipWithout(h2spec) }, async (t) => {
  const { port, defects } = await serveHttp2(t, hello);
  const report = await runCommand(commandOf(h2spec), [
    "--strict",
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
  ]);
  const [, tests = "", passed = "", skipped = "", failed = ""] =
    /(\d+) tests, (\d+) passed, (\d+) skipped, (\d+) failed/.exec(report) ?? [];
  assert.equal(tests, "146", report);
  assert.equal(passed, tests, report);
  assert.equal(skipped, "0", report);
  assert.equal(failed, "0", report);
  assert.deepEqual(defects, []);
});
