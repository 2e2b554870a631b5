/** The protos in the hands of callers: `buf lint`, and generated code in Go, Java and Python that calls the examples. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fromProtoJson, toProtoJson } from "../examples/proto-json.js";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";
import { withoutNulls, type Json } from "../support/json-of-type.js";
import { runCommand } from "../support/run-command.js";
import { repository } from "../support/served-example.js";
import { PROTO_ROOT } from "./corpus.js";
import { EXACT_PROTO_ROWS } from "./exact-values.js";
import { filesBelow, generateGo, generateJava, generatePython, pythonModules } from "./protoc.js";
import { assertExplained, emptyFolder, runTool } from "./run-tool.js";
import { EXAMPLES, serveExamples, type ServedCommand } from "./serve-command.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { modelPython, clientPython, go, protoc, protocGenGo, grpcJava, protocGenGrpcJava } = readTools();
const LINT = JSON.stringify({ version: "v2", lint: { use: ["STANDARD"], ignore: ["google"] } });

interface ServiceName {
  readonly alias: string;
  readonly protoPackage: string;
  readonly name: string;
}

/** One language: how its code is made, and the command that calls a service with it. */
interface Language {
  readonly name: string;
  readonly skip: string | false;
  readonly build: (folder: string) => Promise<void>;
  readonly command: (folder: string, service: ServiceName, target: string) => readonly [string, ...string[]];
}

const GO: Language = {
  name: "Go",
  skip:
    skipWithout(go) !== false
      ? skipWithout(go)
      : skipWithout(protocGenGo) !== false
        ? skipWithout(protocGenGo)
        : skipWithout(protoc),
  build: async (folder) => {
    for (const file of ["go.mod", "go.sum", "main.go"]) {
      copyFileSync(repository(`test/interop/go/${file}`), join(folder, file));
    }
    assertExplained(await generateGo(folder));
    const mode = "-mod=readonly";
    const said = await runTool(commandOf(go), ["build", mode, "-o", "interop", "."], folder);
    assertExplained(said, [{ line: /^go: downloading /, reason: "a library that is not in the cache yet" }]);
    assertExplained(await runTool(commandOf(go), ["vet", mode, "./..."], folder));
  },
  command: (folder, { alias }, target) => [join(folder, "interop"), alias, target],
};

const JAVA: Language = {
  name: "Java",
  skip: skipWithout(protocGenGrpcJava),
  build: async (folder) => {
    const [sources, classes, list] = [join(folder, "sources"), join(folder, "classes"), join(folder, "list")];
    mkdirSync(sources);
    assertExplained(await generateJava(sources));
    const driver = repository("test/interop/java/GrpcCaller.java");
    writeFileSync(list, `${[driver, ...filesBelow(sources, ".java")].join("\n")}\n`);
    // Jars name neighbours in their manifests that Maven keeps elsewhere: `path`.
    const options = ["-J-Xmx2g", "-Xlint:all,-path", "-Werror", "-d", classes];
    assertExplained(await runTool("javac", [...options, "-cp", commandOf(grpcJava), `@${list}`]));
  },
  command: (folder, { protoPackage, name }, target) => {
    const classPath = `${join(folder, "classes")}:${commandOf(grpcJava)}`;
    return ["java", "-cp", classPath, "GrpcCaller", protoPackage, name, target];
  },
};

const STUBS = repository("test/interop/grpc_stubs.py");
const PYTHON: Language = {
  name: "Python",
  skip: false,
  build: async (folder) => {
    assertExplained(await generatePython(folder));
    assertExplained(await runTool(clientPython, [STUBS, folder, "--import", ...pythonModules()]));
  },
  command: (folder, { protoPackage, name }, target) => [
    clientPython,
    STUBS,
    folder,
    protoPackage,
    name,
    target,
  ],
};

let served: ServedCommand;
before(async () => {
  served = await serveExamples(modelPython);
});
after(() => served.stop());

test("buf lint: every proto is clean under STANDARD", async () => {
  assertExplained(await runTool(repository("node_modules/.bin/buf"), ["lint", PROTO_ROOT, "--config", LINT]));
});

for (const language of [GO, JAVA, PYTHON]) testLanguage(language);

function testLanguage({ name, skip, build, command }: Language): void {
  const folder = emptyFolder(`protoc-${name.toLowerCase()}`);
  const call = async (service: ServiceName, requests: readonly Json[]): Promise<readonly Json[]> => {
    const [program, ...args] = command(folder, service, `localhost:${served.port}`);
    const lines = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
    const answers = (await runCommand(program, args, lines)).trim().split("\n");
    return answers.map((line) => JSON.parse(line) as Json);
  };

  test(`${name}: code for every proto, without a warning`, { skip }, () => build(folder));

  for (const example of EXAMPLES) {
    test(`${name}: every sample of ${example}`, { skip }, async (context) => {
      const service = await contractOfExample(example);
      const [result] = service.operation.response.fields;
      const samples = samplesOf(example);
      const inputs = samples.map(({ file }) => JSON.parse(readFileSync(file, "utf8")) as Json);
      const answers = await call(
        service,
        inputs.map((sample) => toProtoJson(service.operation.request, sample)),
      );
      assert.equal(answers.length, samples.length);
      for (const [index, sample] of samples.entries()) {
        await context.test(sample.name, () => {
          const { result: message } = answers[index] as { result?: Json };
          assert.deepEqual(
            fromProtoJson(result.type, message),
            withoutNulls(JSON.parse(sample.expected) as Json),
          );
        });
      }
    });
  }

  test(`${name}: every type keeps its values, to the last digit`, { skip }, async () => {
    const service = { alias: "exact_echo", protoPackage: "exact_echo.v1", name: "ExactEchoService" };
    assert.deepEqual(await call(service, [{ rows: EXACT_PROTO_ROWS }]), [{ result: EXACT_PROTO_ROWS }]);
  });
}
