/** What the real `buf breaking` says about two sets of protos under the rules WIRE_JSON. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Service } from "../../src/contract/model.js";
import { generateProto, protoPath } from "../../src/proto/generate-proto.js";
import { repository } from "../support/served-example.js";

const CONFIG = "version: v2\nbreaking:\n  use: [WIRE_JSON]\n  ignore: [google]\n";
/** Its exit code when it has found something. */
const FOUND = 100;

const FINDING = z.object({ path: z.string().default(""), type: z.string(), message: z.string() });
export type BufFinding = z.infer<typeof FINDING>;

/** Findings of all pairs in one run, in the files of the services after. Each pair has a package of its own. */
export function bufBreaking(pairs: readonly { before: Service; after: Service }[]): readonly BufFinding[] {
  const folder = mkdtempSync(join(tmpdir(), "breaking-"));
  try {
    writeModule(
      join(folder, "before"),
      pairs.map(({ before }) => before),
    );
    writeModule(
      join(folder, "after"),
      pairs.map(({ after }) => after),
    );
    const run = spawnSync(
      repository("node_modules/.bin/buf"),
      ["breaking", "after", "--against", "before", "--error-format", "json"],
      { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 },
    );
    if (run.status !== 0 && run.status !== FOUND)
      throw new Error(`buf breaking failed: ${run.stdout}${run.stderr}`);
    const lines = run.stdout.split("\n").filter((line) => line !== "");
    return lines.map((line) => FINDING.parse(JSON.parse(line)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeModule(folder: string, services: readonly Service[]): void {
  cpSync(repository("proto/google"), join(folder, "google"), { recursive: true });
  writeFileSync(join(folder, "buf.yaml"), CONFIG);
  for (const service of services) {
    const path = join(folder, protoPath(service));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, generateProto(service));
  }
}
