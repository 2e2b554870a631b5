import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { create } from "tar";
import { fixture, PYTHON } from "../support/pool-harness.js";
import { repository } from "../support/served-example.js";
import { gateway } from "./gateway-command.js";

const CREDIT = repository("examples/credit_decision/artifact");

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "commands-"));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
}

test("run prints the answer alone on standard output", async () => {
  const sample = repository("examples/credit_decision/samples/approve.json");
  const { code, stdout, stderr } = await gateway("run", CREDIT, "--input", sample, "--python", PYTHON);
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { decision: string }).decision, "APPROVE");
  assert.equal(stderr, "");
});

test("run names every wrong place of the input, exit code 2", async (context) => {
  const file = join(folder(context), "input.json");
  writeFileSync(
    file,
    '{"application": [{"application_id": 7, "incom": 1}], "parameters": {"strategy": "x"}}',
  );
  const { code, stdout, stderr } = await gateway("run", CREDIT, "--input", file, "--python", PYTHON);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /input\.json: application\[0\]\.application_id: Expected a string\./);
  assert.match(stderr, /input\.json: application\[0\]\.incom: The contract has no such name here\./);
});

test("run shows the traceback of an artifact that raises, exit code 3", async (context) => {
  const file = join(folder(context), "input.json");
  writeFileSync(file, '{"what": "raise", "detail": "x"}');
  const { code, stderr } = await gateway("run", fixture("faults"), "--input", file, "--python", PYTHON);
  assert.equal(code, 3);
  assert.match(stderr, /ValueError: the secret is x/);
});

test("generate --check tells a changed file from an up-to-date one", async (context) => {
  const out = folder(context);
  assert.equal((await gateway("generate", CREDIT, "--out", out)).code, 0);
  assert.equal((await gateway("generate", CREDIT, "--out", out, "--check")).code, 0);
  const wsdl = join(out, "wsdl/credit_decision.v1.wsdl");
  writeFileSync(wsdl, readFileSync(wsdl, "utf8").replace("minOccurs", "minoccurs"));
  const { code, stderr } = await gateway("generate", CREDIT, "--out", out, "--check");
  assert.equal(code, 4);
  assert.match(stderr, /credit_decision\.v1\.wsdl: Differs at line \d+\./);
});

test("inspect says what the artifact is, for people and as JSON", async () => {
  const { stdout } = await gateway("inspect", CREDIT);
  assert.match(stdout, /^artifact +Credit Decision 4$/m);
  assert.match(stdout, /^ {2}requested_amount +decimal\(11,2\) +required$/m);
  const report = JSON.parse((await gateway("inspect", CREDIT, "--json")).stdout) as {
    tables: { alias: string }[];
    digest: string;
  };
  assert.deepEqual(
    report.tables.map(({ alias }) => alias),
    ["application", "trade_lines"],
  );
  assert.match(stdout, new RegExp(report.digest));
});

test("verify holds an artifact against the digest and the signature that were approved", async (context) => {
  const work = folder(context);
  const bundle = join(work, "bundle.tar.gz");
  cpSync(CREDIT, join(work, "credit_decision.1"), { recursive: true });
  await create({ cwd: work, file: bundle, gzip: true }, ["credit_decision.1"]);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = join(work, "key.pem");
  const signature = join(work, "bundle.sig");
  writeFileSync(key, publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(signature, createSign("sha256").update(readFileSync(bundle)).sign(privateKey, "base64"));

  const good = await gateway("verify", bundle, "--json", "--python", PYTHON);
  const { digest } = JSON.parse(good.stdout) as { digest: string };
  const signed = ["--signature", signature, "--key", key, "--python", PYTHON];
  const verified = await gateway("verify", bundle, "--digest", digest, ...signed);
  assert.equal(verified.code, 0, verified.stderr);
  assert.match(verified.stdout, /^signature +ok/m);

  const other = await gateway("verify", bundle, "--digest", `sha256:${"0".repeat(64)}`, "--python", PYTHON);
  assert.equal(other.code, 3);
  assert.match(other.stderr, /digest: failed: .* Do not serve it/);

  writeFileSync(signature, createSign("sha256").update("something else").sign(privateKey, "base64"));
  const forged = await gateway("verify", bundle, ...signed);
  assert.equal(forged.code, 3);
  assert.match(forged.stderr, /signature: failed: not made with/);

  assert.equal((await gateway("verify", bundle, "--key", key)).code, 2);
});

test("verify --strict refuses libraries that are missing or of another version", async (context) => {
  const copy = join(folder(context), "artifact");
  cpSync(CREDIT, copy, { recursive: true });
  writeFileSync(join(copy, "python_dict/versions.json"), '{"python": "2.7.1", "a-missing-library": "1.0"}');
  const { code, stdout, stderr } = await gateway("verify", copy, "--strict", "--python", PYTHON);
  assert.equal(code, 3);
  assert.match(stdout, /^python +differs +3\.\d+\.\d+, made with 2\.7\.1$/m);
  assert.match(stderr, /a-missing-library: missing: made with 1\.0\. Install what/);
  assert.match(stderr, /python: differs/);
});

test("a broken bundle is refused with every problem, exit code 3", async (context) => {
  const copy = join(folder(context), "artifact");
  cpSync(CREDIT, copy, { recursive: true });
  writeFileSync(
    join(copy, "input_info.json"),
    '{"tables": [{"alias": "application", "columns": [{"alias": "fico", "type": "Nummerical"}, {"alias": "fico", "type": "int"}]}]}',
  );
  rmSync(join(copy, "python_dict/__init__.py"));
  const { code, stderr } = await gateway("inspect", copy);
  assert.equal(code, 3);
  assert.match(stderr, /input_info\.json: tables\[0\]\.columns\[0\]\.type: .*Nummerical/);
  assert.match(stderr, /input_info\.json: tables\[0\]\.columns\[1\]\.alias: /);
  assert.match(stderr, /python_dict\/__init__\.py: /);
});

test("wrong usage is said on standard error, exit code 2", async () => {
  const unknown = await gateway("serve", CREDIT, "--prot", "1");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /unknown option '--prot'/);
  assert.equal((await gateway("nonsense")).code, 2);
  assert.equal((await gateway("--help")).code, 0);
  const config = await gateway("serve", CREDIT, "--print-config", "--port", "1234");
  assert.equal((JSON.parse(config.stdout) as { port: number }).port, 1234);
});
