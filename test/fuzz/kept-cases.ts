/** Inputs that once showed a failure, one file each; they are tried again with every test run. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/served-example.js";
import type { TargetName } from "./fuzz-target.js";

const folderOf = (target: TargetName): string => repository(`test/fuzz/cases/${target}`);

/** By the name of their file. */
export function keptCases(target: TargetName): ReadonlyMap<string, Uint8Array> {
  const folder = folderOf(target);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
}

/** @returns the path of the file */
export function keepCase(target: TargetName, input: Uint8Array): string {
  const folder = folderOf(target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash("sha256").update(input).digest("hex").slice(0, 12));
  writeFileSync(path, input);
  return path;
}
