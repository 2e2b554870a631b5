/**
 * XML signature wrapping: a signed part is moved to where nobody looks, and another is put in its place. The eight
 * shapes of Somorovsky et al. ("On Breaking SAML", XSW 1 to 8) as they apply to a SOAP message, and those of
 * McIntosh and Austel ("XML Signature Element Wrapping Attacks").
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { readEnvelope } from "../../../src/soap/envelope.js";
import { GatewayError } from "../../../src/errors.js";
import { SOAP_RULES } from "../../../src/soap/rules.js";
import type { SoapPolicy } from "../../../src/soap/security/policy.js";
import { SecurityRefusal } from "../../../src/soap/security/refusal.js";
import { securityHeaders } from "../../../src/soap/security/security-headers.js";
import { readXml } from "../../../src/soap/xml/xml-reader.js";
import { makeIdentity } from "../../support/certificates.js";
import { sampleService } from "../../support/sample-service.js";
import { NAMESPACE } from "../soap-harness.js";
import { at, binaryToken, NOW, policyOf, secured, signed, SIGNATURE_HERE, timestamp } from "./secured.js";

const CLIENT = makeIdentity({ validFrom: new Date(NOW - 1000), validTo: new Date(NOW + 1000) });
const POLICY: SoapPolicy = policyOf({
  signature: {
    use: "required",
    certificates: [CLIENT.certificate.raw],
    authorities: [],
    subjects: new Set(),
    thumbprints: new Set(),
    signedParts: new Set(["body", "timestamp", "usernameToken", "addressing"]),
  },
});

const GOOD_PAYLOAD = `<m:Evaluate xmlns:m="${NAMESPACE}"><m:good/></m:Evaluate>`;
const EVIL_PAYLOAD = `<m:Evaluate xmlns:m="${NAMESPACE}"><m:evil/></m:Evaluate>`;
const GOOD = signed(secured(timestamp() + binaryToken(CLIENT) + SIGNATURE_HERE, GOOD_PAYLOAD), {
  key: CLIENT.privateKey,
});

const BODY = cut(/<s:Body.*<\/s:Body>/s);
const SIGNATURE = cut(/<ds:Signature .*<\/ds:Signature>/s);
const TIMESTAMP = cut(/<wsu:Timestamp.*<\/wsu:Timestamp>/s);
const SECURITY = cut(/<wsse:Security .*<\/wsse:Security>/s);
const EVIL_BODY = BODY.replace(GOOD_PAYLOAD, EVIL_PAYLOAD);

function cut(pattern: RegExp): string {
  const found = pattern.exec(GOOD)?.[0];
  assert.ok(found !== undefined);
  return found;
}

/** The first child of the payload that would be decoded, or how the message is refused. */
function outcome(text: string): string {
  const options = {
    service: sampleService(),
    rules: SOAP_RULES["1.1"],
    kinds: [securityHeaders(POLICY, () => NOW)],
  };
  try {
    return readEnvelope(readXml(text, DEFAULT_LIMITS), "", options).payload.children[0]?.local ?? "empty";
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error instanceof SecurityRefusal ? error.fault : error.code;
  }
}

const other = (body: string): string => body.replace('"body"', '"other"');
const withoutId = (body: string): string => body.replace(' wsu:Id="body"', "");
const wrapper = (content: string): string => `<w:Wrapper xmlns:w="urn:w">${content}</w:Wrapper>`;
const inHeader = (text: string, block: string): string => text.replace("</s:Header>", `${block}</s:Header>`);
const inSecurity = (text: string, block: string): string =>
  text.replace("</wsse:Security>", `${block}</wsse:Security>`);
const inObject = (text: string, content: string): string =>
  text.replace("</ds:Signature>", `<ds:Object>${content}</ds:Object></ds:Signature>`);

/** Each moves the signed body away and has another one answered, if it can. */
const BODY_ATTACKS: Readonly<Record<string, string>> = {
  "XSW 1: the evil body around the signature, which holds the signed body": inObject(
    GOOD.replace(BODY, other(EVIL_BODY)),
    BODY,
  ),
  "XSW 2: the signed body beside the signature": inSecurity(GOOD.replace(BODY, other(EVIL_BODY)), BODY),
  "XSW 3: the evil body before the signed one": GOOD.replace(BODY, other(EVIL_BODY) + BODY),
  "XSW 3, the other way round": GOOD.replace(BODY, BODY + other(EVIL_BODY)),
  "XSW 4: the signed body inside of the evil one": GOOD.replace(
    BODY,
    other(EVIL_BODY).replace("<m:evil/>", `<m:evil/>${BODY}`),
  ),
  "XSW 5: the evil body has the id, the signed one lost it": GOOD.replace(
    BODY,
    EVIL_BODY.replace("<m:evil/>", `<m:evil/>${withoutId(BODY)}`),
  ),
  "XSW 6: the evil body has the id, the signed one is in the signature": inObject(
    GOOD.replace(BODY, EVIL_BODY),
    withoutId(BODY),
  ),
  "XSW 7: the signed body in a block that nobody reads": inHeader(
    GOOD.replace(BODY, other(EVIL_BODY)),
    wrapper(BODY),
  ),
  "XSW 8: the signed body in an object of the signature, both with the id": inObject(
    GOOD.replace(BODY, EVIL_BODY),
    wrapper(BODY),
  ),
  "the signed body in a block, and the evil one with the same id": inHeader(
    GOOD.replace(BODY, EVIL_BODY),
    wrapper(BODY),
  ),
  "the same id in another spelling": inHeader(
    GOOD.replace(BODY, EVIL_BODY),
    '<w:a xmlns:w="urn:w" ID="body"/>',
  ),
  "the evil body without an id": inHeader(GOOD.replace(BODY, withoutId(EVIL_BODY)), wrapper(BODY)),
  "the id by another attribute": inHeader(
    GOOD.replace(BODY, EVIL_BODY.replace("wsu:Id", "Id")),
    wrapper(BODY),
  ),
  "the id as xml:id": inHeader(GOOD.replace(BODY, EVIL_BODY.replace("wsu:Id", "xml:id")), wrapper(BODY)),
  "the signed body as a header block of its own": inHeader(GOOD.replace(BODY, other(EVIL_BODY)), BODY),
  "a whole signed message in a header block": GOOD.replace(
    GOOD,
    secured(`${timestamp()}${binaryToken(CLIENT)}`, EVIL_PAYLOAD).replace(
      "</s:Header>",
      `${wrapper(GOOD)}</s:Header>`,
    ),
  ),
};

test("the message as it was signed is taken", () => {
  assert.equal(outcome(GOOD), "good");
});

for (const [attack, text] of Object.entries(BODY_ATTACKS)) {
  test(`a moved body is refused: ${attack}`, () => {
    assert.ok(text.includes("m:evil"));
    const found = outcome(text);
    const refusals = ["FailedCheck", "InvalidSecurity", "UnsupportedSecurityToken", "invalid_input"];
    assert.ok(refusals.includes(found), found);
  });
}

test("a moved timestamp is refused", () => {
  const late = timestamp(at(1), at(200), "late");
  for (const text of [
    inHeader(GOOD.replace(TIMESTAMP, late), wrapper(TIMESTAMP)),
    inHeader(GOOD.replace(TIMESTAMP, late), TIMESTAMP),
    inHeader(GOOD.replace(TIMESTAMP, timestamp(at(1), at(200))), wrapper(TIMESTAMP)),
    inObject(GOOD.replace(TIMESTAMP, late), TIMESTAMP),
    GOOD.replace(TIMESTAMP, late + TIMESTAMP),
    GOOD.replace(TIMESTAMP, `${TIMESTAMP}${late}`),
    inHeader(GOOD.replace(TIMESTAMP, ""), TIMESTAMP),
  ]) {
    assert.notEqual(text, GOOD);
    const found = outcome(text);
    assert.ok(["InvalidSecurity", "UnsupportedSecurityToken"].includes(found), found);
  }
});

test("a second Security header does not help, nor one that is for somebody else", () => {
  assert.equal(outcome(inHeader(GOOD, SECURITY)), "InvalidSecurity");
  const theirs = SECURITY.replace("<wsse:Security ", '<wsse:Security s:actor="urn:them" ');
  assert.equal(outcome(GOOD.replace(SECURITY, theirs)), "InvalidSecurity");
  assert.equal(outcome(inHeader(GOOD, theirs)), "InvalidSecurity", "the ids are there twice");
});

test("a second signature is refused, and one that stands elsewhere is none", () => {
  assert.equal(outcome(inSecurity(GOOD, SIGNATURE)), "InvalidSecurity");
  assert.equal(outcome(inHeader(GOOD.replace(SIGNATURE, ""), SIGNATURE)), "InvalidSecurity");
  assert.equal(
    outcome(inSecurity(GOOD.replace(SIGNATURE, ""), wrapper(SIGNATURE))),
    "UnsupportedSecurityToken",
  );
});

test("an unsigned block of WS-Addressing cannot be slipped in where the policy wants them signed", () => {
  const to =
    '<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing" wsu:Id="r"><a:Address>urn:x</a:Address></a:ReplyTo>';
  assert.equal(outcome(inHeader(GOOD, to)), "InvalidSecurity");
});

test("a namespace cannot be exchanged under a signed prefix", () => {
  const evil = GOOD.replace(`xmlns:m="${NAMESPACE}"`, 'xmlns:m="urn:evil"');
  assert.equal(outcome(evil), "FailedCheck");
  const moved = GOOD.replace(` xmlns:m="${NAMESPACE}"`, "").replace(
    "<s:Envelope ",
    `<s:Envelope xmlns:m="${NAMESPACE}" `,
  );
  assert.equal(outcome(moved), "good", "where a namespace is declared says nothing");
});
