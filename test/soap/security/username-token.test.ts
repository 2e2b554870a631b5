import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { WSSecurity } from "soap";
import type { Password, SoapPolicy } from "../../../src/soap/security/policy.js";
import { SecurityRefusal } from "../../../src/soap/security/refusal.js";
import {
  at,
  digestToken,
  enveloped,
  findings,
  NOW,
  policyOf,
  secured,
  textToken,
  timestamp,
  verdict,
  WSSE,
} from "./secured.js";

const USERS: ReadonlyMap<string, Password> = new Map([["cics", { kind: "plain", password: "s3cret" }]]);

function tokens(...passwordTypes: ("digest" | "text")[]): SoapPolicy {
  return policyOf({ usernameToken: { use: "required", passwordTypes, users: USERS } });
}

const DIGEST = tokens("digest");
const TEXT = tokens("text");

test("a digest of the right password proves a user", () => {
  assert.equal(verdict(secured(digestToken()), DIGEST), "cics");
  assert.equal(verdict(secured(digestToken({ created: at(0).replace(".000Z", "+00:00") })), DIGEST), "cics");
});

test("the example of another implementation is taken", () => {
  const options = { passwordType: "PasswordDigest", hasTimeStamp: true } as const;
  const header = new WSSecurity("cics", "s3cret", options).toXML();
  assert.equal(verdict(enveloped(header), DIGEST, Date.now()), "cics");
  assert.equal(
    verdict(enveloped(header.replace("cics", "cicS")), DIGEST, Date.now()),
    "FailedAuthentication",
  );
});

test("a wrong name, a wrong password and a wrong digest have one answer, word for word", () => {
  const answers = [
    secured(digestToken({ name: "nobody" })),
    secured(digestToken({ password: "guess" })),
    secured(digestToken().replace(/Digest">[^<]*/, `Digest">${randomBytes(20).toString("base64")}`)),
    secured(digestToken().replace(/(Nonce[^>]*>)[^<]*/, `$1${randomBytes(16).toString("base64")}`)),
  ].map((text) => refusalOf(text, DIGEST));
  for (const { fault, code, message } of answers) {
    assert.equal(fault, "FailedAuthentication");
    assert.equal(code, "unauthenticated");
    assert.equal(message, "The caller could not be authenticated.");
  }
  const texts = [secured(textToken("nobody")), secured(textToken("cics", "guess"))];
  assert.deepEqual(
    texts.map((text) => refusalOf(text, TEXT).message),
    ["The caller could not be authenticated.", "The caller could not be authenticated."],
  );
});

test("a text password proves a user, exactly as it is", () => {
  assert.equal(verdict(secured(textToken()), TEXT), "cics");
  assert.equal(verdict(secured(textToken("cics", " s3cret")), TEXT), "FailedAuthentication");
  assert.equal(verdict(secured(textToken(" cics")), TEXT), "FailedAuthentication");
  const untyped = textToken().replace(/ Type="[^"]*"/, "");
  assert.equal(verdict(secured(untyped), TEXT), "cics");
});

test("a password that is absent or empty proves nobody (CVE-2012-0803, CVE-2013-0239)", () => {
  for (const policy of [DIGEST, TEXT, tokens("digest", "text")]) {
    const absent = secured(textToken().replace(/<wsse:Password.*Password>/, ""));
    assert.equal(verdict(absent, policy), "InvalidSecurityToken");
    assert.equal(verdict(secured(textToken("cics", "")), policy), "InvalidSecurityToken");
    const emptyDigest = secured(digestToken().replace(/(Digest">)[^<]*/, "$1"));
    assert.equal(verdict(emptyDigest, policy), "InvalidSecurityToken");
    assert.equal(verdict(secured("<wsse:UsernameToken/>"), policy), "InvalidSecurityToken");
  }
});

test("a token is not taken down to a weaker type", () => {
  assert.equal(verdict(secured(textToken()), DIGEST), "UnsupportedSecurityToken");
  assert.equal(
    verdict(secured(textToken().replace(/ Type="[^"]*"/, "")), DIGEST),
    "UnsupportedSecurityToken",
  );
  assert.equal(verdict(secured(digestToken()), TEXT), "UnsupportedSecurityToken");
  assert.equal(
    verdict(secured(textToken().replace("#PasswordText", "#PasswordOther")), tokens("digest", "text")),
    "UnsupportedSecurityToken",
  );
});

test("a digest needs a Nonce and a Created, both once and well-formed", () => {
  const token = digestToken();
  const without = (name: string): string => token.replace(new RegExp(`<ws\\w+:${name}[ >].*:${name}>`), "");
  assert.equal(verdict(secured(without("Nonce")), DIGEST), "InvalidSecurityToken");
  assert.equal(verdict(secured(without("Created")), DIGEST), "InvalidSecurityToken");
  const twice = (name: string): string =>
    token.replace(new RegExp(`(<ws\\w+:${name}[ >].*:${name}>)`), "$1$1");
  for (const name of ["Username", "Password", "Nonce", "Created"]) {
    assert.equal(verdict(secured(twice(name)), DIGEST), "InvalidSecurity", name);
  }
  for (const nonce of ["", "AA", "A===", "AA=A", "AB==", "*", "A".repeat(400)]) {
    const text = secured(token.replace(/(Nonce[^>]*>)[^<]*/, `$1${nonce}`));
    assert.equal(verdict(text, DIGEST), "InvalidSecurity", nonce);
  }
  const hex = secured(token.replace("#Base64Binary", "#HexBinary"));
  assert.equal(verdict(hex, DIGEST), "UnsupportedSecurityToken");
  assert.equal(verdict(secured(token + token), DIGEST), "InvalidSecurity");
  const derived = token.replace("<wsu:Created>", "<wsse:Iteration>1</wsse:Iteration><wsu:Created>");
  assert.equal(verdict(secured(derived), DIGEST), "UnsupportedSecurityToken");
});

test("Created may be as old as the policy says, and as far ahead as clocks differ", () => {
  const ofAge = (seconds: number): string => verdict(secured(digestToken({ created: at(seconds) })), DIGEST);
  assert.equal(ofAge(-360), "cics");
  assert.equal(ofAge(-361), "MessageExpired");
  assert.equal(ofAge(60), "cics");
  assert.equal(ofAge(61), "MessageExpired");
  const created = `<wsu:Created>${at(-361)}</wsu:Created>`;
  assert.equal(verdict(secured(textToken("cics", "s3cret", created)), TEXT), "MessageExpired");
});

test("an old token does not tell whether its password is right", () => {
  const old = { created: at(-1000) };
  assert.equal(verdict(secured(digestToken(old)), DIGEST), "MessageExpired");
  assert.equal(verdict(secured(digestToken({ ...old, password: "guess" })), DIGEST), "MessageExpired");
});

test("what makes a token the same is its user, nonce and Created, however they are spelled", () => {
  const nonce = Buffer.alloc(15, 7);
  const token = digestToken({ nonce });
  const [key] = findings(secured(token), DIGEST)?.replay ?? [];
  assert.equal(key?.until, NOW + 360_000);
  const spaced = token.replace(
    nonce.toString("base64"),
    ` ${nonce.toString("base64").replace("BwcH", "Bw\ncH")} `,
  );
  assert.notEqual(spaced, token);
  assert.deepEqual(findings(secured(spaced), DIGEST)?.replay, [key]);
  assert.notDeepEqual(findings(secured(digestToken()), DIGEST)?.replay, [key]);
  assert.deepEqual(findings(secured(textToken()), TEXT)?.replay, []);
});

test("a user whose password is stored as a hash, a wrong password and a stranger are told apart by nobody here", () => {
  const hash = { logN: 14, r: 8, p: 1, salt: randomBytes(16), key: randomBytes(32) };
  const users = new Map<string, Password>([...USERS, ["sap", { kind: "hash", hash }]]);
  const policy = policyOf({ usernameToken: { use: "required", passwordTypes: ["text", "digest"], users } });
  for (const [name, password] of [
    ["sap", "x"],
    ["cics", "wrong"],
    ["nobody", "x"],
  ] as const) {
    const header = findings(secured(textToken(name, password)), policy);
    assert.deepEqual(header?.unproven, { name, password });
  }
  assert.equal(findings(secured(textToken()), policy)?.unproven, undefined);
  // A digest cannot be checked against a hash.
  assert.equal(verdict(secured(digestToken({ name: "sap", password: "" })), policy), "FailedAuthentication");
});

test("a token is required, or one that comes is checked all the same", () => {
  assert.equal(verdict(enveloped(""), DIGEST), "InvalidSecurity");
  assert.equal(verdict(secured(timestamp()), DIGEST), "InvalidSecurity");
  assert.equal(
    verdict(
      enveloped(`<Security xmlns="urn:other">${digestToken()}</Security>`.replaceAll("wsse:", "")),
      DIGEST,
    ),
    "InvalidSecurity",
  );
  const users = { passwordTypes: ["digest"], users: USERS } as const;
  const optional = policyOf({ usernameToken: { use: "optional", ...users } });
  assert.equal(verdict(enveloped(""), optional), "InvalidSecurity");
  assert.equal(verdict(secured(timestamp()), optional), "InvalidSecurity");
  const anonymous = { ...optional, anonymous: true };
  assert.equal(verdict(enveloped(""), anonymous), "nobody");
  assert.equal(verdict(secured(timestamp()), anonymous), "nobody");
  assert.equal(verdict(secured(digestToken()), anonymous), "cics");
  assert.equal(verdict(secured(digestToken({ password: "guess" })), anonymous), "FailedAuthentication");
  assert.equal(verdict(secured(digestToken()), policyOf({})), "UnsupportedSecurityToken");
});

test("a header for somebody else proves nobody, and two for this service are refused", () => {
  const theirs = `<wsse:Security xmlns:wsse="${WSSE}" s:actor="urn:them">${digestToken()}</wsse:Security>`;
  assert.equal(verdict(enveloped(theirs), DIGEST), "InvalidSecurity");
  const ours = theirs.replace(' s:actor="urn:them"', "");
  assert.equal(verdict(enveloped(theirs + ours), DIGEST), "cics");
  assert.equal(verdict(enveloped(ours + ours), DIGEST), "InvalidSecurity");
});

test("names of the language are names like any other", () => {
  for (const name of ["__proto__", "constructor", "hasOwnProperty"]) {
    assert.equal(verdict(secured(digestToken({ name })), DIGEST), "FailedAuthentication");
    assert.equal(verdict(secured(`<wsse:${name}/>`), DIGEST), "UnsupportedSecurityToken");
    const inside = digestToken().replace("</wsse:UsernameToken>", `<wsse:${name}/></wsse:UsernameToken>`);
    assert.equal(verdict(secured(inside), DIGEST), "UnsupportedSecurityToken");
  }
});

function refusalOf(text: string, policy: SoapPolicy): SecurityRefusal {
  try {
    findings(text, policy);
  } catch (error) {
    assert.ok(error instanceof SecurityRefusal);
    return error;
  }
  assert.fail("It was taken.");
}
