import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { readArtifact, type Artifact } from "../../src/artifact/read-artifact.js";
import { describeProblem } from "../../src/errors.js";
import { GOOD_BUNDLE, problemsOf, scratchFolder, writeBundle } from "./bundles.js";

/** Reads the good bundle with these files put in, or taken out where the content is `undefined`. */
async function read(
  t: TestContext,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<Artifact> {
  const root = join(scratchFolder(t), "model_a.b.c");
  const files = Object.entries({ ...GOOD_BUNDLE, ...changes }).filter(([, content]) => content !== undefined);
  writeBundle(root, Object.fromEntries(files.map(([path, content]) => [path, content ?? ""])));
  return readArtifact(await openArtifact(root));
}

test("a sound artifact is read without a warning", async (t) => {
  const artifact = await read(t);
  assert.equal(artifact.alias, "credit_decision");
  assert.match(artifact.digest, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(artifact.metadata.outputType, { kind: "string" });
  assert.equal(artifact.inputs.tables[0]?.alias, "application");
  assert.equal(artifact.inputs.parameters[0]?.alias, "per_num");
  assert.deepEqual(artifact.versions, {
    python: "3.11.4",
    libraries: [{ name: "numpy", version: "1.26.4" }],
  });
  assert.deepEqual(artifact.warnings, []);
});

test("without metadata and versions there are warnings, and the folder gives the name", async (t) => {
  const artifact = await read(t, { "metadata.json": undefined, "python_dict/versions.json": undefined });
  assert.equal(artifact.alias, "model_a_b_c");
  assert.deepEqual(
    artifact.warnings.map((warning) => warning.where),
    ["metadata.json", "python_dict/versions.json"],
  );
  assert.deepEqual(artifact.versions, { python: undefined, libraries: [] });
});

test("versions.json may be at the root, and the one of python_dict goes first", async (t) => {
  const root = { "versions.json": '{"python": "3.9.1"}' };
  assert.equal((await read(t, { ...root, "python_dict/versions.json": undefined })).versions.python, "3.9.1");
  assert.equal((await read(t, root)).versions.python, "3.11.4");
});

test("every problem of every file is named at once", async (t) => {
  const changes = {
    "python_dict/__init__.py": undefined,
    "input_info.json": '{"tables": [{"alias": "t", "columns": [{"alias": "a", "type": "Nummerical"}, {}]}]}',
    "metadata.json": '{"alias": "a", "alias": "b"}',
    "python_dict/versions.json": "[1]",
  };
  const problems = await problemsOf(() => read(t, changes));
  assert.deepEqual(
    problems.map((problem) => `${problem.where}: ${problem.path}`),
    [
      "python_dict/__init__.py: ",
      "metadata.json: alias",
      "input_info.json: tables[0].columns[0].type",
      "input_info.json: tables[0].columns[1].alias",
      "input_info.json: tables[0].columns[1].type",
      "python_dict/versions.json: [0]",
    ],
  );
  for (const problem of problems) assert.notEqual(problem.remedy, "");
});

test("input_info.json and python_dict/__init__.py must be there", async (t) => {
  const missing = async (path: string): Promise<string> =>
    (await problemsOf(() => read(t, { [path]: undefined }))).map(describeProblem).join();
  assert.match(await missing("input_info.json"), /^input_info\.json: The file is missing\./);
  assert.match(await missing("python_dict/__init__.py"), /^python_dict\/__init__\.py: The file is missing\./);
});

test("a folder in the place of a file does not pass for it", async (t) => {
  const changes = { "python_dict/__init__.py": undefined, "python_dict/__init__.py/x": "" };
  const problems = await problemsOf(() => read(t, changes));
  assert.deepEqual(
    problems.map((problem) => problem.where),
    ["python_dict/__init__.py"],
  );
});

test("a JSON file over 8 MiB is refused unread", async (t) => {
  const padded = (bytes: number): string => (GOOD_BUNDLE["input_info.json"] ?? "").padEnd(bytes);
  await read(t, { "input_info.json": padded(8 * 1024 ** 2) });
  const problems = await problemsOf(() => read(t, { "input_info.json": padded(8 * 1024 ** 2 + 1) }));
  assert.match(
    problems.map(describeProblem).join(),
    /input_info\.json: The file is larger than 8388608 bytes/,
  );
});

test("a file that changes after it was hashed is noticed", async (t) => {
  const root = join(scratchFolder(t), "model");
  writeBundle(root, GOOD_BUNDLE);
  const opened = await openArtifact(root);
  writeFileSync(join(opened.root, "input_info.json"), "{}");
  const problems = await problemsOf(() => readArtifact(opened));
  assert.match(problems.map(describeProblem).join(), /input_info\.json: The file changed while/);
});
