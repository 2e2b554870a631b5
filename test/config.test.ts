import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { loadConfig } from "../src/config.js";
import { Refusal } from "../src/errors.js";

function yaml(context: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, text);
  return file;
}

function withEnvironment(context: TestContext, variables: Record<string, string>): void {
  Object.assign(process.env, variables);
  context.after(() => {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  });
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof Refusal);
    assert.equal(error.kind, "usage");
    return error.problems.map(({ where, path, message }) => `${where}|${path}|${message}`);
  }
  return assert.fail("the configuration should have been refused");
}

test("flags go over the environment, the environment over the file, the file over defaults", (context) => {
  const file = yaml(context, "port: 1001\nprocesses: 3\nmaxQueued: 5\n");
  withEnvironment(context, { ARTIFACT_GATEWAY_PROCESSES: "4", ARTIFACT_GATEWAY_PORT: "1002" });
  const config = loadConfig({ port: "1003" }, file);
  assert.deepEqual(
    [config.port, config.processes, config.maxQueued, config.managementPort],
    [1003, 4, 5, 9090],
  );
  assert.ok(Object.isFrozen(config));
});

test("PORT is honoured, and gives way to the gateway's own variable", (context) => {
  withEnvironment(context, { PORT: "3000" });
  assert.equal(loadConfig({}).port, 3000);
  withEnvironment(context, { ARTIFACT_GATEWAY_PORT: "3001" });
  assert.equal(loadConfig({}).port, 3001);
});

test("every wrong setting is named with where it came from", (context) => {
  const file = yaml(context, "processes: none\nporcesses: 2\n");
  withEnvironment(context, { ARTIFACT_GATEWAY_MANAGEMENT_PORT: "70000" });
  const problems = problemsOf(() => loadConfig({ grpcPort: "x", publicUrl: "http://host/path" }, file));
  assert.equal(problems.length, 5);
  assert.ok(problems.some((problem) => problem.startsWith(`${file}: processes|`)));
  assert.ok(problems.some((problem) => problem.startsWith(`${file}|porcesses|No such setting`)));
  assert.ok(problems.some((problem) => problem.startsWith("ARTIFACT_GATEWAY_MANAGEMENT_PORT|")));
  assert.ok(problems.some((problem) => problem.startsWith("--grpc-port|")));
  assert.ok(problems.some((problem) => problem.startsWith("--public-url||expected http://")));
});

test("a file that is missing or not YAML is refused", (context) => {
  assert.match(problemsOf(() => loadConfig({}, "/nowhere/gateway.yaml")).join(), /cannot be read/);
  assert.match(problemsOf(() => loadConfig({}, yaml(context, "a: [1"))).join(), /Not valid YAML/);
  assert.match(
    problemsOf(() => loadConfig({}, yaml(context, "port: 1\nport: 2\n"))).join(),
    /Not valid YAML/,
  );
  assert.match(problemsOf(() => loadConfig({}, yaml(context, "- port\n"))).join(), /settings by name/);
});

test("charsets are a list from a closed one, in the environment separated by commas", (context) => {
  assert.deepEqual(loadConfig({}).charsets, []);
  withEnvironment(context, { ARTIFACT_GATEWAY_CHARSETS: "ibm037,iso-8859-1" });
  assert.deepEqual(loadConfig({}).charsets, ["ibm037", "iso-8859-1"]);
  assert.deepEqual(loadConfig({ charsets: ["ibm1047"] }).charsets, ["ibm1047"]);
  const [problem = ""] = problemsOf(() => loadConfig({ charsets: "ibm037,koi8-r" }));
  assert.match(problem, /^--charsets\|\|.*"ibm1047"/);
});
