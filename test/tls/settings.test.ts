/** Settings of TLS that are there in part, contradict themselves or name the wrong files are refused at the start. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { loadConfig, type Flags } from "../../src/config.js";
import { Refusal } from "../../src/errors.js";
import { startTls } from "../../src/tls/tls.js";
import { tlsSettings, type TlsSettings } from "../../src/tls/tls-settings.js";
import { rsaKey } from "../support/certificates.js";
import { keyPem, makePki } from "./tls-harness.js";

function settingsFor(flags: Flags): TlsSettings | undefined {
  return tlsSettings(loadConfig(flags));
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.kind, "usage");
    return error.message;
  }
  return assert.fail("it should have been refused");
}

async function whyNotStarted(flags: Flags): Promise<string> {
  const settings = settingsFor(flags);
  assert.ok(settings !== undefined);
  const [outcome] = await Promise.allSettled([startTls(settings, () => undefined)]);
  if (outcome.status === "fulfilled") {
    outcome.value.close();
    return assert.fail("it should have been refused");
  }
  return refusal(() => {
    throw outcome.reason;
  });
}

function withVariable(context: TestContext, name: string, value: string): void {
  process.env[name] = value;
  context.after(() => Reflect.deleteProperty(process.env, name));
}

suite("half of it", () => {
  const cases: readonly [Flags, RegExp][] = [
    [{ tlsCert: "a" }, /^tlsKey: .* Set tlsKey to the PEM file/],
    [{ tlsKey: "a" }, /^tlsCert: .* Set tlsCert and tlsKey, or none/],
    [{ tlsClientCa: "a" }, /^tlsCert: /],
    [{ tlsClientAuth: "none" }, /^tlsCert: /],
    [{ tlsCert: "a", tlsKey: "b", tlsClientAuth: "optional" }, /^tlsClientCa: .* Set tlsClientCa to/],
    [{ tlsCert: "a", tlsKey: "b", tlsClientCa: "c", tlsClientAuth: "none" }, /^tlsClientAuth: /],
    [{ tlsCert: "a", tlsKey: "b", tlsKeyPassphraseVariable: "NO_SUCH" }, /^tlsKeyPassphraseVariable: /],
    [{ tlsCert: "a", socket: "b" }, /tlsKey: [^\n]*\nsocket: TLS is not spoken over a Unix socket/],
  ];
  for (const [flags, message] of cases) {
    test(Object.keys(flags).join(", "), () => {
      assert.match(
        refusal(() => settingsFor(flags)),
        message,
      );
    });
  }

  test("and nothing of it is clear text", () => {
    assert.equal(settingsFor({}), undefined);
  });
});

test("who must show a certificate", () => {
  const pair = { tlsCert: "a", tlsKey: "b" };
  assert.equal(settingsFor(pair)?.clientAuth, "none");
  assert.equal(settingsFor({ ...pair, tlsClientCa: "c" })?.clientAuth, "required");
  assert.equal(settingsFor({ ...pair, tlsClientCa: "c", tlsClientAuth: "optional" })?.clientAuth, "optional");
});

test("versions and modes, as text and as YAML reads them", (context) => {
  const { folder } = makePki(context);
  const yaml = (text: string): string => {
    const file = join(folder, "gateway.yaml");
    writeFileSync(file, text);
    return file;
  };
  assert.equal(loadConfig({}, yaml("tlsMinVersion: 1.3\n")).tlsMinVersion, "1.3");
  assert.equal(loadConfig({ tlsMinVersion: "1.3" }).tlsMinVersion, "1.3");
  assert.match(
    refusal(() => loadConfig({ tlsMinVersion: "1.1" })),
    /--tls-min-version/,
  );
  withVariable(context, "ARTIFACT_GATEWAY_SOCKET_MODE", "0600");
  assert.equal(loadConfig({}).socketMode, "0600");
  // Read as a number it would be another mode than the one that is meant.
  for (const text of ["0660", "660", "0o660", "'660'", "'0888'"]) {
    Reflect.deleteProperty(process.env, "ARTIFACT_GATEWAY_SOCKET_MODE");
    assert.match(
      refusal(() => loadConfig({}, yaml(`socketMode: ${text}\n`))),
      /octal digits in quotes, such as "0660"/,
    );
  }
  assert.equal(loadConfig({}, yaml("socketMode: '0640'\n")).socketMode, "0640");
});

suite("files at the start", () => {
  test("every one that cannot be read is named", async () => {
    const why = await whyNotStarted({ tlsCert: "/no/cert", tlsKey: "/no/key", tlsClientCa: "/no/ca" });
    for (const path of ["/no/cert", "/no/key", "/no/ca"]) assert.ok(why.includes(`${path}: The file cannot`));
  });

  test("a key that is too weak for anybody", async (context) => {
    const { flags, issue } = makePki(context);
    const weak = issue({ key: rsaKey(1024) });
    writeFileSync(flags.tlsCert, weak.pem);
    writeFileSync(flags.tlsKey, keyPem(weak));
    assert.match(await whyNotStarted(flags), /OpenSSL does not take it \(ERR_SSL_EE_KEY_TOO_SMALL\)/);
  });

  test("a key with a passphrase: right, wrong and none", async (context) => {
    const { flags, issue } = makePki(context);
    const pair = issue();
    const passphrase = "correct horse";
    writeFileSync(flags.tlsCert, pair.pem);
    writeFileSync(
      flags.tlsKey,
      pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }),
    );
    assert.match(await whyNotStarted(flags), /can be read without a passphrase/);
    const named = { ...flags, tlsKeyPassphraseVariable: "TEST_TLS_PASSPHRASE" };
    withVariable(context, "TEST_TLS_PASSPHRASE", "wrong donkey");
    const why = await whyNotStarted(named);
    assert.match(why, /can be read with its passphrase/);
    assert.ok(!why.includes("donkey"));
    withVariable(context, "TEST_TLS_PASSPHRASE", passphrase);
    const settings = settingsFor(named);
    assert.ok(settings !== undefined);
    const tls = await startTls(settings, () => undefined);
    tls.close();
    assert.equal(tls.certificate().fingerprint, pair.certificate.fingerprint256);
  });
});
