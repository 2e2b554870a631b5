/** Opens and reads an artifact for a command, shows the work on a terminal, and always closes it again. */
import type { VariantCode } from "../artifact/input-info-variants.js";
import { openArtifact, type OpenArtifact } from "../artifact/open-artifact.js";
import { readArtifact, type Artifact } from "../artifact/read-artifact.js";
import { describeProblem } from "../errors.js";
import { showProgress } from "./progress.js";

/** @throws Refusal `artifact` with every problem */
export async function withArtifact<T>(
  path: string,
  use: (artifact: Artifact, opened: OpenArtifact) => T | Promise<T>,
  variantOf?: VariantOf,
): Promise<T> {
  const { artifact, opened } = await open(path, variantOf);
  try {
    return await use(artifact, opened);
  } finally {
    await opened.close();
  }
}

/** Opens several at once; the caller closes them. */
export async function openAll(
  paths: readonly string[],
  variantOf?: VariantOf,
): Promise<{ artifact: Artifact; opened: OpenArtifact }[]> {
  const all: { artifact: Artifact; opened: OpenArtifact }[] = [];
  try {
    for (const path of paths) all.push(await open(path, variantOf));
  } catch (error) {
    await Promise.all(all.map(({ opened }) => opened.close()));
    throw error;
  }
  return all;
}

/** What a contract lock says of how `input_info.json` is to be read, by the alias of the artifact. */
export type VariantOf = (alias: string) => VariantCode | undefined;

async function open(
  path: string,
  variantOf?: VariantOf,
): Promise<{ artifact: Artifact; opened: OpenArtifact }> {
  const done = showProgress(`reading ${path}`);
  try {
    const opened = await openArtifact(path);
    try {
      const artifact = await readArtifact(opened, { variantOf });
      done();
      for (const warning of artifact.warnings) process.stderr.write(`warning: ${describeProblem(warning)}\n`);
      return { artifact, opened };
    } catch (error) {
      await opened.close();
      throw error;
    }
  } finally {
    done();
  }
}
