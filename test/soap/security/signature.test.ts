import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { WSSecurityCert } from "soap";
import type { SignaturePolicy, SoapPolicy } from "../../../src/soap/security/policy.js";
import { subjectOf } from "../../../src/soap/security/trust.js";
import { ecKey, makeIdentity, rsaKey, type Identity } from "../../support/certificates.js";
import {
  at,
  binaryToken,
  EXCLUSIVE,
  findings,
  NOW,
  policyOf,
  secured,
  signed,
  SIGNATURE_HERE,
  SOAP,
  timestamp,
  verdict,
  WSSE,
  type SigningOptions,
} from "./secured.js";

const DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
const VALID = { validFrom: new Date(NOW - 86_400_000), validTo: new Date(NOW + 86_400_000) };
const KEY = rsaKey();
const CLIENT = makeIdentity({ key: KEY, ...VALID });
const SUBJECT = "CN=client,O=Bank\\, Inc.,C=DE";

function trusting(changes: Partial<SignaturePolicy> = {}): SoapPolicy {
  const signature: SignaturePolicy = {
    use: "required",
    certificates: [],
    authorities: [],
    subjects: new Set(),
    thumbprints: new Set(),
    signedParts: new Set(["body", "timestamp"]),
    ...changes,
  };
  return policyOf({ signature });
}

function pinning(...identities: readonly Identity[]): SoapPolicy {
  return trusting({ certificates: identities.map(({ certificate }) => certificate.raw) });
}

/** A message with a Timestamp and a token, signed. */
function message(identity = CLIENT, options: Partial<SigningOptions> = {}): string {
  const text = secured(timestamp() + binaryToken(identity) + SIGNATURE_HERE);
  return signed(text, { key: identity.privateKey, ...options });
}

test("a signature of the body and the timestamp by a listed certificate proves its subject", () => {
  assert.equal(verdict(message(), pinning(CLIENT)), SUBJECT);
  assert.equal(subjectOf(CLIENT.certificate), SUBJECT);
  assert.equal(
    verdict(
      message(CLIENT, { prefixes: "s wsu wsse ds #default".replace(" #default", "") }),
      pinning(CLIENT),
    ),
    SUBJECT,
  );
});

test("a message that another implementation has signed is taken", () => {
  const pem = KEY.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const signer = new WSSecurityCert(pem, CLIENT.pem, "", {
    hasTimeStamp: true,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    signerOptions: { prefix: "ds", idMode: "wssecurity" },
  });
  const body = `<soap:Body><m:Pay xmlns:m="urn:m"><m:to>A &amp; B</m:to></m:Pay></soap:Body>`;
  const envelope = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header></soap:Header>${body}</soap:Envelope>`;
  const text = signer.postProcess(envelope, "soap");
  assert.ok(text.includes("SignatureValue"));
  assert.equal(verdict(text, pinning(CLIENT), Date.now()), SUBJECT);
  assert.equal(verdict(text.replace("A &amp; B", "A &amp; C"), pinning(CLIENT), Date.now()), "FailedCheck");
});

test("every algorithm of the list is taken with a key of its kind", () => {
  const more = "http://www.w3.org/2001/04/xmldsig-more#";
  const digests = {
    sha256: "http://www.w3.org/2001/04/xmlenc#sha256",
    sha384: `${more}sha384`,
    sha512: "http://www.w3.org/2001/04/xmlenc#sha512",
  };
  const curves = { sha256: "prime256v1", sha384: "secp384r1", sha512: "secp521r1" };
  for (const hash of ["sha256", "sha384", "sha512"] as const) {
    const common = { hash, digestHash: hash, digestAlgorithm: digests[hash] };
    const rsa = { algorithm: `${more}rsa-${hash}`, ...common };
    assert.equal(verdict(message(CLIENT, rsa), pinning(CLIENT)), SUBJECT, hash);
    const pss = {
      algorithm: `http://www.w3.org/2007/05/xmldsig-more#${hash}-rsa-MGF1`,
      isPss: true,
      ...common,
    };
    assert.equal(verdict(message(CLIENT, pss), pinning(CLIENT)), SUBJECT, hash);
    const curve = makeIdentity({ key: ecKey(curves[hash]), ...VALID });
    const ecdsa = { algorithm: `${more}ecdsa-${hash}`, ...common };
    assert.equal(verdict(message(curve, ecdsa), pinning(curve)), SUBJECT, hash);
    assert.equal(verdict(message(curve, { ...rsa, key: curve.privateKey }), pinning(curve)), "FailedCheck");
    assert.equal(verdict(message(CLIENT, ecdsa), pinning(CLIENT)), "FailedCheck");
  }
});

test("weak, symmetric and unknown algorithms are refused by name", () => {
  const old = "http://www.w3.org/2000/09/xmldsig#";
  for (const algorithm of [
    `${old}rsa-sha1`,
    `${old}hmac-sha1`,
    `${old}dsa-sha1`,
    "",
    "__proto__",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
  ]) {
    assert.equal(verdict(message(CLIENT, { algorithm }), pinning(CLIENT)), "UnsupportedAlgorithm", algorithm);
  }
  const sha1 = { digestAlgorithm: `${old}sha1`, digestHash: "sha1" };
  assert.equal(verdict(message(CLIENT, sha1), pinning(CLIENT)), "UnsupportedAlgorithm");
});

test("a signature by the public key as a secret proves nobody", () => {
  // What fools a verifier that takes the algorithm from the message and the key from the certificate.
  const edit = (info: string): string =>
    info.replace(
      /SignatureMethod Algorithm="[^"]*"/,
      'SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"',
    );
  assert.equal(verdict(message(CLIENT, { edit }), pinning(CLIENT)), "UnsupportedAlgorithm");
});

test("a body, a timestamp or a signature that was changed is not what was signed", () => {
  const text = message();
  for (const [from, to] of [
    [">10<", ">11<"],
    [">10<", "><m:x/>10<"],
    ["<m:amount>", '<m:amount x="">'],
    [at(120), at(121)],
    ["m:amount>10</m:amount", "m:sum>10</m:sum"],
  ] as const) {
    assert.ok(text.includes(from));
    assert.equal(verdict(text.replace(from, to), pinning(CLIENT)), "FailedCheck", to);
  }
  const other = /<ds:SignatureValue>[^<]*/.exec(message(makeIdentity(VALID)))?.[0] ?? "";
  assert.equal(verdict(text.replace(/<ds:SignatureValue>[^<]*/, other), pinning(CLIENT)), "FailedCheck");
  // What canonicalization takes away may change.
  const spelled = text.replace(">10<", "><!-- x -->1<![CDATA[0]]><").replace("<m:amount>", "<m:amount\n>");
  assert.notEqual(spelled, text);
  assert.equal(verdict(spelled, pinning(CLIENT)), SUBJECT);
});

test("both the body and the timestamp must be signed", () => {
  assert.equal(verdict(message(CLIENT, { ids: ["body"] }), pinning(CLIENT)), "InvalidSecurity");
  assert.equal(verdict(message(CLIENT, { ids: ["ts"] }), pinning(CLIENT)), "InvalidSecurity");
  assert.equal(verdict(message(CLIENT, { ids: ["body", "ts", "bst"] }), pinning(CLIENT)), SUBJECT);
  assert.equal(verdict(message(CLIENT, { ids: ["body", "body", "ts"] }), pinning(CLIENT)), "InvalidSecurity");
  const bare = signed(secured(binaryToken(CLIENT) + SIGNATURE_HERE), {
    key: CLIENT.privateKey,
    ids: ["body"],
  });
  assert.equal(verdict(bare, pinning(CLIENT)), "InvalidSecurity");
});

test("what else the policy wants signed must be signed where it is there", () => {
  const policy = trusting({
    certificates: [CLIENT.certificate.raw],
    signedParts: new Set(["body", "timestamp", "addressing"]),
  });
  assert.equal(verdict(message(), policy), SUBJECT);
  const wsa = '<a:To xmlns:a="http://www.w3.org/2005/08/addressing" wsu:Id="to">urn:x</a:To>';
  const text = secured(timestamp() + binaryToken(CLIENT) + SIGNATURE_HERE).replace(
    "</s:Header>",
    `${wsa}</s:Header>`,
  );
  const signing = (...ids: string[]): string => signed(text, { key: CLIENT.privateKey, ids });
  assert.equal(verdict(signing("body", "ts"), policy), "InvalidSecurity");
  assert.equal(verdict(signing("body", "ts", "to"), policy), SUBJECT);
  assert.equal(verdict(signing("body", "ts", "to").replace("urn:x", "urn:y"), policy), "FailedCheck");
});

test("a stale signed message is refused before its signature is looked at, and nothing outlives its Timestamp", () => {
  assert.equal(verdict(message(), pinning(CLIENT), NOW + 181_000), "MessageExpired");
  assert.equal(verdict(message(), pinning(CLIENT), NOW + 180_000), SUBJECT);
  assert.equal(findings(message(), pinning(CLIENT))?.replay[0]?.until, NOW + 180_000);
});

test("a signed message is the same however its signature is written", () => {
  const text = message();
  const [key] = findings(text, pinning(CLIENT))?.replay ?? [];
  assert.ok(key !== undefined);
  const spaced = text.replace(/(<ds:SignatureValue>)/, "$1\n ");
  assert.deepEqual(findings(spaced, pinning(CLIENT))?.replay, [key]);
  // ECDSA has a second value for every signature: (r, n - s).
  const curve = makeIdentity({ key: ecKey(), ...VALID });
  const ecdsa = message(curve, { algorithm: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" });
  const value = Buffer.from(/SignatureValue>([^<]*)/.exec(ecdsa)?.[1] ?? "", "base64");
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = n - BigInt(`0x${value.subarray(32).toString("hex")}`);
  const twin = Buffer.concat([value.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
  const second = ecdsa.replace(/SignatureValue>[^<]*/, `SignatureValue>${twin.toString("base64")}`);
  assert.notEqual(second, ecdsa);
  assert.deepEqual(findings(second, pinning(curve))?.replay, findings(ecdsa, pinning(curve))?.replay);
});

test("a certificate may be named instead of sent, if it is one of the policy", () => {
  const refer = (inner: string): string =>
    `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}">${inner}</wsse:SecurityTokenReference>`;
  const send = (inner: string, identity = CLIENT): string =>
    signed(secured(timestamp() + SIGNATURE_HERE), { key: identity.privateKey, keyInfo: refer(inner) });
  const thumbprint = createHash("sha1").update(CLIENT.certificate.raw).digest("base64");
  const type = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1";
  const identifier = `<wsse:KeyIdentifier ValueType="${type}">${thumbprint}</wsse:KeyIdentifier>`;
  assert.equal(verdict(send(identifier), pinning(CLIENT)), SUBJECT);
  const other = makeIdentity({ ...VALID, serial: 255n });
  assert.equal(verdict(send(identifier), pinning(other)), "SecurityTokenUnavailable");
  const serial = (number: string): string =>
    `<ds:X509Data ${DS}><ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName>` +
    `<ds:X509SerialNumber>${number}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>`;
  assert.equal(verdict(send(serial("255"), other), pinning(CLIENT, other)), SUBJECT);
  assert.equal(verdict(send(serial("255")), pinning(CLIENT, other)), "FailedCheck");
  for (const number of ["256", "", "0xff", "-255", "9".repeat(10_000)]) {
    assert.equal(verdict(send(serial(number), other), pinning(other)), "SecurityTokenUnavailable", number);
  }
  const inline = `<ds:X509Data ${DS}><ds:X509Certificate>${CLIENT.certificate.raw.toString("base64")}</ds:X509Certificate></ds:X509Data>`;
  assert.equal(verdict(send(inline), pinning(CLIENT)), SUBJECT);
  assert.equal(verdict(send(identifier + inline), pinning(CLIENT)), "SecurityTokenUnavailable");
});

test("a stranger's certificate proves nobody, whatever it says about itself", () => {
  const stranger = makeIdentity({ ...VALID, serial: BigInt(`0x${CLIENT.certificate.serialNumber}`) });
  assert.equal(subjectOf(stranger.certificate), SUBJECT);
  assert.equal(verdict(message(stranger), pinning(CLIENT)), "FailedAuthentication");
  const swapped = message().replace(binaryToken(CLIENT), binaryToken(stranger));
  assert.equal(verdict(swapped, pinning(CLIENT)), "FailedAuthentication");
  assert.equal(verdict(message(CLIENT, { key: stranger.privateKey }), pinning(CLIENT)), "FailedCheck");
});

test("an authority vouches for those that the policy lists, and for nobody else", () => {
  const authority = makeIdentity({ names: ["authority"], isAuthority: true, keyUsage: 0x06, ...VALID });
  const issued = makeIdentity({ issuer: authority, names: ["unit", "app"], keyUsage: 0x80, ...VALID });
  const subject = "CN=app,CN=unit,O=Bank\\, Inc.,C=DE";
  const vouching = (changes: Partial<SignaturePolicy>): SoapPolicy =>
    trusting({ authorities: [authority.certificate.raw], ...changes });
  const bySubject = vouching({ subjects: new Set([subject]) });
  assert.equal(verdict(message(issued), bySubject), subject);
  const thumbprint = issued.certificate.fingerprint256.replaceAll(":", "").toLowerCase();
  assert.equal(verdict(message(issued), vouching({ thumbprints: new Set([thumbprint]) })), subject);
  assert.equal(verdict(message(issued), vouching({ subjects: new Set(["CN=app"]) })), "FailedAuthentication");
  const selfSigned = makeIdentity({ names: ["unit", "app"], ...VALID });
  assert.equal(verdict(message(selfSigned), bySubject), "FailedAuthentication");
  const namesake = makeIdentity({ names: ["authority"], isAuthority: true, ...VALID });
  const byNamesake = makeIdentity({ issuer: namesake, names: ["unit", "app"], ...VALID });
  assert.equal(verdict(message(byNamesake), bySubject), "FailedAuthentication");
  // A client's certificate is no authority, even when its key has signed another.
  const nested = makeIdentity({ issuer: issued, names: ["unit", "app"], ...VALID });
  const nestedPolicy = trusting({ authorities: [issued.certificate.raw], subjects: new Set([subject]) });
  assert.equal(verdict(message(nested), nestedPolicy), "FailedAuthentication");
  const sha1 = makeIdentity({ issuer: authority, names: ["unit", "app"], hash: "sha1", ...VALID });
  assert.equal(verdict(message(sha1), bySubject), "FailedAuthentication");
});

test("a certificate counts while it is valid, and for keys that are strong and meant to sign", () => {
  const past = { validFrom: new Date(NOW - 2000), validTo: new Date(NOW - 1000) };
  const future = { validFrom: new Date(NOW + 1000), validTo: new Date(NOW + 2000) };
  for (const dates of [past, future]) {
    const identity = makeIdentity(dates);
    assert.equal(verdict(message(identity), pinning(identity)), "FailedAuthentication");
    const authority = makeIdentity({ names: ["authority"], isAuthority: true, ...dates });
    const issued = makeIdentity({ issuer: authority, ...VALID });
    const policy = trusting({ authorities: [authority.certificate.raw], subjects: new Set([SUBJECT]) });
    assert.equal(verdict(message(issued), policy), "FailedAuthentication");
  }
  for (const key of [rsaKey(1024), ecKey("secp256k1")]) {
    const weak = makeIdentity({ key, ...VALID });
    assert.equal(verdict(message(weak), pinning(weak)), "FailedAuthentication");
  }
  for (const [keyUsage, expected] of [
    [0x80, SUBJECT],
    [0x40, SUBJECT],
    [0x20, "FailedAuthentication"],
    [0x06, "FailedAuthentication"],
  ] as const) {
    const identity = makeIdentity({ keyUsage, ...VALID });
    assert.equal(verdict(message(identity), pinning(identity)), expected, String(keyUsage));
  }
});

test("a token must be what it says to be, and there without a signature it is refused", () => {
  const policy = pinning(CLIENT);
  const text = message();
  const token = binaryToken(CLIENT);
  assert.equal(verdict(text.replace("#X509v3", "#X509PKIPathv1"), policy), "UnsupportedSecurityToken");
  assert.equal(
    verdict(text.replace(/(BinarySecurityToken[^>]*>)[^<]*/, "$1AAAA"), policy),
    "InvalidSecurityToken",
  );
  const pem = Buffer.from(CLIENT.pem).toString("base64");
  assert.equal(
    verdict(text.replace(/(BinarySecurityToken[^>]*>)[^<]*/, `$1${pem}`), policy),
    "InvalidSecurityToken",
  );
  assert.equal(
    verdict(text.replace(token, token + token.replace('"bst"', '"b"')), policy),
    "InvalidSecurity",
  );
  const unsigned = { ...policy, anonymous: true, timestamp: "optional" } as const;
  assert.equal(verdict(secured(timestamp() + token), unsigned), "InvalidSecurity");
  assert.equal(verdict(secured(timestamp()), policy), "InvalidSecurity");
  assert.equal(verdict(text, policyOf({})), "UnsupportedSecurityToken");
});

test("nothing but exclusive canonicalization transforms what is signed", () => {
  const policy = pinning(CLIENT);
  const transform = `<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform>`;
  const edited = (to: string): string => message(CLIENT, { edit: (info) => info.replace(transform, to) });
  assert.equal(verdict(edited(transform), policy), SUBJECT);
  for (const algorithm of [
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2002/06/xmldsig-filter2",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
  ]) {
    const other = transform.replace(EXCLUSIVE, algorithm);
    assert.equal(verdict(edited(other), policy), "UnsupportedAlgorithm", algorithm);
    assert.equal(verdict(edited(transform + other), policy), "UnsupportedAlgorithm", algorithm);
  }
  // It leaves out the signature, which stands in no part that can be signed: only as the first of two is it known.
  const enveloped = transform.replace(EXCLUSIVE, "http://www.w3.org/2000/09/xmldsig#enveloped-signature");
  assert.equal(verdict(edited(enveloped + transform), policy), SUBJECT);
  assert.equal(verdict(edited(enveloped + enveloped + transform), policy), "UnsupportedAlgorithm");
  assert.equal(verdict(edited(transform.repeat(1000)), policy), "UnsupportedAlgorithm");
  assert.equal(verdict(edited(""), policy), "UnsupportedAlgorithm");
  const canonicalization = `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}">`;
  const inclusive = canonicalization.replace(EXCLUSIVE, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315");
  const edit = (info: string): string => info.replace(canonicalization, inclusive);
  assert.equal(verdict(message(CLIENT, { edit }), policy), "UnsupportedAlgorithm");
  const many = Array.from({ length: 65 }, (_, index) => `p${index}`).join(" ");
  assert.equal(verdict(message(CLIENT, { prefixes: many }), policy), "InvalidSecurity");
  assert.equal(verdict(message(CLIENT, { prefixes: "a ".repeat(5000) }), policy), "InvalidSecurity");
});

test("a reference names a part of the message, and nothing is fetched", () => {
  const policy = pinning(CLIENT);
  for (const uri of [
    "",
    "#",
    "http://127.0.0.1:9/",
    "file:///etc/passwd",
    "#xpointer(id('body'))",
    "cid:1",
    "#nowhere",
    "#__proto__",
  ]) {
    const edit = (info: string): string => info.replace('URI="#body"', `URI="${uri}"`);
    assert.equal(verdict(message(CLIENT, { edit }), policy), "InvalidSecurity", uri);
  }
  const without = (info: string): string => info.replace(' URI="#body"', "");
  assert.equal(verdict(message(CLIENT, { edit: without }), policy), "InvalidSecurity");
  const many = (info: string): string =>
    info.replace(/<ds:Reference .*<\/ds:Reference>/, (all) => all.repeat(9));
  assert.equal(verdict(message(CLIENT, { edit: many }), policy), "InvalidSecurity");
});

test("a key is never fetched, nor taken from anywhere but the header and the policy", () => {
  const policy = pinning(CLIENT);
  const refer = (inner: string): string =>
    `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}">${inner}</wsse:SecurityTokenReference>`;
  for (const [keyInfo, expected] of [
    ["", "SecurityTokenUnavailable"],
    [`<ds:RetrievalMethod URI="http://127.0.0.1:9/"/>`, "UnsupportedSecurityToken"],
    [`<ds:KeyValue/>`, "UnsupportedSecurityToken"],
    [`<ds:KeyName>client</ds:KeyName>`, "UnsupportedSecurityToken"],
    [refer('<wsse:Reference URI="http://127.0.0.1:9/key"/>'), "SecurityTokenUnavailable"],
    [refer('<wsse:Reference URI="#body"/>'), "SecurityTokenUnavailable"],
    [refer("<wsse:Embedded/>"), "UnsupportedSecurityToken"],
    [refer("") + refer(""), "InvalidSecurity"],
    [
      refer("<ds:X509Data><ds:X509SubjectName>CN=client</ds:X509SubjectName></ds:X509Data>"),
      "UnsupportedSecurityToken",
    ],
  ] as const) {
    assert.equal(verdict(message(CLIENT, { keyInfo }), policy), expected, keyInfo);
  }
});
