/** The policy over real sockets: what a caller gets, what is remembered, and what the log is told. */
import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { test } from "node:test";
import type { SoapPolicy } from "../../../src/soap/security/policy.js";
import { createSoapSecurity } from "../../../src/soap/security/soap-security.js";
import { SOAP_RULES } from "../../../src/soap/rules.js";
import { newStruct, type Struct } from "../../../src/values.js";
import { makeIdentity } from "../../support/certificates.js";
import { payload, startHarness, type Harness, type HttpReply } from "../soap-harness.js";
import {
  binaryToken,
  digestToken,
  policyOf,
  signed,
  SIGNATURE_HERE,
  SOAP,
  textToken,
  timestamp,
  WSSE,
  WSU,
} from "./secured.js";

const SALT = Buffer.alloc(16, 9);
const RESULT: Struct = Object.assign(newStruct(), { decision: "APPROVE" });
const TOKENS = policyOf({
  transportProtected: true,
  usernameToken: {
    use: "required",
    passwordTypes: ["digest", "text"],
    users: new Map([
      ["cics", { kind: "plain", password: "s3cret" }],
      [
        "sap",
        { kind: "hash", hash: { logN: 14, r: 8, p: 1, salt: SALT, key: scryptSync("hashed", SALT, 32) } },
      ],
    ]),
  },
});

function now(): string {
  return new Date().toISOString();
}

function soon(): string {
  return new Date(Date.now() + 60_000).toISOString();
}

function message(security: string, body = payload(), namespace: string = SOAP): string {
  return (
    `<s:Envelope xmlns:s="${namespace}" xmlns:wsu="${WSU}"><s:Header>` +
    `<wsse:Security xmlns:wsse="${WSSE}" s:mustUnderstand="1">${security}</wsse:Security></s:Header>` +
    `<s:Body wsu:Id="body">${body}</s:Body></s:Envelope>`
  );
}

async function harnessOf(policy: SoapPolicy, evaluated: { count: number } = { count: 0 }): Promise<Harness> {
  return startHarness({
    security: createSoapSecurity(policy),
    evaluate: () => {
      evaluated.count += 1;
      return RESULT;
    },
  });
}

function faultcode({ body }: HttpReply): string | undefined {
  return /<faultcode[^>]*>([^<]*)</.exec(body)?.[1];
}

test("a message passes once, and its copy does not reach the artifact", async () => {
  const evaluated = { count: 0 };
  await using harness = await harnessOf(TOKENS, evaluated);
  const body = message(digestToken({ created: now() }));
  assert.equal((await harness.send({ body })).status, 200);
  const again = await harness.send({ body });
  assert.equal(again.status, 500);
  assert.equal(faultcode(again), "wsse:InvalidSecurity");
  assert.equal(evaluated.count, 1);
  assert.deepEqual(harness.outcomes, ["ok", "unauthenticated"]);
});

test("of many copies at the same time one passes", async () => {
  const evaluated = { count: 0 };
  await using harness = await harnessOf(TOKENS, evaluated);
  const body = message(digestToken({ created: now() }));
  const replies = await Promise.all(Array.from({ length: 20 }, () => harness.send({ body })));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(evaluated.count, 1);
});

test("a message without a header is refused, in each version with the word in its place", async () => {
  await using harness = await harnessOf(TOKENS);
  const body = `<s:Envelope xmlns:s="${SOAP}"><s:Body>${payload()}</s:Body></s:Envelope>`;
  const reply = await harness.send({ body });
  assert.equal(reply.status, 500);
  assert.equal(faultcode(reply), "wsse:InvalidSecurity");
  assert.ok(reply.body.includes(`xmlns:wsse="${WSSE}"`));
  assert.ok(!reply.body.includes("<detail>"), "a fault about a header has no detail");
  const security = createSoapSecurity(TOKENS);
  await using soap12 = await startHarness({ version: "1.2", security, evaluate: () => RESULT });
  const { namespace } = SOAP_RULES["1.2"];
  const headers = { "Content-Type": "application/soap+xml; charset=utf-8" };
  const refused = await soap12.send({ headers, body: body.replace(SOAP, namespace) });
  assert.equal(refused.status, 400);
  assert.match(
    refused.body,
    /<soapenv:Value>soapenv:Sender<\/soapenv:Value><soapenv:Subcode><soapenv:Value [^>]*>wsse:InvalidSecurity</,
  );
  const taken = message(digestToken({ created: now() }), payload(), namespace);
  assert.equal((await soap12.send({ headers, body: taken })).status, 200);
});

test("GET is no way around the policy", async () => {
  await using harness = await harnessOf(TOKENS);
  assert.equal((await harness.send({ method: "GET", path: `${harness.path}?wsdl` })).status, 200);
  for (const query of ["", "?Evaluate", "?applicationId=A1", "?wsdl&Evaluate"]) {
    const reply = await harness.send({ method: "GET", path: `${harness.path}${query}` });
    assert.equal(reply.status, 405, query);
  }
  assert.deepEqual(harness.outcomes, []);
});

test("who is not known is told nothing of the body", async () => {
  await using harness = await harnessOf(TOKENS);
  const wrong = "<Evaluate xmlns='urn:wrong'/>";
  for (const security of [
    digestToken({ created: now(), password: "guess" }),
    textToken("sap", "guess"),
    textToken("nobody", "guess"),
    "",
  ]) {
    const reply = await harness.send({ body: message(security, wrong) });
    assert.match(faultcode(reply) ?? "", /^wsse:/, reply.body);
  }
  const known = await harness.send({ body: message(textToken("sap", "hashed"), wrong) });
  assert.match(known.body, /<code>not_found<\/code>/);
});

test("a password that is stored as a hash is checked, and proved callers are told apart from strangers", async () => {
  await using harness = await harnessOf(TOKENS);
  assert.equal((await harness.send({ body: message(textToken("sap", "hashed")) })).status, 200);
  assert.equal((await harness.send({ body: message(textToken("cics", "s3cret")) })).status, 200);
  const refused = [textToken("sap", "guess"), textToken("cics", "guess"), textToken("nobody", "hashed")];
  for (const token of refused) {
    const reply = await harness.send({ body: message(token) });
    assert.equal(faultcode(reply), "wsse:FailedAuthentication");
    assert.match(reply.body, /The caller could not be authenticated\./);
  }
});

test("neither the reply nor the log has a secret or an input", async () => {
  await using harness = await harnessOf(TOKENS);
  const secret = "p4ssw0rd-of-the-caller";
  for (const security of [
    textToken("user-of-the-caller", secret),
    textToken("cics", secret, `<wsu:Created>${secret}</wsu:Created>`),
    digestToken({ name: "user-of-the-caller", password: secret, created: now() }),
    `<${secret} xmlns="urn:${secret}"/>`,
  ]) {
    const { body, status } = await harness.send({ body: message(security) });
    assert.equal(status, 500);
    assert.ok(!body.includes("of-the-caller"), body);
  }
  for (const { message: text, cause, stack } of harness.failures) {
    assert.ok(!`${text}${String(cause)}${stack ?? ""}`.includes("of-the-caller"), text);
  }
  assert.equal(harness.failures.length, 4);
});

test("without a policy a Security header that must be understood is not", async () => {
  await using harness = await startHarness({ evaluate: () => RESULT });
  const body = message(digestToken({ created: now() }));
  assert.equal(faultcode(await harness.send({ body })), "soapenv:MustUnderstand");
  const optional = body.replace('s:mustUnderstand="1"', 's:mustUnderstand="0"');
  assert.equal((await harness.send({ body: optional })).status, 200);
});

test("a signed message is answered with a Timestamp, its changed copy with a fault that has one too", async () => {
  const client = makeIdentity();
  const policy = policyOf({
    timestamp: "required",
    signature: {
      use: "required",
      certificates: [client.certificate.raw],
      authorities: [],
      subjects: new Set(),
      thumbprints: new Set(),
      signedParts: new Set(["body", "timestamp"]),
    },
  });
  await using harness = await harnessOf(policy);
  const text = message(timestamp(now(), soon()) + binaryToken(client) + SIGNATURE_HERE);
  const body = signed(text, { key: client.privateKey });
  const changed = await harness.send({ body: body.replace("10.00", "99.00") });
  assert.equal(faultcode(changed), "wsse:FailedCheck");
  const reply = await harness.send({ body });
  assert.equal(reply.status, 200, reply.body);
  for (const { body: answer } of [changed, reply]) {
    assert.match(
      answer,
      /<wsse:Security [^>]*><wsu:Timestamp><wsu:Created>[^<]*Z<\/wsu:Created><wsu:Expires>/,
    );
  }
  assert.equal(faultcode(await harness.send({ body })), "wsse:InvalidSecurity");
});

test("the WSDL that states the policy names neither users nor certificates", async () => {
  await using harness = await harnessOf(TOKENS);
  const { body } = await harness.send({ method: "GET", path: `${harness.path}?wsdl&policy` });
  assert.ok(!/cics|s3cret|sap/.test(body));
});
