import assert from "node:assert/strict";
import { test } from "node:test";
import { newStruct, type Struct } from "../../src/values.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope, NAMESPACE, payload, startHarness, type SendOptions } from "./soap-harness.js";

interface Attack extends SendOptions {
  readonly code?: string;
  readonly status?: number;
}

function decision(): Struct {
  const result = newStruct();
  result["decision"] = "approve";
  return result;
}

function codeOf(body: string): string | undefined {
  return /<code>(.*?)<\/code>/.exec(body)?.[1];
}

test("no hostile request does more than get a fault, and the next caller is served", async () => {
  await using server = await startHarness({
    evaluate: () => decision(),
    limits: { maxMessageBytes: 100_000, maxXmlDepth: 50, maxXmlElements: 2000 },
  });
  const nested = `${"<a>".repeat(60)}${"</a>".repeat(60)}`;
  const manyAttributes = Array.from({ length: 5000 }, (_, at) => `a${at}="1"`).join(" ");
  const manyPrefixes = Array.from({ length: 1000 }, (_, at) => `xmlns:p${at}="urn:${at}"`).join(" ");
  const dtd = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>';
  const attacks: Record<string, Attack> = {
    "document type": { body: dtd + envelope(payload("<isEmployed>&b;</isEmployed>")) },
    "external entity": {
      body: `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${envelope(payload("&f;"))}`,
    },
    "processing instruction": { body: envelope(`<?php x?>${payload()}`) },
    "deep nesting": { body: envelope(payload(nested)), code: "too_large", status: 413 },
    "many attributes": { body: envelope(payload(`<x ${manyAttributes}/>`)), code: "too_large", status: 413 },
    "many namespaces": { body: envelope(payload(`<x ${manyPrefixes}/>`)), code: "too_large", status: 413 },
    "many elements": { body: envelope(payload("<x/>".repeat(3000))), code: "too_large", status: 413 },
    "too many rows": { body: envelope(payload().replace("<row>", `${"<row/>".repeat(200)}<row>`)) },
    "too large": { body: envelope(payload("x".repeat(150_000))), code: "too_large", status: 413 },
    "declared too large": {
      headers: { "Content-Length": "999999999" },
      body: "x",
      code: "too_large",
      status: 413,
    },
    "prototype as element": { body: envelope(payload("<__proto__>1</__proto__>")) },
    "prototype as attribute": { body: envelope(payload().replace("<row>", '<row __proto__="1">')) },
    "prototype as id": { body: envelope(payload().replace("<row>", '<row id="__proto__">')) },
    "prototype as operation": { body: envelope(`<__proto__ xmlns="${NAMESPACE}"/>`), code: "not_found" },
    "multiple references": { body: envelope(payload("", '<annualIncome href="#a"/>')) },
    "CDATA with XML": {
      body: envelope(payload("", '<annualIncome><![CDATA[<?xml version="1.0"?><b/>]]></annualIncome>')),
    },
    "false gzip": { body: "not gzip", headers: { "Content-Encoding": "gzip" } },
    "unknown coding": {
      body: envelope(payload()),
      headers: { "Content-Encoding": "br" },
      code: "unsupported",
      status: 415,
    },
    "spoofed action": { body: envelope(payload()), headers: { SOAPAction: `"${NAMESPACE}:Purge"` } },
    "second body element": { body: envelope(payload() + payload()) },
    "header after body": { body: envelope(payload()).replace("</s:Body>", "</s:Body><s:Header/>") },
    "no envelope": { body: payload() },
    "wrong namespace": { body: envelope(payload().replace(":v1", ":v2")), code: "not_found" },
    "undeclared prefix": { body: envelope("<t:Evaluate/>") },
    "trailing bytes": { body: `${envelope(payload())}x` },
    "two roots": { body: envelope(payload()) + envelope(payload()) },
    truncated: { body: envelope(payload()).slice(0, -20) },
    empty: { body: "" },
    "illegal character": { body: envelope(payload("<isEmployed>&#0;</isEmployed>")) },
    "latin-1": {
      body: envelope(payload()),
      headers: { "Content-Type": "text/xml; charset=iso-8859-1" },
      code: "unsupported",
    },
    "invalid UTF-8": { body: Buffer.from([0x3c, 0xff, 0xfe]) },
    "SOAP 1.2 media type": {
      body: envelope(payload()),
      headers: { "Content-Type": "application/soap+xml" },
      code: "unsupported",
      status: 415,
    },
    multipart: {
      body: envelope(payload()),
      headers: { "Content-Type": 'multipart/related; type="text/xml"' },
      code: "unsupported",
      status: 415,
    },
    JSON: { body: "{}", headers: { "Content-Type": "application/json" }, code: "unsupported", status: 415 },
    "log injection": { body: envelope("<x/>"), headers: { "X-Request-Id": "a<b>" }, code: "not_found" },
  };
  const oracle = createSchemaOracle(server.wsdl);
  for (const [name, { code = "invalid_input", status = 500, ...message }] of Object.entries(attacks)) {
    const reply = await server.send(message);
    assert.deepEqual([reply.status, codeOf(reply.body)], [status, code], `${name}: ${reply.body}`);
    assert.ok(oracle.isValid(reply.body), name);
    assert.equal(server.outcomes.at(-1), code, `${name} was not reported`);
    assert.equal((await server.send({ body: envelope(payload()) })).status, 200, `after ${name}`);
  }
  assert.deepEqual(Object.keys(Object.prototype), []);
});
