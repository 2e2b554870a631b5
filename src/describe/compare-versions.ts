/** The versions that an artifact was made with, beside those that are installed. */
import type { Versions } from "../artifact/versions.js";

/** What an interpreter has. */
export interface Installed {
  readonly python: string;
  /** Version by name, normalised by PEP 503. */
  readonly libraries: ReadonlyMap<string, string>;
}

/** `unknown`: no interpreter was asked. */
export const VERSION_STATES = ["same", "differs", "missing", "unknown"] as const;
export type VersionState = (typeof VERSION_STATES)[number];

export interface ComparedVersion {
  readonly name: string;
  /** With which the artifact was made, as the file spells it. */
  readonly made: string;
  readonly installed?: string;
  readonly state: VersionState;
}

export interface ComparedVersions {
  /** Left out when the artifact does not say. */
  readonly python?: ComparedVersion;
  readonly libraries: readonly ComparedVersion[];
}

/** Python counts as the same when its minor version is; a library when its whole version is. */
export function compareVersions(versions: Versions, installed: Installed | undefined): ComparedVersions {
  const { python, libraries } = versions;
  const compared = libraries.map(({ name, version }) =>
    compare(
      name,
      version,
      installed?.libraries.get(normalised(name)),
      installed,
      (found) => found === version,
    ),
  );
  if (python === undefined) return { libraries: compared };
  const isSame = (found: string): boolean => minorOf(found) === minorOf(python);
  return { python: compare("python", python, installed?.python, installed, isSame), libraries: compared };
}

function compare(
  name: string,
  made: string,
  found: string | undefined,
  installed: Installed | undefined,
  isSame: (found: string) => boolean,
): ComparedVersion {
  if (found === undefined) return { name, made, state: installed === undefined ? "unknown" : "missing" };
  return { name, made, installed: found, state: isSame(found) ? "same" : "differs" };
}

/** PEP 503. */
function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
