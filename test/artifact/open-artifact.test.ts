import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { describeProblem } from "../../src/errors.js";
import { GOOD_BUNDLE, problemsOf, scratchFolder, writeBundle } from "./bundles.js";
import { tarOf } from "./tar-bytes.js";

test("a bundle is the same artifact in every form", async (t) => {
  const folder = scratchFolder(t);
  const root = join(folder, "model_a.b.c");
  writeBundle(root, { ...GOOD_BUNDLE, "python_dict/__pycache__/x.pyc": "compiled" });
  execFileSync("tar", ["-czf", join(folder, "bundle.tar.gz"), "-C", folder, "model_a.b.c"]);
  execFileSync("tar", ["-czf", join(folder, "flat.tgz"), "-C", root, "."]);
  execFileSync("tar", ["-cf", join(folder, "plain.tar"), "-C", folder, "./model_a.b.c"]);
  execFileSync("python3", ["-m", "zipfile", "-c", join(folder, "bundle.zip"), root]);

  const forms = [
    [root, "model_a.b.c"],
    [join(folder, "bundle.tar.gz"), "model_a.b.c"],
    [join(folder, "flat.tgz"), "flat"],
    [join(folder, "plain.tar"), "model_a.b.c"],
    [join(folder, "bundle.zip"), "model_a.b.c"],
  ] as const;
  const digests = new Set<string>();
  for (const [path, rootName] of forms) {
    const opened = await openArtifact(path);
    digests.add(opened.digest);
    assert.equal(opened.source, path);
    assert.equal(opened.rootName, rootName);
    assert.equal(opened.files.length, Object.keys(GOOD_BUNDLE).length);
    assert.ok(existsSync(join(opened.root, "python_dict/__init__.py")));
    await opened.close();
    await opened.close();
  }
  assert.equal(digests.size, 1);
  assert.ok(existsSync(join(root, "input_info.json")), "closing a folder leaves it alone");
});

test("what was unpacked is private and goes away", async (t) => {
  const folder = scratchFolder(t);
  writeBundle(join(folder, "model"), GOOD_BUNDLE);
  execFileSync("tar", ["-czf", join(folder, "b.tar.gz"), "-C", folder, "model"]);
  const opened = await openArtifact(join(folder, "b.tar.gz"));
  assert.equal(statSync(join(opened.root, "..")).mode & 0o7777, 0o700);
  await opened.close();
  assert.equal(existsSync(join(opened.root, "..")), false);
});

test("a refused archive leaves nothing behind", async (t) => {
  const folder = scratchFolder(t);
  const bad = [
    tarOf({ name: "python_dict/__init__.py", body: "x" }, { name: "../evil", body: "x" }),
    tarOf({ name: "nothing.txt", body: "x" }),
    Buffer.from("not an archive"),
  ];
  const temporary = scratchFolder(t);
  const TMPDIR = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  t.after(() => {
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
  });
  for (const bytes of bad) {
    writeFileSync(join(folder, "bad.tar"), bytes);
    await problemsOf(() => openArtifact(join(folder, "bad.tar")));
    assert.deepEqual(readdirSync(temporary), []);
  }
});

test("the root is found two folders down, and what is inside it is not searched", async (t) => {
  const folder = scratchFolder(t);
  writeBundle(join(folder, "a/b"), { ...GOOD_BUNDLE, "features/x/input_info.json": "{}" });
  writeFileSync(join(folder, "README"), "");
  const opened = await openArtifact(folder);
  assert.ok(opened.root.endsWith("/a/b"));
  assert.equal(opened.files.length, Object.keys(GOOD_BUNDLE).length + 1);
});

test("a path that is itself a link is followed", async (t) => {
  const folder = scratchFolder(t);
  writeBundle(join(folder, "v3"), GOOD_BUNDLE);
  symlinkSync("v3", join(folder, "current"));
  const opened = await openArtifact(join(folder, "current"));
  assert.ok(opened.root.endsWith("/v3"));
});

test("what is not one artifact is refused", async (t) => {
  const folder = scratchFolder(t);
  const message = async (path: string): Promise<string> =>
    (await problemsOf(() => openArtifact(path))).map(describeProblem).join();
  mkdirSync(join(folder, "empty"));
  writeBundle(join(folder, "deep/1/2/3"), GOOD_BUNDLE);
  writeBundle(join(folder, "two/a"), GOOD_BUNDLE);
  writeBundle(join(folder, "two/b"), { "python_dict/__init__.py": "" });
  writeFileSync(join(folder, "bundle.rar"), "Rar!");
  execFileSync("mkfifo", [join(folder, "pipe.tar")]);
  assert.match(await message(join(folder, "empty")), /No artifact is in it; expected one folder/);
  assert.match(await message(join(folder, "deep")), /No artifact is in it/);
  assert.match(await message(join(folder, "two")), /2 artifacts are in it \(`a`, `b`\); expected one folder/);
  assert.match(await message(join(folder, "missing")), /no such file or folder/);
  assert.match(await message(join(folder, "bundle.rar")), /ends in \.tar\.gz, \.tgz, \.tar or \.zip/);
  assert.match(await message(join(folder, "pipe.tar")), /Expected a folder, or a file/);
});
