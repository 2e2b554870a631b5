import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { test } from "node:test";
import type { SecurityHeader } from "../../../src/call/message-header.js";
import { GatewayError } from "../../../src/errors.js";
import { createCallerGate, type CallerGate } from "../../../src/soap/security/admit-caller.js";
import type { Password } from "../../../src/soap/security/policy.js";
import { SecurityRefusal } from "../../../src/soap/security/refusal.js";
import { createReplayCache } from "../../../src/soap/security/replay-cache.js";
import { NOW, policyOf } from "./secured.js";

const SALT = Buffer.alloc(16, 3);

function hashOf(password: string): Password {
  const hash = { logN: 14, r: 8, p: 1, salt: SALT, key: scryptSync(password, SALT, 32) };
  return { kind: "hash", hash };
}

const HASHED = policyOf({
  usernameToken: {
    use: "required",
    passwordTypes: ["text"],
    users: new Map([
      ["sap", hashOf("right")],
      ["cics", { kind: "plain", password: "plain" }],
    ]),
  },
});

function unproven(name: string, password: string, ...keys: string[]): SecurityHeader {
  const replay = keys.map((key) => ({ key, until: NOW }));
  return { caller: name, replay, unproven: { name, password }, isTimestamped: false };
}

function sent(key: string, until = NOW): SecurityHeader {
  return { caller: "a", replay: [{ key, until }], isTimestamped: false };
}

/** "passed", the fault or the code. */
async function outcome(gate: CallerGate, header: SecurityHeader | undefined): Promise<string> {
  try {
    await gate(header);
    return "passed";
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error instanceof SecurityRefusal ? `${error.fault}: ${error.message}` : error.code;
  }
}

const FAILED = "FailedAuthentication: The caller could not be authenticated.";
const AGAIN = "InvalidSecurity: This message was sent before.";

test("a message passes once", async () => {
  const gate = createCallerGate(policyOf({}), () => NOW);
  assert.equal(await outcome(gate, undefined), "passed");
  assert.equal(await outcome(gate, sent("a")), "passed");
  assert.equal(await outcome(gate, sent("a")), AGAIN);
  assert.equal(await outcome(gate, sent("b")), "passed");
  const two = { ...sent("c"), replay: [...sent("c").replay, ...sent("b").replay] };
  assert.equal(await outcome(gate, two), AGAIN);
});

test("nothing is forgotten to make room: what cannot be remembered has to come back", async () => {
  let now = NOW;
  const gate = createCallerGate(policyOf({ maxReplayEntries: 2 }), () => now);
  assert.equal(await outcome(gate, sent("a", NOW + 5000)), "passed");
  assert.equal(await outcome(gate, sent("b", NOW + 50_000)), "passed");
  assert.equal(await outcome(gate, sent("c", NOW + 50_000)), "overloaded");
  assert.equal(await outcome(gate, sent("a", NOW + 5000)), AGAIN);
  now = NOW + 20_000;
  assert.equal(await outcome(gate, sent("c", NOW + 50_000)), "passed", "the first has ended");
  assert.equal(await outcome(gate, sent("b", NOW + 50_000)), AGAIN);
});

test("a message is remembered until the last moment at which it would be taken", () => {
  const cache = createReplayCache(1000);
  for (let until = NOW; until < NOW + 30_000; until += 1000) {
    assert.equal(cache.remember({ key: String(until), until }, NOW), "new");
  }
  assert.equal(cache.size, 30);
  for (let until = NOW; until < NOW + 30_000; until += 1000) {
    assert.equal(cache.remember({ key: String(until), until }, until), "seen");
  }
  assert.equal(cache.remember({ key: "later", until: NOW + 90_000 }, NOW + 60_000), "new");
  assert.equal(cache.size, 1);
});

test("a copy that was fresh when it was read, and is admitted when the first is forgotten, is refused", async () => {
  let now = NOW;
  const gate = createCallerGate(policyOf({}), () => now);
  const until = NOW + 5000;
  assert.equal(await outcome(gate, sent("a", until)), "passed");
  now = until + 10_000;
  assert.equal(await outcome(gate, sent("b", now)), "passed", "it makes the cache forget the first");
  const late = "MessageExpired: The message is too old. The clocks may differ: both sides must keep UTC.";
  assert.equal(await outcome(gate, sent("a", until)), late);
});

test("a password is checked against its stored hash, and the message remembered only when it is right", async () => {
  const gate = createCallerGate(HASHED, () => NOW);
  assert.equal(await outcome(gate, unproven("sap", "wrong", "n")), FAILED);
  assert.equal(await outcome(gate, unproven("sap", "right", "n")), "passed");
  assert.equal(await outcome(gate, unproven("sap", "right", "n")), AGAIN);
  assert.equal(await outcome(gate, unproven("sap", "right", "m")), "passed");
  assert.equal(await outcome(gate, unproven("sap", "wrong", "o")), FAILED);
});

test("a stranger, a wrong password and one that is stored as it is have the same answer", async () => {
  const gate = createCallerGate(HASHED, () => NOW);
  assert.equal(await outcome(gate, unproven("nobody", "right")), FAILED);
  assert.equal(await outcome(gate, unproven("cics", "right")), FAILED);
  assert.equal(await outcome(gate, unproven("__proto__", "right")), FAILED);
  assert.equal(await outcome(createCallerGate(policyOf({})), unproven("sap", "right")), FAILED);
});

test("few passwords are hashed at once; one that was right before needs none", async () => {
  const gate = createCallerGate(HASHED, () => NOW);
  assert.equal(await outcome(gate, unproven("sap", "right")), "passed");
  const guesses = Array.from({ length: 10 }, (_, index) => outcome(gate, unproven("sap", `guess ${index}`)));
  const known = outcome(gate, unproven("sap", "right"));
  const answers = await Promise.all(guesses);
  assert.equal(await known, "passed");
  assert.deepEqual(answers.filter((answer) => answer === FAILED).length, 2);
  assert.deepEqual(answers.filter((answer) => answer === "overloaded").length, 8);
  assert.equal(await outcome(gate, unproven("sap", "guess")), FAILED);
});
