/** Messages that are read in another thread are held to the same policy, and remembered in the same place. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Json } from "../../support/json-of-type.js";
import { postSoap, soapRequest } from "../../support/soap-client.js";
import { repository, serveExample } from "../../support/served-example.js";
import { digestToken, WSSE, WSU } from "./secured.js";

const POLICY = "usernameToken: { users: [{ name: cics, password: s3cret }] }\n";
const INPUTS = readFileSync(repository("examples/credit_decision/samples/refer.json"), "utf8");
/** Beyond the size from which messages are read elsewhere. */
const PADDING = `<!--${"x".repeat(300_000)}-->`;

test("a large message proves its caller, passes once, and is refused without a token", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "soap-policy-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const soapPolicy = join(folder, "policy.yaml");
  writeFileSync(soapPolicy, POLICY);
  const served = await serveExample(repository("examples/credit_decision/artifact"), { soapPolicy });
  context.after(() => served.gateway.stop());
  const post = (text: string): ReturnType<typeof postSoap> => postSoap(served.base, served.service, text);
  const bare = soapRequest(served.service, JSON.parse(INPUTS) as Json);
  const token = (password: string): string => digestToken({ password, created: new Date().toISOString() });
  const message = (security: string, padding: string): string =>
    bare.replace(
      /(<(\w+):Body>)/,
      `<$2:Header><wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}">${security}</wsse:Security></$2:Header>${padding}$1`,
    );
  const large = message(token("s3cret"), PADDING);
  assert.ok(large.length > bare.length + 300_000);
  const first = await post(large);
  assert.equal(first.status, 200, first.text);
  const copy = await post(large.replace(PADDING, ""));
  assert.match(copy.text, /wsse:InvalidSecurity</, "the same token in a small message");
  for (const [text, word] of [
    [message(token("guess"), PADDING), "FailedAuthentication"],
    [bare.replace("</", `${PADDING}</`), "InvalidSecurity"],
  ] as const) {
    assert.match((await post(text)).text, new RegExp(`wsse:${word}<`));
  }
  assert.deepEqual(
    served.calls.map(({ caller, code }) => [caller, code]),
    [
      ["cics", "ok"],
      [undefined, "unauthenticated"],
      [undefined, "unauthenticated"],
      [undefined, "unauthenticated"],
    ],
  );
  const [, , wrong] = served.calls;
  assert.match(String(wrong?.error?.cause), /names nobody, or its password is wrong/);
});
