/** The commands of docs/tls.md, executed as they stand there. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { ARTIFACT } from "./tls-harness.js";
import { repository, serveExample } from "../support/served-example.js";

const run = promisify(execFile);

const [makeCertificates = "", callIt = ""] = [
  ...readFileSync(repository("docs/tls.md"), "utf8").matchAll(/```sh\n([\s\S]*?)```/g),
].map(([, commands]) => commands);

test("certificates are made, served, and shown by callers", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "tls-page-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const shell = async (commands: string): Promise<string> => {
    const { stdout } = await run("bash", ["-euo", "pipefail", "-c", commands], { cwd: folder });
    return stdout;
  };
  await shell(makeCertificates);
  const served = await serveExample(ARTIFACT, {
    processes: "1",
    tlsCert: join(folder, "tls.crt"),
    tlsKey: join(folder, "tls.key"),
    tlsClientCa: join(folder, "ca.crt"),
  });
  context.after(() => served.gateway.stop());
  const [curl = "", openssl = ""] = callIt
    .replaceAll("8443", served.address.split(":").at(-1) ?? "")
    .split(/\n(?=openssl)/);
  assert.match(await shell(curl), /credit_decision/);
  const handshake = await shell(openssl);
  assert.match(handshake, /ALPN protocol: h2/);
  assert.match(handshake, /Verification: OK/);
  // Without a certificate the same is refused.
  await assert.rejects(shell(curl.replace("--cert client.crt --key client.key", "")));
});
