import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Refusal } from "../../../src/errors.js";
import type { SoapPolicy } from "../../../src/soap/security/policy.js";
import { readSoapPolicy } from "../../../src/soap/security/read-policy.js";
import { makeIdentity, rsaKey } from "../../support/certificates.js";

const folder = mkdtempSync(join(tmpdir(), "soap-policy-"));
after(() => rmSync(folder, { recursive: true }));

const SECRET = "hunter2-is-secret";
const HASH = `$scrypt$ln=14,r=8,p=1$${Buffer.alloc(16, 1).toString("base64").replace(/=+$/, "")}$${scryptSync(
  SECRET,
  Buffer.alloc(16, 1),
  32,
)
  .toString("base64")
  .replace(/=+$/, "")}`;

function read(text: string, variable: (name: string) => string | undefined = () => undefined): SoapPolicy {
  const path = join(folder, "policy.yaml");
  writeFileSync(path, text);
  return readSoapPolicy(path, variable);
}

/** The places of what is wrong, each with its message; no secret may be in them. */
function problems(text: string, variable?: (name: string) => string | undefined): readonly string[] {
  try {
    read(text, variable);
  } catch (error) {
    assert.ok(error instanceof Refusal && error.kind === "usage", String(error));
    for (const secret of [SECRET, HASH, HASH.slice(-20)])
      assert.ok(!error.message.includes(secret), error.message);
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
  assert.fail("It was read.");
}

test("an empty file asks for nothing, and says how old a message may be", () => {
  assert.deepEqual(read(""), {
    timestamp: "optional",
    addressing: "optional",
    anonymous: false,
    transportProtected: false,
    maxAgeSeconds: 300,
    clockSkewSeconds: 60,
    maxReplayEntries: 200_000,
  });
});

test("passwords come from the file, from another file, from the environment, or as a hash", () => {
  writeFileSync(join(folder, "password"), `${SECRET}\n`);
  const policy = read(
    `transportProtected: true
usernameToken:
  passwordTypes: [digest, text]
  users:
    - { name: a, password: ${SECRET} }
    - { name: b, passwordFile: password }
    - { name: c, passwordVariable: THE_PASSWORD }
    - { name: d, passwordHash: "${HASH}" }
    - { name: __proto__, password: p }
`,
    (name) => (name === "THE_PASSWORD" ? SECRET : undefined),
  );
  const { users } = policy.usernameToken ?? {};
  for (const name of ["a", "b", "c"]) {
    assert.deepEqual(users?.get(name), { kind: "plain", password: SECRET }, name);
  }
  const hashed = users?.get("d");
  assert.ok(hashed?.kind === "hash");
  assert.equal(hashed.hash.logN, 14);
  assert.deepEqual(users?.get("__proto__"), { kind: "plain", password: "p" });
  assert.equal(policy.usernameToken?.use, "required");
});

test("a policy can be handed to another thread", () => {
  const policy = read(`usernameToken: { users: [{ name: a, password: p }] }`);
  assert.deepEqual(structuredClone(policy), policy);
});

test("every problem is told at once, and no secret", () => {
  const found = problems(`
timestamp: always
maxAgeSeconds: 0
usernameToken:
  passwordTypes: [text]
  users:
    - { name: a, password: ${SECRET}, passwordFile: x }
    - { name: "", password: "" }
    - { name: b, pasword: ${SECRET} }
signature:
  certificates: []
other: ${SECRET}
`);
  for (const path of [
    "timestamp",
    "maxAgeSeconds",
    "usernameToken.users[0]",
    "usernameToken.users[1].name",
    "usernameToken.users[1].password",
    "usernameToken.users[2]",
    "signature",
    "",
  ]) {
    assert.ok(
      found.some((problem) => problem.startsWith(`${path}: `)),
      `${path} in ${found.join("\n")}`,
    );
  }
});

test("what cannot be read is told by place, not by content", () => {
  for (const text of [
    `usernameToken: { users: [{ name: a, password: *${SECRET} }] }`,
    `usernameToken: { users: [{ name: a, password: !${SECRET} x }] }`,
    `usernameToken: { users: [{ name: a, password: "${SECRET} }] }`,
    `usernameToken:\n  users:\n - ${SECRET}\n  x: [`,
    `a: 1\na: ${SECRET}`,
    `password: @${SECRET}`,
    `password: &${SECRET} x\nother: *${SECRET}`,
    SECRET,
    `[${SECRET}]`,
  ]) {
    assert.ok(problems(text).length > 0);
  }
});

test("secrets that cannot be had are told", () => {
  writeFileSync(join(folder, "empty"), "\n");
  writeFileSync(join(folder, "lines"), `${SECRET}\n${SECRET}\n`);
  writeFileSync(join(folder, "binary"), Buffer.from([0xff, 0xfe]));
  const found = problems(`
transportProtected: true
usernameToken:
  passwordTypes: [text]
  users:
    - { name: a, passwordFile: absent }
    - { name: b, passwordFile: empty }
    - { name: c, passwordFile: lines }
    - { name: d, passwordFile: binary }
    - { name: e, passwordVariable: ABSENT }
    - { name: f, passwordHash: "${HASH.replace("ln=14", "ln=13")}" }
    - { name: g, passwordHash: "${HASH}" }
    - { name: h, passwordHash: "${HASH.replace("ln=14", "ln=15")}" }
    - { name: g, password: p }
`);
  const places = [
    "passwordFile",
    "passwordFile",
    "passwordFile",
    "passwordFile",
    "passwordVariable",
    "passwordHash",
  ];
  for (const [index, key] of places.entries()) {
    assert.ok(
      found.some((problem) => problem.startsWith(`usernameToken.users[${index}].${key}: `)),
      key,
    );
  }
  assert.ok(found.some((problem) => problem.includes("users[7]") && problem.includes("another time")));
  assert.ok(found.some((problem) => problem.includes("users[8].name: There is such a user")));
});

test("text passwords need a protected transport, and hashes need text passwords", () => {
  const users = `users: [{ name: a, password: p }]`;
  assert.match(problems(`usernameToken: { passwordTypes: [text], ${users} }`).join(), /transportProtected/);
  assert.match(
    problems(`usernameToken: { users: [{ name: a, passwordHash: "${HASH}" }] }`).join(),
    /digest can only be checked against the password itself/,
  );
});

test("certificates come from PEM files, several in one as well", () => {
  const [one, two] = [makeIdentity(), makeIdentity()];
  const authority = makeIdentity({ isAuthority: true });
  writeFileSync(join(folder, "clients.pem"), `a comment\n${one.pem}${two.pem}`);
  writeFileSync(join(folder, "ca.pem"), authority.pem);
  const { signature } = read(`
signature:
  use: optional
  certificates: [clients.pem]
  authorities: [ca.pem]
  subjects: ["CN=a,O=b"]
  thumbprints: ["${one.certificate.fingerprint256}"]
`);
  assert.ok(signature !== undefined);
  assert.deepEqual(
    signature.certificates.map((der) => Buffer.from(der)),
    [one.certificate.raw, two.certificate.raw],
  );
  assert.deepEqual(
    signature.authorities.map((der) => Buffer.from(der)),
    [authority.certificate.raw],
  );
  assert.deepEqual(
    [...signature.thumbprints],
    [one.certificate.fingerprint256.replaceAll(":", "").toLowerCase()],
  );
  assert.deepEqual([...signature.signedParts], ["body", "timestamp"]);
});

test("trust that would reach too far, or nowhere, is refused", () => {
  writeFileSync(join(folder, "client.pem"), makeIdentity().pem);
  writeFileSync(join(folder, "weak.pem"), makeIdentity({ key: rsaKey(1024) }).pem);
  writeFileSync(join(folder, "authority.pem"), makeIdentity({ isAuthority: true }).pem);
  writeFileSync(join(folder, "none.pem"), SECRET);
  for (const [text, expected] of [
    ["{}", /somebody has to be trusted/],
    ["{ authorities: [authority.pem] }", /everybody/],
    ["{ authorities: [client.pem], subjects: [CN=a] }", /Not the certificate of an authority/],
    ["{ certificates: [weak.pem] }", /2048/],
    ["{ certificates: [none.pem] }", /no PEM certificate/],
    ["{ certificates: [absent.pem] }", /cannot be read/],
    ["{ certificates: [client.pem], thumbprints: [ab] }", /SHA-256/],
    ["{ certificates: [client.pem], signedParts: [timestamp] }", /must list body/],
    ["{ certificates: [client.pem], signedParts: [body] }", /must list timestamp/],
  ] as const) {
    assert.match(problems(`signature: ${text}`).join(), expected, text);
  }
});

test("a file that is not there, or far too large, is told", () => {
  assert.throws(() => readSoapPolicy(join(folder, "absent.yaml"), () => undefined), Refusal);
  assert.match(problems(`# ${"x".repeat(1024 * 1024)}`).join(), /larger than 1 MB/);
});
