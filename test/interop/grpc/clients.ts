/** grpc-go, grpc-java and grpcio, with stubs of the protos that `generate` writes for the fixtures. */
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../support/run-command.js";
import { repository } from "../../support/served-example.js";
import { filesBelow, generateGo, generateJava, generatePython, type Protos } from "../protoc.js";
import { assertExplained, emptyFolder, runTool } from "../run-tool.js";
import { fixtureArguments } from "../soap/served-soap.js";
import { commandOf, readTools, skipWithout } from "../tools.js";
import { compile } from "../soap/java-clients.js";
import { startProgram } from "./client-program.js";
import type { GrpcClient } from "./grpc-client.js";
import { GRPC_FIXTURES } from "./served-grpc.js";

const { clientPython, go, protoc, protocGenGo, grpcJava, protocGenGrpcJava } = readTools();

const SOURCES = repository("test/interop/grpc");

export const GRPC_GO: GrpcClient = {
  name: "grpc-go",
  skip: [go, protocGenGo, protoc].map(skipWithout).find((reason) => reason !== false) ?? false,
  unixSockets: true,
  async build() {
    const folder = emptyFolder("grpc-go");
    for (const name of ["go.mod", "go.sum"])
      copyFileSync(repository(`test/interop/go/${name}`), join(folder, name));
    for (const name of readdirSync(join(SOURCES, "go")))
      copyFileSync(join(SOURCES, "go", name), join(folder, name));
    assertExplained(await generateGo(folder, await protosOfFixtures("go")));
    const mode = "-mod=readonly";
    const said = await runTool(commandOf(go), ["build", mode, "-o", "client", "."], folder);
    assertExplained(said, [{ line: /^go: downloading /, reason: "a library that is not in the cache yet" }]);
    assertExplained(await runTool(commandOf(go), ["vet", mode, "."], folder));
    return () => startProgram(join(folder, "client"), []);
  },
};

export const GRPC_JAVA: GrpcClient = {
  name: "grpc-java",
  skip: skipWithout(protocGenGrpcJava),
  unixSockets: false,
  async build() {
    const folder = emptyFolder("grpc-java");
    const [sources, classes] = [emptyFolder("grpc-java/sources"), join(folder, "classes")];
    assertExplained(await generateJava(sources, await protosOfFixtures("java")));
    const files = [...filesBelow(sources, ".java"), ...filesBelow(join(SOURCES, "java"), ".java")];
    const classPath = `${classes}:${commandOf(grpcJava)}`;
    await compile(classes, classPath, files);
    return () => startProgram("java", ["-cp", classPath, "GrpcClient"]);
  },
};

export const GRPCIO: GrpcClient = {
  name: "grpcio",
  skip: false,
  unixSockets: true,
  async build() {
    const folder = emptyFolder("grpc-python");
    assertExplained(await generatePython(folder, await protosOfFixtures("python")));
    return () => startProgram(clientPython, [join(SOURCES, "python/grpc_client.py"), folder]);
  },
};

/** @param name of the client: test files run side by side, and each has a folder of its own */
async function protosOfFixtures(name: string): Promise<Protos> {
  const out = emptyFolder(`grpc-protos-${name}`);
  for (const fixture of GRPC_FIXTURES) {
    const args = ["dist/src/cli/main.js", "generate", ...fixtureArguments([fixture]), "--out", out];
    await runCommand(process.execPath, args);
  }
  return {
    root: join(out, "proto"),
    files: GRPC_FIXTURES.map((fixture) => `${fixture}/v1/${fixture}.proto`),
  };
}
