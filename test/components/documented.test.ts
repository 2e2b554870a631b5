/** The commands of docs/components.md, run, print what it shows. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { scratchFolder } from "../artifact/bundles.js";
import { repository } from "../support/served-example.js";
import { CREDIT_LINE, INPUTS } from "./credit-line.js";

test("every command prints what the page shows", async (context) => {
  const work = scratchFolder(context);
  symlinkSync(CREDIT_LINE, join(work, "credit-line"));
  symlinkSync(INPUTS, join(work, "inputs"));
  const page = readFileSync(repository("docs/components.md"), "utf8");
  const shown = [...page.matchAll(/```console\n\$ artifact-gateway (.*)\n([\s\S]*?)```/g)];
  assert.equal(shown.length, 4);
  for (const [, command = "", output] of shown) {
    const args = [repository("dist/src/cli/main.js"), ...command.split(" ")];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: work });
    assert.equal(stdout, output, command);
  }
});
