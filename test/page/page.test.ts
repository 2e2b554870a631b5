/** What the page answers to whom: its modes, its headers, its assets. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Flags } from "../../src/config.js";
import { repository, serveExample } from "../support/served-example.js";

async function serve(context: TestContext, flags: Flags): Promise<string> {
  const artifact = repository("examples/credit_decision/artifact");
  const { gateway, base } = await serveExample(artifact, { processes: "1", ...flags });
  context.after(() => gateway.stop());
  return base;
}

function assertHeaders({ headers, url }: Response): void {
  const policy = headers.get("content-security-policy") ?? "";
  for (const rule of [
    "default-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "script-src 'self'",
  ]) {
    assert.ok(policy.includes(rule), `${url}: ${rule}`);
  }
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
  assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
}

test("a page that is off is one line for load balancers", async (context) => {
  const base = await serve(context, { page: "off" });
  const reply = await fetch(`${base}/`);
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get("content-type") ?? "", /^text\/plain/);
  assert.equal(await reply.text(), "artifact-gateway\n");
  assertHeaders(reply);
  assert.equal((await fetch(`${base}/services/credit_decision/v1`)).status, 404);
});

test("every asset that the page names is there, may be kept for ever, and comes compressed", async (context) => {
  const base = await serve(context, { compressFromBytes: "1" });
  const page = await (await fetch(`${base}/`)).text();
  const paths = [...page.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].map(([, path = ""]) => path);
  assert.equal(paths.length, 3);
  for (const path of paths) {
    const reply = await fetch(base + path, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(reply.status, 200, path);
    assert.equal(reply.headers.get("content-encoding"), "gzip", path);
    assert.match(reply.headers.get("cache-control") ?? "", /immutable/);
    assertHeaders(reply);
    await reply.body?.cancel();
  }
});
