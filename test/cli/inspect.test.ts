/** The command itself: what goes where, and what is never touched. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { scratchFolder, writeBundle } from "../artifact/bundles.js";
import { repository } from "../support/served-example.js";
import { gateway } from "./gateway-command.js";

const CREDIT = repository("examples/credit_decision/artifact");
const ASSISTANT = repository("examples/card_assistant/artifact");

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test("lineage goes to standard output or to a file, and never over one unless told", async (context) => {
  const file = join(scratchFolder(context), "lineage.svg");
  const printed = await gateway("inspect", CREDIT, "--lineage", "svg");
  assert.match(printed.stdout, /^<svg xmlns/);
  assert.deepEqual(await gateway("inspect", CREDIT, "--lineage", "svg", "--out", file), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  assert.equal(readFileSync(file, "utf8"), printed.stdout);
  const again = await gateway("inspect", CREDIT, "--lineage", "dot", "--out", file);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /The file is there already\. Name another file, or add --force\./);
  assert.equal((await gateway("inspect", CREDIT, "--lineage", "dot", "--out", file, "--force")).code, 0);
  assert.match(readFileSync(file, "utf8"), /^digraph lineage \{/);
});

test("a part of the lineage is shown by the names of its objects", async () => {
  const { stdout } = await gateway("inspect", CREDIT, "--lineage", "tree", "--include", "income_per_head");
  assert.deepEqual(stdout.split("\n"), [
    "Credit Decision  Policy, version 4",
    "└─ income_per_head  Feature, version 1, Numerical",
    "   └─ application  annual_income, dependants",
    "",
  ]);
  const wrong = await gateway("inspect", CREDIT, "--lineage", "tree", "--exclude", "income");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /income: The lineage has no such object\./);
});

test("colours are for those who see them", async () => {
  const program = repository("dist/src/cli/main.js");
  const run = async (environment: NodeJS.ProcessEnv): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, "inspect", ASSISTANT], {
      env: { PATH: process.env["PATH"], ...environment },
    });
    return stdout;
  };
  const plain = await run({});
  assert.doesNotMatch(plain, /\u001b/);
  const painted = await run({ FORCE_COLOR: "1" });
  assert.match(painted, /\u001b\[1mlineage\u001b\[22m/);
  assert.equal(painted.replace(/\u001b\[\d+m/g, ""), plain);
});

test("an artifact that cannot be served yet can be looked at", async (context) => {
  const folder = join(scratchFolder(context), "a");
  writeBundle(folder, {
    "python_dict.py": "def main(data): pass\n",
    "input_info.json": '{"loan": ["amount"]}',
  });
  const { code, stdout } = await gateway("inspect", folder);
  assert.equal(code, 0);
  assert.match(stdout, /^cannot be served as it is\n {2}input_info\.json: loan\.amount: /m);
});

test("output of any size goes whole into a pipe, and a reader may leave early", async (context) => {
  const folder = join(scratchFolder(context), "a");
  const columns = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`column_${index}`, "String"]),
  );
  writeBundle(folder, {
    "python_dict.py": "def main(data): pass\n",
    "input_info.json": JSON.stringify({ rows: columns }),
  });
  const { code, stdout } = await gateway("inspect", folder, "--json");
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { tables: { columns: unknown[] }[] }).tables[0]?.columns.length, 2000);
  const program = repository("dist/src/cli/main.js");
  const shell = '"$0" "$1" inspect "$2" --json | head -c 1; echo "${PIPESTATUS[0]}"';
  const left = await promisify(execFile)("bash", ["-c", shell, process.execPath, program, folder]);
  assert.equal(left.stdout, "{0\n");
  assert.doesNotMatch(left.stderr, /defect|EPIPE/);
});

test("two outputs at once are refused", async () => {
  for (const flags of [
    ["--json", "--lineage", "dot"],
    ["--json", "--extract", "x"],
    ["--extract", "x", "--out", "y"],
    ["--force"],
  ]) {
    assert.equal((await gateway("inspect", CREDIT, ...flags)).code, 2, flags.join(" "));
  }
});

test("extract writes the files of the artifact byte by byte, with a manifest that says so", async (context) => {
  const out = join(scratchFolder(context), "parts");
  const { code, stderr } = await gateway("inspect", ASSISTANT, "--extract", out);
  assert.deepEqual([code, stderr], [0, ""]);
  const written = ["knowledge/card_services.md", "prompts/system.txt", "settings/llm_settings.json"];
  assert.deepEqual(filesBelow(out), [written[0], "manifest.json", ...written.slice(1)]);
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    files: { path: string; source: { file: string }; sha256: string }[];
  };
  assert.deepEqual(manifest.files.map(({ path }) => path).sort(), written);
  for (const { path, source, sha256 } of manifest.files) {
    const bytes = readFileSync(join(out, path));
    assert.deepEqual(bytes, readFileSync(join(ASSISTANT, source.file)));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256);
  }
});

test("extract touches no folder with something in it unless told, and then no other file in it", async (context) => {
  const out = scratchFolder(context);
  writeBundle(out, { "mine.txt": "mine", "prompts/system.txt": "old", "prompts/other.txt": "other" });
  const refused = await gateway("inspect", ASSISTANT, "--extract", out);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /The folder is not empty\./);
  assert.equal(filesBelow(out).length, 3);
  assert.equal((await gateway("inspect", ASSISTANT, "--extract", out, "--force")).code, 0);
  assert.equal(readFileSync(join(out, "mine.txt"), "utf8"), "mine");
  assert.equal(readFileSync(join(out, "prompts/other.txt"), "utf8"), "other");
  assert.match(readFileSync(join(out, "prompts/system.txt"), "utf8"), /^You are the card assistant/);
  assert.equal(filesBelow(out).length, 6);
});

test("extract never leaves its folder: not by a link, not by a name", async (context) => {
  const work = scratchFolder(context);
  const [out, outside] = [join(work, "out"), join(work, "outside")];
  mkdirSync(out);
  mkdirSync(outside);
  symlinkSync(outside, join(out, "prompts"));
  const linked = await gateway("inspect", ASSISTANT, "--extract", out, "--force");
  assert.equal(linked.code, 2);
  assert.deepEqual(readdirSync(outside), []);

  const names = [
    "../../evil",
    "/etc/evil",
    "..",
    ".hidden",
    "con",
    "A",
    "a",
    "ä/b\\c:d\u0000",
    "x".repeat(500),
    "-rf",
  ];
  const artifact = join(work, "artifact");
  writeBundle(artifact, {
    "python_dict/__init__.py": "def main(): pass\n",
    "input_info.json": "{}",
    "metadata.json": JSON.stringify({
      prompts: Object.fromEntries(names.map((name) => [name, `words of ${name}`])),
    }),
  });
  const safe = join(work, "safe");
  const { code, stderr } = await gateway("inspect", artifact, "--extract", safe);
  assert.equal(code, 0, stderr);
  const written = filesBelow(join(safe, "prompts"));
  assert.equal(written.length, names.length);
  for (const name of written) assert.match(name, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,124}$/);
  assert.equal(new Set(written.map((name) => name.toLowerCase())).size, names.length);
  assert.deepEqual(readdirSync(work).sort(), ["artifact", "out", "outside", "safe"]);
  assert.ok(!existsSync("/etc/evil.txt"));
});

test("extract leaves secrets of the metadata out", async (context) => {
  const work = scratchFolder(context);
  writeBundle(join(work, "a"), {
    "python_dict/__init__.py": "def main(): pass\n",
    "input_info.json": "{}",
    "metadata.json": '{"llm_settings": {"model": "m", "temperature": 0.10, "api_key": "sk-1"}}',
  });
  assert.equal((await gateway("inspect", join(work, "a"), "--extract", join(work, "out"))).code, 0);
  const text = readFileSync(join(work, "out/settings/llm_settings.json"), "utf8");
  assert.equal(text, '{\n  "model": "m",\n  "temperature": 0.1\n}\n');
});

test("a failed extraction leaves nothing behind", async (context) => {
  const work = scratchFolder(context);
  writeFileSync(join(work, "file"), "");
  const { code, stderr } = await gateway("inspect", ASSISTANT, "--extract", join(work, "file"));
  assert.equal(code, 2);
  assert.match(stderr, /It cannot be used as a folder \(ENOTDIR\)\./);
  assert.equal((await gateway("inspect", ASSISTANT, "--extract", join(work, "no/such/place"))).code, 2);
  assert.deepEqual(readdirSync(work), ["file"]);
});
