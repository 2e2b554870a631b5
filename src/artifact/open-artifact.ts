/** Finds the artifact in a folder or an archive and makes its files readable under one root. */
import { mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DEFAULT_ARTIFACT_LIMITS, type ArtifactLimits } from "./artifact-limits.js";
import { extractZip } from "./extract-zip.js";
import { extractTar } from "./extract.js";
import { digestFiles, listFiles, type ArtifactFile } from "./files.js";
import { findRoot } from "./find-root.js";
import { refusal } from "../problems.js";

export interface OpenArtifact {
  /** The folder or archive as it was named. */
  readonly source: string;
  /** Absolute path of the folder with `input_info.json` and the code. */
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

const ARCHIVE = /\.(tar\.gz|tgz|tar|zip)$/i;

/**
 * Opens a folder, `.tar.gz`, `.tgz`, `.tar` or `.zip`. An archive is unpacked into a new private temporary folder.
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
    const message = "Expected a folder, or a file whose name ends in .tar.gz, .tgz, .tar or .zip.";
    throw refusal(path, "", message, "Give the exported bundle, or the folder it unpacks to.");
  }
  const target = await realpath(await mkdtemp(join(tmpdir(), "artifact-gateway-")));
  const close = (): Promise<void> => rm(target, { recursive: true, force: true });
  try {
    await extract(real, path, target, limits);
    const root = await findRoot(target, path, limits);
    const rootName = basename(root === target ? path.replace(ARCHIVE, "") : root);
    return await describe(path, root, rootName, limits, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function extract(archive: string, where: string, target: string, limits: ArtifactLimits): Promise<void> {
  if (/\.zip$/i.test(where)) return extractZip({ path: archive, where }, target, limits);
  return extractTar({ path: archive, gzipped: !/\.tar$/i.test(where), where }, target, limits);
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
