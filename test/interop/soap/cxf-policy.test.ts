/** Apache CXF, told nothing of WS-Security but who it is: what to send it reads in the policy of the WSDL, over TLS. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeIdentity } from "../../support/certificates.js";
import { runTool } from "../run-tool.js";
import { readTools, skipWithout } from "../tools.js";
import type { CallSecurity } from "./client-program.js";
import { cxf, type JavaSettings } from "./java-clients.js";
import { USER, writeIdentity } from "./security-suite.js";
import { fixtureArguments, type SoapArtifacts } from "./served-soap.js";
import { describeClient } from "./soap-suite.js";

const folder = mkdtempSync(join(tmpdir(), "soap-policy-"));
after(() => rmSync(folder, { recursive: true }));
const trusted = writeIdentity(folder, "trusted", makeIdentity());
const stranger = writeIdentity(folder, "stranger", makeIdentity());

/** The key of the server, and what its callers trust. */
const STORE = join(folder, "server.p12");
const PASSWORD = "of a store for one run";
const TRUST: JavaSettings = {
  javaOptions: [`-Djavax.net.ssl.trustStore=${STORE}`, `-Djavax.net.ssl.trustStorePassword=${PASSWORD}`],
};

if (skipWithout(readTools().cxf) === false) before(makeStore);

async function makeStore(): Promise<void> {
  const key = ["-genkeypair", "-alias", "server", "-keyalg", "RSA", "-dname", "CN=127.0.0.1"];
  const store = ["-keystore", STORE, "-storetype", "PKCS12", "-storepass", PASSWORD];
  await runTool("keytool", [...key, "-ext", "SAN=IP:127.0.0.1", "-validity", "2", ...store]);
}

interface Policy {
  readonly name: string;
  readonly content: object;
  readonly right: CallSecurity;
  readonly wrong: CallSecurity;
}

const token = (type: "digest" | "text"): Policy => ({
  name: `${type} and timestamp`,
  content: {
    usernameToken: { passwordTypes: [type], users: [USER] },
    timestamp: "required",
    transportProtected: true,
  },
  right: { token: { ...USER, type } },
  wrong: { token: { ...USER, type, password: "wrong" } },
});

const POLICIES: readonly Policy[] = [
  token("digest"),
  token("text"),
  {
    name: "signature, and addressing",
    content: {
      signature: { certificates: [trusted.certificate] },
      timestamp: "required",
      addressing: "required",
    },
    right: { signature: trusted },
    wrong: { signature: stranger },
  },
];

function artifacts({ name, content }: Policy): SoapArtifacts {
  const file = join(folder, `${name}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(content));
  const aliases = ["every_value"];
  return {
    aliases,
    args: [...fixtureArguments(aliases), "--soap-policy", file, "--python", readTools().modelPython],
    tls: { pfx: readFileSync(STORE), passphrase: PASSWORD },
  };
}

for (const version of ["1.1", "1.2"] as const) {
  for (const policy of POLICIES) {
    describeClient(
      `policy of ${policy.name}`,
      cxf(version),
      () => artifacts(policy),
      (running) => {
        const call = (security: CallSecurity): ReturnType<ReturnType<typeof running>["call"]> => {
          const { served } = running();
          const wsdl = `${served.find("every_value", version).wsdl}&policy`;
          const special = { wsdl, security: { ...security, byPolicy: true } };
          return running().call("every_value", "Evaluate", { rows: { row: [{ textField: "x" }] } }, special);
        };

        test("what it sends is taken", async () => {
          const row = { textField: "x", seen: "text='x'" };
          assert.deepEqual(await call(policy.right), { result: { row: [row] } });
        });

        test("what it sends for a stranger is refused", async () => {
          const { fault } = await call(policy.wrong);
          assert.equal(version === "1.1" ? fault?.code : fault?.subcode, "FailedAuthentication");
        });
      },
      TRUST,
    );
  }
}
