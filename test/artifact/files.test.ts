import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DEFAULT_ARTIFACT_LIMITS as LIMITS } from "../../src/artifact/artifact-limits.js";
import { digestFiles, listFiles } from "../../src/artifact/files.js";
import { problemsOf, scratchFolder, writeBundle } from "./bundles.js";

/** What an examiner types to recompute the digest inside the root of an artifact. */
const EXAMINER =
  "find . -type f ! -path '*/__pycache__/*' -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum";

const AWKWARD: Readonly<Record<string, string>> = {
  "python_dict/__init__.py": "",
  "python_dict/a b.txt": "blank",
  "python_dict/a.txt": "dot before slash",
  "python_dict/a/c.txt": "slash",
  "python_dict/a-b": "hyphen",
  "python_dict/'quoted' \"name\" $HOME *": "shell",
  "python_dict/größe": "two bytes",
  "python_dict/\uffee": "three bytes: after the next one by UTF-16, before it by bytes",
  "python_dict/𝄞": "four bytes",
  ".hidden": "hidden",
  "python_dict/__pycache__/m.pyc": "compiled",
  "python_dict/a/__pycache__/deep/er.pyc": "compiled",
  "__pycache__x/y": "not compiled",
};

test("the digest is what coreutils compute", async (t) => {
  const root = scratchFolder(t);
  writeBundle(root, AWKWARD);
  const files = await listFiles(root, LIMITS);
  assert.equal(files.length, Object.keys(AWKWARD).length - 2);
  const [expected = ""] = execFileSync("sh", ["-c", EXAMINER], { cwd: root, encoding: "utf8" }).split(" ");
  assert.match(expected, /^[0-9a-f]{64}$/);
  assert.equal(digestFiles(files), `sha256:${expected}`);
});

test("size and hash of each file are its own", async (t) => {
  const root = scratchFolder(t);
  writeBundle(root, { "b/large": "x".repeat(300_000), a: "" });
  const sums = execFileSync("sha256sum", ["a", "b/large"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n");
  const files = await listFiles(root, LIMITS);
  assert.deepEqual(
    files.map((file) => `${file.sha256}  ${file.path}`),
    sums,
  );
  assert.deepEqual(
    files.map((file) => file.size),
    [0, 300_000],
  );
});

test("the digest sees every byte and every name", async (t) => {
  const digestOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const root = scratchFolder(t);
    writeBundle(root, files);
    return digestFiles(await listFiles(root, LIMITS));
  };
  const digests = await Promise.all([
    digestOf({ a: "1", b: "2" }),
    digestOf({ a: "2", b: "1" }),
    digestOf({ a: "1", c: "2" }),
    digestOf({ a: "1" }),
    digestOf({ a: "1", b: "2", c: "" }),
  ]);
  assert.equal(new Set(digests).size, digests.length);
  assert.equal(await digestOf({ b: "2", a: "1", "__pycache__/x": "3" }), digests[0]);
});

test("links, pipes and harmful names are refused, all at once", async (t) => {
  const root = scratchFolder(t);
  writeBundle(root, { "a/fine": "", "a/\\back": "", "a/new\nline": "", README: "", readme: "", "-rf": "" });
  symlinkSync("/etc/passwd", join(root, "a/link"));
  symlinkSync("/etc", join(root, "__pycache__"));
  execFileSync("mkfifo", [join(root, "pipe")]);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/a/`), Buffer.from([0xff])]), "");
  const problems = await problemsOf(() => listFiles(root, LIMITS));
  assert.deepEqual(
    problems.map((problem) => problem.path.toLowerCase()).sort(),
    ["-rf", "__pycache__", "a/\\back", "a/link", "a/new\\u{a}line", "a/\ufffd", "pipe", "readme"].sort(),
  );
  const link = problems.find((problem) => problem.path === "a/link");
  assert.match(link?.message ?? "", /symbolic link/);
});

test("limits hold for folders too", async (t) => {
  const root = scratchFolder(t);
  writeBundle(root, { "a/b": "12345", "a/c": "12345" });
  mkdirSync(join(root, "d"));
  const refusedWith = async (limits: Partial<typeof LIMITS>): Promise<string> =>
    (await problemsOf(() => listFiles(root, { ...LIMITS, ...limits })))
      .map((problem) => problem.message)
      .join();
  assert.match(await refusedWith({ maxEntries: 3 }), /more than 3 entries/);
  assert.match(await refusedWith({ maxFileBytes: 4 }), /larger than 4 bytes/);
  assert.match(await refusedWith({ maxTotalBytes: 9 }), /artifact larger than 9/);
  assert.equal(
    (await listFiles(root, { maxEntries: 4, maxFileBytes: 5, maxTotalBytes: 10, maxRatio: 1 })).length,
    2,
  );
});
