/** The Python and library versions with which the artifact was made, from its `versions.json`. */
import type { Problem } from "../errors.js";
import { memberPath, problemList, refusal } from "../problems.js";
import { isJsonObject, type JsonValue } from "../strict-json.js";

export interface Library {
  /** As the file spells it. */
  readonly name: string;
  /** As the file spells it. */
  readonly version: string;
}

export interface Versions {
  /** `3.11.4`, or whatever the file says; undefined when it says nothing. */
  readonly python: string | undefined;
  /** In the order of the file. */
  readonly libraries: readonly Library[];
}

/** What a missing `versions.json` amounts to. */
export const NO_VERSIONS: Versions = Object.freeze({ python: undefined, libraries: Object.freeze([]) });

/** Where the file can be, the first that exists counts. */
export const VERSIONS_FILES = ["python_dict/versions.json", "versions.json"] as const;

const PYTHON = new Set(["python", "python_version", "pythonVersion"]);
const LIBRARIES = ["libraries", "packages", "dependencies"];

/** One name with its version, before it is known what they are; `path` is its place in the file. */
interface Entry {
  readonly path: string;
  readonly name: string;
  readonly version: unknown;
}

/**
 * Reads any of the four shapes: names to versions; the same with the libraries one level down; a list of
 * `{"name", "version"}`; a list of `"name==version"`. An entry without a version as text is left out with a warning.
 * @param where the file, relative to the root
 * @throws Refusal when the content has none of these shapes
 */
export function readVersions(
  json: JsonValue,
  where: string,
): { readonly versions: Versions; readonly warnings: readonly Problem[] } {
  const warnings = problemList(where);
  const libraries: Library[] = [];
  let python: string | undefined;
  for (const { path, name, version } of readEntries(json, where)) {
    if (typeof version !== "string") {
      const message = "Expected the version as text; the entry is left out.";
      warnings.add(path, message, "Install this library in the version that is meant.");
    } else if (PYTHON.has(name)) python ??= version;
    else libraries.push({ name, version });
  }
  return { versions: { python, libraries }, warnings: warnings.listed() };
}

function readEntries(json: unknown, where: string): Entry[] {
  if (Array.isArray(json)) return readList(json, "", where);
  if (!isJsonObject(json)) throw wrongShape(where, "");
  const nested = LIBRARIES.filter((key) => typeof json[key] === "object" && json[key] !== null);
  if (nested.length === 0) return readPairs(json, "");
  const own = readPairs(json, "").filter(({ name }) => PYTHON.has(name));
  return [...own, ...nested.flatMap((key) => readNested(json[key], key, where))];
}

function readNested(json: unknown, path: string, where: string): Entry[] {
  if (Array.isArray(json)) return readList(json, path, where);
  return isJsonObject(json) ? readPairs(json, path) : [];
}

function readPairs(json: Record<string, unknown>, path: string): Entry[] {
  return Object.entries(json).map(([name, version]) => ({ path: memberPath(path, name), name, version }));
}

function readList(items: readonly unknown[], path: string, where: string): Entry[] {
  return items.map((item, index) => {
    const itemPath = `${path}[${index}]`;
    const pinned = typeof item === "string" ? /^([^=]+)==([^=]+)$/.exec(item) : null;
    const [, name, version] = pinned ?? [];
    if (name !== undefined) return { path: itemPath, name: name.trim(), version: version?.trim() };
    if (isJsonObject(item) && typeof item["name"] === "string") {
      return { path: itemPath, name: item["name"], version: item["version"] };
    }
    throw wrongShape(where, itemPath);
  });
}

function wrongShape(where: string, path: string): Error {
  const message =
    'Expected names with their versions: {"numpy": "1.26.4"}, [{"name", "version"}] or ["numpy==1.26.4"].';
  return refusal(
    where,
    path,
    message,
    "Export the artifact again, or have the file mended by whoever made it.",
  );
}
