/** Runs the `buf` of the development dependencies over generated files, without network. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, type FileDescriptorSet } from "@bufbuild/protobuf/wkt";

const BUF = resolve("node_modules/.bin/buf");

const CONFIG = `version: v2
lint:
  use: [STANDARD]
  ignore: [google]
`;

/** Texts by their path below the root of imports; all are handled in one run, in a folder that is then removed. */
export type ProtoTexts = ReadonlyMap<string, string>;

export function bufBuild(texts: ProtoTexts): FileDescriptorSet {
  return inModule(texts, (folder) =>
    fromBinary(FileDescriptorSetSchema, run(folder, ["build", "--as-file-descriptor-set", "-o", "-"])),
  );
}

/** @throws Error with the findings, when there are any */
export function bufLint(texts: ProtoTexts): void {
  inModule(texts, (folder) => run(folder, ["lint", "."]));
}

/** The differences that `buf format` would make; empty for none. */
export function bufFormatDiff(texts: ProtoTexts): string {
  const paths = [...texts.keys()].flatMap((path) => ["--path", path]);
  return inModule(texts, (folder) => run(folder, ["format", "--diff", ...paths]).toString("utf8"));
}

function inModule<T>(texts: ProtoTexts, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "proto-"));
  try {
    cpSync(resolve("proto/google"), join(folder, "google"), { recursive: true });
    for (const [path, text] of texts) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, "buf.yaml"), CONFIG);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Descriptors of many files come as one output, in bytes. */
const MOST_OUTPUT = 2 ** 28;

function run(folder: string, args: readonly string[]): Buffer {
  try {
    return execFileSync(BUF, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: MOST_OUTPUT,
    });
  } catch (thrown) {
    const said = thrown instanceof Error && "stdout" in thrown ? String(thrown.stdout) : "";
    throw new Error(`buf ${args.join(" ")} failed:\n${said}`, { cause: thrown });
  }
}
