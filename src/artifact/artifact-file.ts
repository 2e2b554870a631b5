/** Reads a file of an opened artifact, and makes sure that it is what the digest was taken of. */
import { createHash } from "node:crypto";
import { constants, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { refusal } from "../problems.js";
import type { ArtifactFile } from "./files.js";

/**
 * The whole content.
 * @param root absolute path of the artifact's root
 * @throws Refusal `artifact` when the file is not the one that was listed any more
 */
export async function readArtifactFile(root: string, file: ArtifactFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of contentOf(root, file)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Copies it to a path that is not there yet, without holding it in memory.
 * @throws Refusal like `readArtifactFile`; the copy is then worth nothing
 */
export async function copyArtifactFile(root: string, file: ArtifactFile, target: string): Promise<void> {
  await pipeline(contentOf(root, file), createWriteStream(target, { flags: "wx" }));
}

/** The content piece by piece; ends with a refusal when it was not what the digest was taken of. */
async function* contentOf(root: string, file: ArtifactFile): AsyncGenerator<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const handle = await open(join(root, file.path), flags).catch(() => undefined);
  if (handle === undefined) throw changed(file);
  const hash = createHash("sha256");
  // One byte more than it had is enough to see that it has grown. Leaving the loop closes the handle.
  for await (const chunk of handle.createReadStream({ end: file.size }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== file.sha256) throw changed(file);
}

function changed({ path }: ArtifactFile): Error {
  const remedy = "Start again when nothing writes into the artifact any more.";
  return refusal(path, "", "The file changed while the artifact was being read.", remedy);
}
