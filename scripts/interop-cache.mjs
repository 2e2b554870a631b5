/** The folder `.cache/interop/`: what a tool needs is made in it once, and again when what it is made of changes. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const CACHE = resolve(".cache/interop");

/**
 * The file that `make` puts into a folder of the cache and names relative to it. A folder without its mark is what an
 * interrupted run left behind.
 */
export function once(name, make) {
  const folder = join(CACHE, name);
  const mark = join(folder, ".made");
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(mark, make(folder));
  }
  return join(folder, readFileSync(mark, "utf8"));
}

export function keyOf(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

export function missing(reason) {
  return { missing: reason };
}

/** What `make` makes as a tool that is there, or why it is not. */
export function attempt(what, make) {
  try {
    return { path: make() };
  } catch (error) {
    return missing(`${what} failed: ${error.message.trim().split("\n").at(-1)}`);
  }
}

export function isInstalled(command, probe = ["--version"]) {
  return spawnSync(command, probe).status === 0;
}

/** @throws Error with everything that the command printed */
export function run(command, args, environment = {}) {
  const options = { encoding: "utf8", env: { ...process.env, ...environment } };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}
