/** What a Python interpreter has installed, asked of the interpreter itself. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import type { Installed } from "../describe/compare-versions.js";

const ASK = `
import importlib.metadata, json, platform, re
names = {}
for found in importlib.metadata.distributions():
    if found.metadata["Name"]:
        names[re.sub("[-_.]+", "-", found.metadata["Name"]).lower()] = found.version
print(json.dumps({"python": platform.python_version(), "libraries": names}))
`;

const ANSWER = z.object({ python: z.string(), libraries: z.record(z.string(), z.string()) });

/** @returns undefined when the interpreter cannot be run */
export async function installedVersions(python: string): Promise<Installed | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", ASK], {
      timeout: 60_000,
      maxBuffer: 16 * 1024 ** 2,
    });
    const { python: version, libraries } = ANSWER.parse(JSON.parse(stdout));
    return { python: version, libraries: new Map(Object.entries(libraries)) };
  } catch {
    return undefined;
  }
}
