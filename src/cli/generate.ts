/** `generate`: writes the contract files, or compares them with what is there. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contractFiles } from "../contract-files.js";
import { Refusal, type Problem } from "../errors.js";
import { contractOne, readLocks, variantIn } from "../contracted.js";
import { withArtifact } from "./with-artifact.js";

interface GenerateFlags {
  readonly out: string;
  readonly check?: boolean;
  readonly lock?: string;
}

/** @throws Refusal `difference` when `--check` finds a file that is not as it would be written */
export async function generate(path: string, { out, check, lock: lockPath }: GenerateFlags): Promise<void> {
  const locks = readLocks({ lock: lockPath === undefined ? [] : [lockPath] });
  const files = await withArtifact(
    path,
    (artifact) => contractFiles(contractOne(artifact, locks, false).service),
    variantIn(locks),
  );
  const problems: Problem[] = [];
  for (const { path: name, content } of files) {
    const target = join(out, name);
    if (check === true) {
      const found = await readFile(target).catch(() => undefined);
      if (found?.equals(Buffer.from(content)) === true) continue;
      const message =
        found === undefined ? "The file is missing." : `Differs${placeOfDifference(found, content)}.`;
      problems.push({
        where: target,
        path: "",
        message,
        remedy: "Run generate without --check and review the change.",
      });
    } else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
      process.stdout.write(`${target}\n`);
    }
  }
  if (problems.length > 0) throw new Refusal("difference", problems);
}

/** Where a text differs; bytes have no lines that a person could look at. */
function placeOfDifference(found: Buffer, expected: string | Uint8Array): string {
  return typeof expected === "string" ? ` at line ${firstDifference(found.toString(), expected)}` : "";
}

function firstDifference(found: string, expected: string): number {
  const lines = found.split("\n");
  const wanted = expected.split("\n");
  return wanted.findIndex((line, index) => line !== lines[index]) + 1 || wanted.length + 1;
}
