/** The Pythons of a run: an environment for each kind of peer that takes part, made when it is needed and not before. */
import { join } from "node:path";
import { prepareEnvironment, type EnvironmentName, type PythonEnvironment } from "./python-environment.js";

export interface Environments {
  /** The environment, or why there is none; the same answer every time. */
  get(name: EnvironmentName): PythonEnvironment | { readonly reason: string };
  /** Libraries of all environments that were asked for, each once. */
  packages(): readonly string[];
}

export function createEnvironments(python: string, benchFolder: string, cacheFolder: string): Environments {
  const made = new Map<EnvironmentName, ReturnType<Environments["get"]>>();
  return {
    get(name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const requirements = join(benchFolder, "peers", "requirements");
      const prepared = prepareEnvironment(name, python, requirements, cacheFolder);
      made.set(name, prepared);
      return prepared;
    },
    packages() {
      const all = [...made.values()].flatMap((one) => ("reason" in one ? [] : one.packages));
      return [...new Set(all)].sort();
    },
  };
}
