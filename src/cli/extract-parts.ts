/**
 * `inspect --extract`: settings, prompts and knowledge of an artifact as plain files, with a manifest, for systems that take nothing
 * else.
 */
import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { copyArtifactFile } from "../artifact/artifact-file.js";
import type { Artifact } from "../artifact/read-artifact.js";
import type { ArtifactDescription, LlmSettings, Prompt, Source } from "../describe/description.js";
import { Refusal } from "../errors.js";
import { writeJson, type JsonReport } from "../json-text.js";
import { visibleText } from "../visible-text.js";
import { newSafeNames } from "./safe-names.js";

const CATEGORIES = ["settings", "prompts", "knowledge"] as const;
type Category = (typeof CATEGORIES)[number];

/** One file to write. */
interface Part {
  readonly category: Category;
  /** The name that it would like to have. */
  readonly name: string;
  readonly source: Source;
  /** The words themselves; without them, the file of the artifact byte by byte. */
  readonly text?: string;
}

interface Written {
  /** Relative to the folder. */
  readonly path: string;
  readonly part: Part;
  readonly size: number;
  readonly sha256: string;
}

const MANIFEST = "manifest.json";

/**
 * Everything is written beside the folder first and then put in its place in one step, so that nobody finds half of it. A folder with
 * something in it is only touched when that is asked for, and then only where a file of the same name is.
 * @returns what was written, for people
 * @throws Refusal `usage` when the folder is not empty or cannot be written
 */
export async function extractParts(
  artifact: Artifact,
  description: ArtifactDescription,
  folder: string,
  isForced: boolean,
): Promise<string> {
  const target = resolve(folder);
  const old = await contentOf(target, folder);
  if (old > 0 && !isForced) {
    throw refused(
      folder,
      "The folder is not empty.",
      "Name another one, or add --force to replace files in it.",
    );
  }
  const parent = dirname(target);
  const stage = await attempt(folder, () => mkdtemp(join(parent, `.${basename(target)}-`)));
  try {
    const written = await writeAll(artifact, partsOf(description), stage);
    const manifest = `${writeJson(manifestOf(description, written), "  ")}\n`;
    await writeFile(join(stage, MANIFEST), manifest, { flag: "wx" });
    const paths = [...written.map(({ path }) => path), MANIFEST];
    await attempt(folder, () => putInPlace(stage, target, old, paths));
    return report(written, folder);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Files that were found come as they are, each once; what stands inside another file becomes one of its own. */
function partsOf({ settings, prompts, knowledge }: ArtifactDescription): readonly Part[] {
  const all: Part[] = [
    ...settings.map(settingsPart),
    ...prompts.map(promptPart),
    ...knowledge.map(({ file }): Part => wholeFile("knowledge", file.path)),
  ];
  const byPlace = new Map(
    all.map((part) => [JSON.stringify([part.category, part.source.file, part.source.path, part.name]), part]),
  );
  return [...byPlace.values()];
}

function wholeFile(category: Category, file: string): Part {
  return { category, name: basename(file), source: { file, path: "" } };
}

function settingsPart({ name, source, settings }: LlmSettings): Part {
  if (basename(source.file) !== "metadata.json") return wholeFile("settings", source.file);
  const members = new Map(settings.map(({ key, value }): [string, unknown] => [key, value]));
  const text = `${writeJson(Object.fromEntries(members), "  ")}\n`;
  return { category: "settings", name: `${name}.json`, source, text };
}

function promptPart({ name, role, source, text }: Prompt): Part {
  if (source.path === "" || text === undefined) return wholeFile("prompts", source.file);
  return { category: "prompts", name: `${role === undefined ? name : `${name}.${role}`}.txt`, source, text };
}

async function writeAll(
  artifact: Artifact,
  parts: readonly Part[],
  stage: string,
): Promise<readonly Written[]> {
  const files = new Map(artifact.files.map((file) => [file.path, file]));
  const written: Written[] = [];
  for (const category of CATEGORIES) {
    const own = parts.filter((part) => part.category === category);
    if (own.length === 0) continue;
    await mkdir(join(stage, category));
    const safeName = newSafeNames();
    for (const part of own) {
      const file = files.get(part.source.file);
      const path = `${category}/${safeName(part.name)}`;
      if (part.text !== undefined) {
        const bytes = Buffer.from(part.text);
        await writeFile(join(stage, path), bytes, { flag: "wx" });
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        written.push({ path, part, size: bytes.length, sha256 });
      } else if (file !== undefined) {
        await copyArtifactFile(artifact.root, file, join(stage, path));
        written.push({ path, part, size: file.size, sha256: file.sha256 });
      }
    }
  }
  return written;
}

function manifestOf(description: ArtifactDescription, written: readonly Written[]): JsonReport {
  const { alias, name, version, digest } = description;
  return {
    artifact: { alias, name: name ?? null, version: version ?? null, digest },
    files: written.map(({ path, part: { category, source }, size, sha256 }) => ({
      path,
      category,
      source: { ...source },
      size,
      sha256,
    })),
  };
}

/** How much is in the folder; nothing when there is no such folder. */
async function contentOf(target: string, folder: string): Promise<number> {
  try {
    return (await readdir(target)).length;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw refused(folder, `It cannot be used as a folder (${codeOf(error)}).`, "Name another one.");
  }
}

/** A new folder takes its place as a whole; into one that has something in it, each file goes by itself, the manifest last. */
async function putInPlace(
  stage: string,
  target: string,
  old: number,
  paths: readonly string[],
): Promise<void> {
  if (old === 0) {
    await rmdir(target).catch(() => undefined);
    await rename(stage, target);
    return;
  }
  for (const path of paths) {
    const to = join(target, path);
    await mkdir(dirname(to), { recursive: true });
    // A link would lead out of the folder.
    if (!(await lstat(dirname(to))).isDirectory()) throw new Error("not a folder");
    await rename(join(stage, path), to);
  }
}

async function attempt<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw refused(
      folder,
      `The folder cannot be written (${codeOf(error)}).`,
      "Check the path and its permissions.",
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

function refused(where: string, message: string, remedy: string): Refusal {
  return new Refusal("usage", [{ where, path: "", message, remedy }]);
}

function report(written: readonly Written[], folder: string): string {
  if (written.length === 0)
    return `${folder}: no settings, prompts or knowledge were found; ${MANIFEST} says so\n`;
  const lines = written.map(({ path, part: { source } }) => {
    const place = source.path === "" ? source.file : `${source.file}: ${source.path}`;
    return `${join(folder, path)}  from ${visibleText(place, 400)}\n`;
  });
  return `${lines.join("")}${join(folder, MANIFEST)}\n`;
}
