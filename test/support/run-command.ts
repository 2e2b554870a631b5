/** Runs a foreign program to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { repository } from "./served-example.js";

/** Longest time that one program may take, in milliseconds. */
const TIMEOUT_MS = 5 * 60_000;

/**
 * What it printed on standard output; it runs in the root of the repository.
 * @param input for its standard input
 * @throws Error with all that it printed, when it fails
 */
export async function runCommand(command: string, args: readonly string[], input = ""): Promise<string> {
  const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(command, args, { cwd: repository("."), env: environment, timeout: TIMEOUT_MS });
  // A program that ends without reading closes its end; its exit code tells what that means.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) {
    throw new Error(`${[command, ...args].join(" ")} ended with ${String(code)}:\n${stdout}\n${stderr}`);
  }
  return stdout;
}

/** What a program printed as one line of JSON for each of its results. */
export async function runForRecords(
  command: string,
  args: readonly string[],
  input = "",
): Promise<Record<string, unknown>[]> {
  const output = await runCommand(command, args, input);
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
