/** Runs a foreign tool that reads contracts, and holds it to saying nothing that is not explained. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { text } from "node:stream/consumers";
import { repository } from "../support/served-example.js";

/** Longest time that one run may take, in milliseconds. */
const TIMEOUT_MS = 5 * 60_000;

/** What a tool may say although nothing is wrong with the contract: the line, and why it says so. */
export interface Explained {
  readonly line: RegExp;
  readonly reason: string;
}

/**
 * Runs it in the root of the repository, or in `cwd`, to its end.
 * @returns everything that it printed
 * @throws AssertionError with everything that it printed, when it fails
 */
export async function runTool(
  command: string,
  args: readonly string[],
  cwd = repository("."),
): Promise<string> {
  const child = spawn(command, args, { cwd, timeout: TIMEOUT_MS, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  const said = stdout + stderr;
  assert.equal(code, 0, `${command} ended with ${String(code)}:\n${said}`);
  return said;
}

/** Fails with the lines that no explanation fits. */
export function assertExplained(said: string, explained: readonly Explained[] = []): void {
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  assert.deepEqual(
    lines.filter((line) => !explained.some((known) => known.line.test(line))),
    [],
  );
}

/** A folder below `.cache/interop` that is there and empty. */
export function emptyFolder(name: string): string {
  const folder = repository(`.cache/interop/${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
