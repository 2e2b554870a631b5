/** Small artifacts on disk for the tests of the reader. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { Refusal, type Problem } from "../../src/errors.js";

export const INPUT_INFO = {
  tables: [
    {
      alias: "application",
      nullable: false,
      columns: [
        { alias: "application_id", type: "String", nullable: false },
        { alias: "annual_income", type: "Numerical" },
      ],
    },
  ],
  runtime_params: [{ alias: "per_num", type: "Numerical", nullable: true, default: null }],
};

/** Path to content: an artifact without anything to complain of. */
export const GOOD_BUNDLE: Readonly<Record<string, string>> = {
  "metadata.json": JSON.stringify({ alias: "credit_decision", version: 3, output_type: "String" }),
  "input_info.json": JSON.stringify(INPUT_INFO),
  "python_dict/__init__.py": "def main(data):\n    return 'approve'\n",
  "python_dict/versions.json": JSON.stringify({ python: "3.11.4", numpy: "1.26.4" }),
};

/** A folder of its own for one test, removed after it. */
export function scratchFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "artifact-test-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeBundle(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The problems that `run` is refused with; fails when it is not refused. */
export async function problemsOf(run: () => unknown): Promise<readonly Problem[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Refusal && error.kind === "artifact") return error.problems;
    throw error;
  }
  throw new Error("expected a refusal");
}
