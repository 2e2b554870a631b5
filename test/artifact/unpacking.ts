/** Archives from memory through the unpacker, for its tests. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { DEFAULT_ARTIFACT_LIMITS, type ArtifactLimits } from "../../src/artifact/artifact-limits.js";
import { extractTar } from "../../src/artifact/extract.js";
import { describeProblem } from "../../src/errors.js";
import { problemsOf, scratchFolder } from "./bundles.js";
import type { TarEntry } from "./tar-bytes.js";

/** Unpacks these bytes; the folder that holds the archive and, in `out`, what came out of it. */
export async function extract(
  t: TestContext,
  bytes: Buffer,
  options: { gzipped?: boolean; limits?: Partial<ArtifactLimits> } = {},
): Promise<string> {
  const folder = scratchFolder(t);
  const path = join(folder, "bundle");
  const target = join(folder, "out");
  writeFileSync(path, bytes);
  mkdirSync(target);
  const archive = { path, gzipped: options.gzipped ?? false, where: "bundle" };
  await extractTar(archive, target, { ...DEFAULT_ARTIFACT_LIMITS, ...options.limits });
  return target;
}

/** Fails unless unpacking these bytes is refused with this one problem. */
export async function refused(
  t: TestContext,
  bytes: Buffer,
  message: RegExp,
  options: Parameters<typeof extract>[2] = {},
): Promise<void> {
  const problems = await problemsOf(() => extract(t, bytes, options));
  assert.equal(problems.length, 1);
  assert.match(problems.map(describeProblem).join(), message);
}

export const file = (name: string | Buffer, body = "x"): TarEntry => ({ name, body });
export const folderEntry = (name: string): TarEntry => ({ name, type: "5" });
