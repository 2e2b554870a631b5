/**
 * Makes what `npm run test:interop` needs, under `.cache/interop/`: virtual environments for the foreign clients and for
 * the artifact that needs libraries, and grpcurl and h2spec where Go is installed. Everything is keyed by what it is
 * made of, so that a second run finds it. What was found is written to `.cache/interop/tools.json`, for
 * `test/interop/tools.ts`.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const CACHE = resolve(".cache/interop");
const GRPCURL = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3";
/** Later versions exist, but not as Go modules that the module proxy has. */
const H2SPEC = "github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible";

/** Versions that have wheels of every library in the examples' `versions.json`. */
const PYTHON_VERSIONS = ["3.10", "3.11", "3.12", "3.13"];

export function prepareInterop() {
  mkdirSync(CACHE, { recursive: true });
  const python = findPython();
  const clients = readFileSync("test/interop/requirements.txt", "utf8");
  const model = run(process.execPath, [
    "dist/src/cli/main.js",
    "requirements",
    "examples/default_risk/artifact",
  ]);
  const tools = {
    clientPython: virtualEnvironment("clients", python, clients),
    modelPython: virtualEnvironment("default_risk", python, model),
    grpcurl: goInstall("grpcurl", GRPCURL),
    h2spec: goInstall("h2spec", H2SPEC),
    php: findPhp(),
    curl: findOnPath("curl", ["--version"]),
  };
  writeFileSync(join(CACHE, "tools.json"), `${JSON.stringify(tools, null, 2)}\n`);
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
  if (spawnSync("go", ["version"]).status !== 0) return missing("Go is not installed");
  try {
    return {
      path: once(`${command}-${keyOf(goPackage)}`, (folder) => {
        console.log(`Preparing ${command}: go install ${goPackage}`);
        run("go", ["install", goPackage], { GOBIN: folder });
        return command;
      }),
    };
  } catch (error) {
    return missing(`go install failed: ${lastLine(error)}`);
  }
}

function findPhp() {
  const { status, stdout } = spawnSync("php", ["-m"], { encoding: "utf8" });
  if (status !== 0) return missing("php is not installed");
  return /^soap$/m.test(stdout) ? { path: "php" } : missing("php has no soap extension (Debian: php-soap)");
}

function findOnPath(command, probe) {
  return spawnSync(command, probe).status === 0 ? { path: command } : missing(`${command} is not installed`);
}

/**
 * The file that `make` puts into a folder of the cache and names relative to it. A folder without its mark is what an
 * interrupted run left behind.
 */
function once(name, make) {
  const folder = join(CACHE, name);
  const mark = join(folder, ".made");
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(mark, make(folder));
  }
  return join(folder, readFileSync(mark, "utf8"));
}

function keyOf(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

function missing(reason) {
  return { missing: reason };
}

function lastLine(error) {
  return error.message.trim().split("\n").at(-1);
}

/** @throws Error with everything that the command printed */
function run(command, args, environment = {}) {
  const options = { encoding: "utf8", env: { ...process.env, ...environment } };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}
