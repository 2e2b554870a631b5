/** WS-Security and WS-Addressing as other stacks speak them: what is right is taken, and what is wrong is refused in their words. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeIdentity, type Identity } from "../../support/certificates.js";
import { readTools } from "../tools.js";
import type { CallSecurity, SoapOutcome } from "./client-program.js";
import { fixtureArguments, type SoapArtifacts } from "./served-soap.js";
import { describeClient, type Running, type SoapClient } from "./soap-suite.js";

export const USER = { name: "cics", password: "correct horse" };
const DIGEST = { token: { ...USER, type: "digest" } } as const;
const TEXT = { token: { ...USER, type: "text" } } as const;

type SignatureFiles = NonNullable<CallSecurity["signature"]>;

/** The text that goes through every message here; a message that was tampered with has the other, as long as it. */
const SENT = "before";
const TAMPERED = "behind";

/** Registers the tests for one client. */
export function testSecurity(client: SoapClient): void {
  const folder = mkdtempSync(join(tmpdir(), "soap-security-"));
  after(() => rmSync(folder, { recursive: true }));
  const trusted = writeIdentity(folder, "trusted", makeIdentity());
  const stranger = writeIdentity(folder, "stranger", makeIdentity());
  const signed = { timestamp: true, signature: trusted } as const;

  const accepted: Readonly<Record<string, CallSecurity>> = {
    "a password": TEXT,
    "a digest": DIGEST,
    "a digest and a timestamp": { ...DIGEST, timestamp: true },
    "a signature over body and timestamp": signed,
    "a signature and a digest": { ...DIGEST, ...signed },
  };
  const refused: Readonly<Record<string, readonly [CallSecurity, string]>> = {
    "a wrong password": [{ token: { ...TEXT.token, password: "wrong" } }, "FailedAuthentication"],
    "the digest of a wrong password": [
      { token: { ...DIGEST.token, password: "wrong" } },
      "FailedAuthentication",
    ],
    "an unknown user": [{ token: { ...DIGEST.token, name: "nobody" } }, "FailedAuthentication"],
    "a timestamp without a token": [{ timestamp: true }, "InvalidSecurity"],
    "a signature of a key that nobody trusts": [{ ...signed, signature: stranger }, "FailedAuthentication"],
  };

  const call = (running: Running, security?: CallSecurity): Promise<SoapOutcome> =>
    running.call(
      "every_value",
      "Evaluate",
      { rows: { row: [{ textField: SENT }] } },
      security === undefined ? {} : { security },
    );
  const assertRefused = (outcome: SoapOutcome, word: string): void => {
    const { fault } = outcome;
    assert.ok(fault !== undefined, JSON.stringify(outcome));
    assert.equal(fault.exception, client.faults.other);
    assert.equal(client.version === "1.1" ? fault.code : fault.subcode, word, JSON.stringify(outcome));
    assert.equal(fault.detail, undefined);
    assert.doesNotMatch(fault.reason, /correct|horse|cics|nobody/);
  };
  const ANSWER = { row: [{ textField: SENT, seen: `text='${SENT}'` }] };

  describeClient(
    "security",
    client,
    () => policyArtifacts(folder, trusted),
    (running) => {
      for (const [name, security] of Object.entries(accepted)) {
        test(`${name} is taken`, async () => {
          assert.deepEqual(await call(running(), security), { result: ANSWER });
        });
      }

      for (const [name, [security, word]] of Object.entries(refused)) {
        test(`${name} is refused: ${word}`, async () => {
          assertRefused(await call(running(), security), word);
        });
      }

      test("a message without security is refused: InvalidSecurity", async () => {
        assertRefused(await call(running()), "InvalidSecurity");
      });

      for (const [name, security] of Object.entries({ "a digest": DIGEST, "a signed message": signed })) {
        test(`${name} that comes twice is refused: InvalidSecurity`, async () => {
          const { served } = running();
          const first = served.alterNext((request) => request);
          assert.deepEqual(await call(running(), security), { result: ANSWER });
          const copy = await first;
          const second = served.alterNext(() => copy);
          assertRefused(await call(running(), security), "InvalidSecurity");
          await second;
        });
      }

      test("a body that was changed after it was signed is refused: FailedCheck", async () => {
        const altered = running().served.alterNext((request) => replaced(request, SENT, TAMPERED));
        assertRefused(await call(running(), signed), "FailedCheck");
        assert.ok((await altered).includes(SENT));
      });

      test("a timestamp of long ago is refused: MessageExpired", async () => {
        const altered = running().served.alterNext((request) =>
          replaced(request, /(Timestamp[^]*?Created>)\d{4}([^]*?Expires>)\d{4}/, "$12020$22020"),
        );
        assertRefused(await call(running(), { ...TEXT, timestamp: true }), "MessageExpired");
        await altered;
      });

      test("a reply relates to the request that it answers, signed or not", async () => {
        for (const security of [DIGEST, { ...DIGEST, ...signed }]) {
          const outcome = await running().call(
            "every_value",
            "Evaluate",
            { rows: { row: [{ textField: SENT }] } },
            { addressing: true, security },
          );
          assert.deepEqual(outcome, { result: ANSWER, related: true });
        }
      });
    },
  );
}

/** One policy for all of it: a token or a signature. */
function policyArtifacts(folder: string, { certificate }: SignatureFiles): SoapArtifacts {
  const policy = {
    usernameToken: { use: "optional", passwordTypes: ["digest", "text"], users: [USER] },
    signature: { use: "optional", certificates: [certificate] },
    transportProtected: true,
  };
  const file = join(folder, "policy.yaml");
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(policy));
  const aliases = ["every_value"];
  return {
    aliases,
    args: [...fixtureArguments(aliases), "--soap-policy", file, "--python", readTools().modelPython],
  };
}

export function writeIdentity(folder: string, name: string, { privateKey, pem }: Identity): SignatureFiles {
  const [key, certificate] = [join(folder, `${name}.key.pem`), join(folder, `${name}.pem`)];
  writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(certificate, pem);
  return { key, certificate };
}

/** A request in which a text has another of the same length. */
function replaced(request: Buffer, text: string | RegExp, by: string): Buffer {
  const changed = Buffer.from(request.toString("latin1").replace(text, by), "latin1");
  assert.ok(changed.length === request.length && !changed.equals(request), "nothing was changed");
  return changed;
}
