/** The virtual environments of the peers: each made once for one list of requirements and one Python, then kept. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Peers whose libraries do not go together have environments of their own; files in `peers/requirements`. */
const ENVIRONMENTS = {
  peers: ["scikit-learn.txt", "peers.txt"],
  mlserver: ["scikit-learn.txt", "mlserver.txt"],
  bentoml: ["scikit-learn.txt", "bentoml.txt"],
} as const satisfies Record<string, readonly string[]>;

export type EnvironmentName = keyof typeof ENVIRONMENTS;

export interface PythonEnvironment {
  /** The interpreter with the libraries. */
  readonly python: string;
  /** The libraries as pip names them, `grpcio==1.85.1`. */
  readonly packages: readonly string[];
}

/** What became of an environment: the environment, or why there is none. */
export type Preparation = PythonEnvironment | { readonly reason: string };

/** Version of an interpreter, `3.11.7`. @throws Error when there is none */
export function versionOf(python: string): string {
  const ask = "import platform; print(platform.python_version())";
  return execFileSync(python, ["-c", ask], { encoding: "utf8" }).trim();
}

/** The environment, made below `cacheFolder` when it is not there yet; pip's own words are on standard error. */
export function prepareEnvironment(
  name: EnvironmentName,
  python: string,
  requirementsFolder: string,
  cacheFolder: string,
): Preparation {
  const version = versionOf(python);
  const files = ENVIRONMENTS[name].map((file) => join(requirementsFolder, file));
  const requirements = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const hash = createHash("sha256").update(`${version}\n${requirements}`).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, `bench-${name}-${hash}`);
  const own = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    // What an interrupted run left behind is not an environment.
    rmSync(folder, { recursive: true, force: true });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    try {
      run(python, ["-m", "venv", folder]);
      run(own, [...install, ...files.flatMap((file) => ["-r", file])]);
    } catch {
      return { reason: `pip could not install peers/requirements/${name}.txt for Python ${version}` };
    }
    writeFileSync(complete, "");
  }
  const packages = requirements.split("\n").filter((line) => /^[\w.-]+==/.test(line));
  return { python: own, packages };
}

function run(file: string, args: readonly string[]): void {
  execFileSync(file, args, { stdio: ["ignore", "inherit", "inherit"] });
}
