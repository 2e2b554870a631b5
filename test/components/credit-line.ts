/** An artifact whose features and model are components that can be run by themselves. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { scratchFolder } from "../artifact/bundles.js";
import { gateway, type Ran } from "../cli/gateway-command.js";
import { fixture, PYTHON } from "../support/pool-harness.js";

export const CREDIT_LINE = fixture("credit-line");
export const INPUTS = fixture("credit-line-inputs");

/** A copy that may be changed. */
export function copyOf(context: TestContext, artifact = CREDIT_LINE): string {
  const copy = join(scratchFolder(context), "credit-line");
  cpSync(artifact, copy, { recursive: true });
  return copy;
}

export function edit(artifact: string, file: string, change: (text: string) => string): void {
  const path = join(artifact, file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

/** `run` with an input of `INPUTS`, or a JSON value. */
export function runWith(
  context: TestContext,
  artifact: string,
  input: unknown,
  ...flags: readonly string[]
): Promise<Ran> {
  const file = typeof input === "string" ? join(INPUTS, input) : join(scratchFolder(context), "input.json");
  if (typeof input !== "string") writeFileSync(file, JSON.stringify(input));
  return gateway("run", artifact, "--input", file, "--python", PYTHON, ...flags);
}
