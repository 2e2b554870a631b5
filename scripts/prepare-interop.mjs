/**
 * Makes what `npm run test:interop` needs, under `.cache/interop/`: virtual environments for the foreign clients and for
 * the artifact that needs libraries, tools in Go and Java where those are installed, and the contracts that the tools are
 * fed. What was found is written to `.cache/interop/tools.json`, for `test/interop/tools.ts`. With INTEROP_REQUIRE_ALL=1
 * nothing may be missing.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, CACHE, isInstalled, keyOf, missing, once, run } from "./interop-cache.mjs";
import { prepareJava } from "./prepare-java.mjs";

const GRPCURL = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3";
const GHZ = "github.com/bojand/ghz/cmd/ghz@v0.121.0";
const GRPC_HEALTH_PROBE = "github.com/grpc-ecosystem/grpc-health-probe@v0.4.61";
/** Of the version in the go.mod of `GO_TOOLS`. */
const GRPCUI = "github.com/fullstorydev/grpcui/cmd/grpcui";
const GO_TOOLS = "test/interop/go_tools";
/** Later versions exist, but not as Go modules that the module proxy has. */
const H2SPEC = "github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible";

/** What distributions call it. */
const CHROMIUM_COMMANDS = ["chromium", "chromium-browser", "google-chrome"];

const PROTOC_GEN_GO = "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12";
const PROTOC_GEN_GO_GRPC = "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2";

/** Versions that have wheels of every library in the examples' `versions.json`. */
const PYTHON_VERSIONS = ["3.10", "3.11", "3.12", "3.13"];

export function prepareInterop() {
  mkdirSync(CACHE, { recursive: true });
  const python = findPython();
  const clients = readFileSync("test/interop/requirements.txt", "utf8");
  const inference = readFileSync("test/interop/inference-requirements.txt", "utf8");
  const model = run(process.execPath, [
    "dist/src/cli/main.js",
    "requirements",
    "examples/default_risk/artifact",
  ]);
  const tools = {
    clientPython: virtualEnvironment("clients", python, clients),
    modelPython: virtualEnvironment("default_risk", python, model),
    inferencePython: virtualEnvironment("inference", python, inference),
    grpcurl: goInstall("grpcurl", GRPCURL),
    grpcui: goBuild("grpcui", GRPCUI),
    grpcHealthProbe: goInstall("grpc-health-probe", GRPC_HEALTH_PROBE),
    ghz: goInstall("ghz", GHZ),
    h2spec: goInstall("h2spec", H2SPEC),
    go: findOnPath("go", ["version"]),
    protocGenGo: goInstall("protoc-gen-go", PROTOC_GEN_GO),
    protocGenGoGrpc: goInstall("protoc-gen-go-grpc", PROTOC_GEN_GO_GRPC),
    php: findPhp(),
    curl: findOnPath("curl", ["--version"]),
    xmllint: findOnPath("xmllint", ["--version"]),
    chromium: findChromium(),
    ...prepareJava(),
  };
  requireAll(tools);
  writeFileSync(join(CACHE, "tools.json"), `${JSON.stringify(tools, null, 2)}\n`);
  run(process.execPath, ["dist/test/interop/write-corpus.js", join(CACHE, "corpus")]);
}

function findPython() {
  const script = "import sys; print('%d.%d' % sys.version_info[:2])";
  const candidates = ["python3", ...PYTHON_VERSIONS.map((version) => `python${version}`)];
  const found = candidates.find((candidate) => {
    const { status, stdout } = spawnSync(candidate, ["-c", script], { encoding: "utf8" });
    return status === 0 && PYTHON_VERSIONS.includes(stdout.trim());
  });
  if (found === undefined) {
    throw new Error(`No Python of ${PYTHON_VERSIONS.join(", ")} is on the PATH as python3 or python3.x.`);
  }
  return found;
}

/** @returns the interpreter of an environment with exactly these requirements */
function virtualEnvironment(name, python, requirements) {
  const version = run(python, ["--version"]);
  return once(`${name}-${keyOf(version, requirements)}`, (folder) => {
    console.log(`Preparing ${name}: installing ${requirements.trim().split("\n").length} Python packages`);
    run(python, ["-m", "venv", folder]);
    writeFileSync(join(folder, "requirements.txt"), requirements);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(join(folder, "bin/python"), [...pip, "-r", join(folder, "requirements.txt")]);
    return "bin/python";
  });
}

/** @param command what the package is called once it is built */
function goInstall(command, goPackage) {
  if (!isInstalled("go", ["version"])) return missing("Go is not installed");
  return attempt("go install", () =>
    once(`${command}-${keyOf(goPackage)}`, (folder) => {
      console.log(`Preparing ${command}: go install ${goPackage}`);
      run("go", ["install", goPackage], { GOBIN: folder });
      return command;
    }),
  );
}

/** A command of a module that the module in `GO_TOOLS` requires, with the checksums that stand there. */
function goBuild(command, goPackage) {
  if (!isInstalled("go", ["version"])) return missing("Go is not installed");
  const sums = readFileSync(join(GO_TOOLS, "go.sum"), "utf8");
  return attempt("go build", () =>
    once(`${command}-${keyOf(goPackage, sums)}`, (folder) => {
      console.log(`Preparing ${command}: go build ${goPackage}`);
      run("go", ["build", "-C", GO_TOOLS, "-mod=readonly", "-o", join(folder, command), goPackage]);
      return command;
    }),
  );
}

function findPhp() {
  const { status, stdout } = spawnSync("php", ["-m"], { encoding: "utf8" });
  if (status !== 0) return missing("php is not installed");
  return /^soap$/m.test(stdout) ? { path: "php" } : missing("php has no soap extension (Debian: php-soap)");
}

/** The one that `CHROMIUM` names, or else the first on the PATH. */
function findChromium() {
  const named = process.env.CHROMIUM;
  const candidates = named === undefined || named === "" ? CHROMIUM_COMMANDS : [named];
  const command = candidates.find((candidate) => isInstalled(candidate));
  return command === undefined
    ? missing(`${candidates[0]} is not installed`)
    : { path: run("sh", ["-c", `command -v -- "$0"`, command]).trim() };
}

function findOnPath(command, probe) {
  return isInstalled(command, probe) ? { path: command } : missing(`${command} is not installed`);
}

/** @throws Error naming every tool that is not there, where all of them have to be */
function requireAll(tools) {
  if (process.env.INTEROP_REQUIRE_ALL !== "1") return;
  const absent = Object.entries(tools).filter(([, tool]) => tool.missing !== undefined);
  if (absent.length === 0) return;
  const reasons = absent.map(([name, tool]) => `${name}: ${tool.missing}`);
  throw new Error(`INTEROP_REQUIRE_ALL is set, and these tools are missing:\n${reasons.join("\n")}`);
}
