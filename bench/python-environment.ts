/** The virtual environment of the peers: made once for one list of requirements and one Python, then kept. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PythonEnvironment {
  /** The interpreter with the peers' libraries. */
  readonly python: string;
  /** `3.11.7`. */
  readonly version: string;
  /** The peers' libraries as pip names them, `grpcio==1.85.1`; empty when no peer runs. */
  readonly packages: readonly string[];
}

/** The interpreter alone. @throws Error when there is none */
export function plainPython(python: string): PythonEnvironment {
  const version = execFileSync(python, ["-c", "import platform; print(platform.python_version())"], {
    encoding: "utf8",
  }).trim();
  return { python, version, packages: [] };
}

/**
 * The environment for `requirementsFile`, made below `cacheFolder` when it is not there yet.
 * @throws Error when pip cannot install it; its own words are on standard error
 */
export function preparePython(
  python: string,
  requirementsFile: string,
  cacheFolder: string,
): PythonEnvironment {
  const { version } = plainPython(python);
  const requirements = readFileSync(requirementsFile, "utf8");
  const hash = createHash("sha256").update(`${version}\n${requirements}`).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, `bench-${hash}`);
  const own = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (!existsSync(complete)) {
    // What an interrupted run left behind is not an environment.
    rmSync(folder, { recursive: true, force: true });
    const install = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "-r",
      requirementsFile,
    ];
    execFileSync(python, ["-m", "venv", folder], { stdio: ["ignore", "inherit", "inherit"] });
    execFileSync(own, install, { stdio: ["ignore", "inherit", "inherit"] });
    writeFileSync(complete, "");
  }
  const packages = requirements.split("\n").filter((line) => /^[\w.-]+==/.test(line));
  return { python: own, version, packages };
}
