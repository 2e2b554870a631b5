/** Finds the artifact in a folder or an archive and makes its files readable under one root. */
import { mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DEFAULT_ARTIFACT_LIMITS, LIMIT_REMEDY, type ArtifactLimits } from "./artifact-limits.js";
import { extractTar } from "./extract.js";
import { digestFiles, listFiles, listFolder, type ArtifactFile } from "./files.js";
import { refusal } from "../problems.js";

export interface OpenArtifact {
  /** The folder or archive as it was named. */
  readonly source: string;
  /** Absolute path of the folder with `input_info.json` and `python_dict`. */
  readonly root: string;
  /** The root folder's own name; for an archive without one, the archive's name without its extension. */
  readonly rootName: string;
  /** Sorted by the bytes of the path. */
  readonly files: readonly ArtifactFile[];
  /** `sha256:<hex>` over the sorted paths and contents. */
  readonly digest: string;
  /** Removes what was unpacked; a folder stays as it is. May be called again. */
  close(): Promise<void>;
}

const ARCHIVE = /\.(tar\.gz|tgz|tar)$/i;
const DEEPEST_ROOT = 2;

/**
 * Opens a folder, `.tar.gz`, `.tgz` or `.tar`. An archive is unpacked into a new private temporary folder.
 * @throws Refusal with every problem of the file names, or the first one of a hostile or damaged archive
 */
export async function openArtifact(
  path: string,
  limits: ArtifactLimits = DEFAULT_ARTIFACT_LIMITS,
): Promise<OpenArtifact> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) {
    throw refusal(path, "", "There is no such file or folder.", "Check the path and its permissions.");
  }
  const stats = await stat(real);
  if (stats.isDirectory()) {
    const root = await findRoot(real, path, limits);
    return describe(path, root, basename(root), limits, () => Promise.resolve());
  }
  if (!stats.isFile() || !ARCHIVE.test(path)) {
    const message = "Expected a folder, or a file whose name ends in .tar.gz, .tgz or .tar.";
    throw refusal(path, "", message, "Give the exported bundle, or the folder it unpacks to.");
  }
  const target = await realpath(await mkdtemp(join(tmpdir(), "artifact-gateway-")));
  const close = (): Promise<void> => rm(target, { recursive: true, force: true });
  try {
    await extractTar({ path: real, gzipped: !/\.tar$/i.test(path), where: path }, target, limits);
    const root = await findRoot(target, path, limits);
    const rootName = basename(root === target ? path.replace(ARCHIVE, "") : root);
    return await describe(path, root, rootName, limits, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function describe(
  source: string,
  root: string,
  rootName: string,
  limits: ArtifactLimits,
  close: () => Promise<void>,
): Promise<OpenArtifact> {
  const files = await listFiles(root, limits);
  return { source, root, rootName, files, digest: digestFiles(files), close };
}

/** The one folder, at most two levels down, that holds `input_info.json` or `python_dict`; its inside is not searched. */
async function findRoot(base: string, where: string, limits: ArtifactLimits): Promise<string> {
  const roots: string[] = [];
  let level = [base];
  let entries = 0;
  for (let depth = 0; depth <= DEEPEST_ROOT; depth += 1) {
    const below: string[] = [];
    for (const folder of level) {
      const children = await listFolder(folder, where);
      entries += children.length;
      if (entries > limits.maxEntries) {
        throw refusal(where, "", `It has more than ${limits.maxEntries} entries.`, LIMIT_REMEDY);
      }
      if (children.some((child) => child.name === "input_info.json" || child.name === "python_dict")) {
        roots.push(folder);
      } else {
        below.push(
          ...children.filter((child) => child.isDirectory()).map((child) => join(folder, child.name)),
        );
      }
    }
    level = below;
  }
  const [root, ...others] = roots;
  const expected = "one folder, at most two levels down, that holds input_info.json or python_dict";
  if (root === undefined) {
    throw refusal(
      where,
      "",
      `No artifact is in it; expected ${expected}.`,
      "Give the folder of the artifact.",
    );
  }
  if (others.length > 0) {
    const message = `${roots.length} artifacts are in it; expected ${expected}.`;
    throw refusal(where, "", message, "Give the folder of the one to be used.");
  }
  return root;
}
