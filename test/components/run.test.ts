/** Components of an artifact, run by the command. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { copyOf, CREDIT_LINE, edit, runWith } from "./credit-line.js";

const FICO = "python_dict/features/fico_band";
const LIMIT = "components/credit_limit";

test("a component is run by itself, by its ref, its name or its folder", async (context) => {
  for (const ref of ["fico_band", "FICO Band", FICO]) {
    const { code, stdout, stderr } = await runWith(context, CREDIT_LINE, "fico.json", "--only", ref);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), ["A", "C"]);
    assert.equal(stderr, "");
  }
});

test("a component without input_info.json takes the inputs that it states", async (context) => {
  const input = {
    application: [
      { balance: 1, limit: 4 },
      { balance: null, limit: 4 },
    ],
  };
  const { code, stdout, stderr } = await runWith(context, CREDIT_LINE, input, "--only", "utilisation");
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), [{ utilisation: 0.25 }, {}]);
  const other = { application: [{ balance: 1, limit: 4, fico: 1 }] };
  const refused = await runWith(context, CREDIT_LINE, other, "--only", "utilisation");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /application\[0\]\.fico: The contract has no such name here\./);
});

test("a stated input that is nothing, or several things, is refused with the candidates", async (context) => {
  const copy = copyOf(context);
  const metadata = "python_dict/features/utilisation/metadata.json";
  edit(copy, metadata, (text) => text.replace('"limit"', '"nowhere"'));
  const unknown = await runWith(context, copy, {}, "--only", "utilisation");
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /utilisation\/metadata\.json: nowhere: Is neither an input/);
  edit(copy, metadata, (text) => text.replace('"nowhere"', '"limit"'));
  edit(copy, "input_info.json", (text) =>
    text.replace(
      '"tables": [',
      '"tables": [{ "alias": "others", "columns": [{ "alias": "limit", "type": "String" }] },',
    ),
  );
  const several = await runWith(context, copy, {}, "--only", "utilisation");
  assert.equal(several.code, 3);
  assert.match(several.stderr, /limit: Can be `others\.limit`, `application\.limit`\./);
});

test("the calls of a component are checked as any call", async (context) => {
  const { code, stderr } = await runWith(context, CREDIT_LINE, { application: [{}] }, "--only", "fico_band");
  assert.equal(code, 2);
  assert.match(stderr, /input\.json: application\[0\]\.fico: /);
  const copy = copyOf(context);
  edit(copy, `${FICO}/metadata.json`, (text) => text.replace("Array[String]", "Array[Numerical]"));
  const wrong = await runWith(context, copy, "fico.json", "--only", "fico_band");
  assert.equal(wrong.code, 3);
  assert.match(
    wrong.stderr,
    /credit-line \(fico_band\): The artifact returned something its contract does not/,
  );
});

test("a wrong name lists what is there, and what cannot be run says so", async (context) => {
  const unknown = await runWith(context, CREDIT_LINE, "fico.json", "--only", "fico");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /fico: The artifact has no such component\. These are there:/);
  assert.match(unknown.stderr, /^ {2}utilisation: needs application\.balance, limit$/m);
  assert.match(unknown.stderr, /^ {2}notes: no main\(\)$/m);
  const without = await runWith(context, CREDIT_LINE, "fico.json", "--only", "notes");
  assert.equal(without.code, 2);
  assert.match(without.stderr, /notes: It has no main\(\): components\/notes has neither/);
  const copy = copyOf(context);
  writeFileSync(join(copy, FICO, "__init__.py"), "");
  const empty = await runWith(context, copy, "fico.json", "--only", "fico_band");
  assert.equal(empty.code, 3);
  assert.match(empty.stderr, /fico_band\/__init__\.py defines no main\(\) function/);
});

test("a name that two components have is refused with their folders", async (context) => {
  const copy = copyOf(context);
  edit(copy, "components/notes/metadata.json", (text) => text.replace('"notes"', '"fico_band"'));
  const { code, stderr } = await runWith(context, copy, "fico.json", "--only", "fico_band");
  assert.equal(code, 2);
  assert.match(stderr, /Can be the component of `components\/notes`, `python_dict\/features\/fico_band`/);
});

test("a folder with a dot in its name is loaded from its file, with its relative imports", async (context) => {
  const copy = copyOf(context);
  renameSync(join(copy, LIMIT), `${join(copy, LIMIT)}.2`);
  const { code, stdout, stderr } = await runWith(context, copy, "limit.json", "--only", "credit_limit");
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), [{ limit: 250, reason: "band C" }]);
});

test("a component may import the artifact and open its files, as in the whole", async (context) => {
  const copy = copyOf(context);
  writeFileSync(
    join(copy, FICO, "__init__.py"),
    "import python_dict, json\ndef main(data):\n    return [json.load(open('metadata.json'))['alias'] + python_dict.__name__]\n",
  );
  const { code, stdout, stderr } = await runWith(context, copy, "fico.json", "--only", "fico_band");
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), ["credit_linepython_dict"]);
});

test("chosen components are given the answers of one another, in order", async (context) => {
  const whole = await runWith(context, CREDIT_LINE, "whole.json");
  // In whatever order they are named.
  const refs = ["credit_limit", "utilisation", "fico_band"];
  const { code, stdout, stderr } = await runWith(context, CREDIT_LINE, "whole.json", "--include", ...refs);
  assert.equal(code, 0, stderr);
  const answers = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(Object.keys(answers), ["utilisation", "fico_band", "credit_limit"]);
  assert.deepEqual(answers["credit_limit"], JSON.parse(whole.stdout));
  const all = await runWith(context, CREDIT_LINE, "whole.json", "--exclude", "notes");
  assert.deepEqual(
    (JSON.parse(all.stdout) as Record<string, unknown>)["credit_limit"],
    JSON.parse(whole.stdout),
  );
});

test("the answer of what is not run is taken from the input, and must be there", async (context) => {
  const flags = ["--exclude", "fico_band"];
  const { code, stdout, stderr } = await runWith(context, CREDIT_LINE, "without-fico.json", ...flags);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    credit_limit: [{ limit: 500, reason: "band C" }],
    utilisation: [{ utilisation: 0.5 }],
  });
  const missing = await runWith(context, CREDIT_LINE, "whole.json", ...flags);
  assert.equal(missing.code, 2);
  assert.match(
    missing.stderr,
    /application\[0\]\.fico_band: Is the answer of fico_band, which is not run: state it/,
  );
});

test("what is calculated may not be stated too, and a name of nobody is refused", async (context) => {
  const input = { application: [{ fico: 700, fico_band: "A", income: 1 }] };
  const flags = ["--include", "fico_band", "credit_limit", "--exclude", "notes"];
  const { code, stderr } = await runWith(context, CREDIT_LINE, input, ...flags);
  assert.equal(code, 2);
  assert.match(stderr, /application\[0\]\.fico_band: Is the answer of fico_band, which is run: leave it out/);
  assert.match(stderr, /application\[0\]\.income: The contract has no such name here\./);
  assert.match(stderr, /application\[0\]\.utilisation: Is the answer of utilisation, which is not run/);
});

test("an input of the artifact that is called as a component is refused, unless a file says which", async (context) => {
  const copy = copyOf(context);
  edit(copy, "input_info.json", (text) =>
    text.replace('"columns": [', '"columns": [{ "alias": "fico_band", "type": "String" },'),
  );
  // The graph says that the model uses the feature.
  const stated = await runWith(
    context,
    copy,
    "whole.json",
    "--include",
    "fico_band",
    "utilisation",
    "credit_limit",
  );
  assert.equal(stated.code, 0, stated.stderr);
  edit(copy, "metadata.json", (text) => text.replace('"source": "fico_band"', '"source": "utilisation"'));
  const unsaid = await runWith(context, copy, "whole.json", "--include", "fico_band", "credit_limit");
  assert.equal(unsaid.code, 2);
  assert.match(
    unsaid.stderr,
    /credit_limit: application\.fico_band: Can be the answer of the component in `python_dict\/features\/fico_band`, or the input of the artifact\./,
  );
});

test("components that wait for one another are refused", async (context) => {
  const copy = copyOf(context);
  edit(copy, `${FICO}/input_info.json`, (text) =>
    text.replace('"columns": [', '"columns": [{ "alias": "credit_limit", "type": "Numerical" },'),
  );
  const { code, stderr } = await runWith(
    context,
    copy,
    "whole.json",
    "--include",
    "fico_band",
    "credit_limit",
    "utilisation",
  );
  assert.equal(code, 2);
  assert.match(stderr, /fico_band: Needs the answer of `credit_limit`, and these wait for one another\./);
  assert.match(
    stderr,
    /credit_limit: Needs the answer of `utilisation`, `fico_band`|credit_limit: Needs the answer of `fico_band`/,
  );
});

test("an answer that does not fit its place is refused with both", async (context) => {
  const copy = copyOf(context);
  edit(copy, `${LIMIT}/input_info.json`, (text) =>
    text.replace('"alias": "fico_band", "type": "String"', '"alias": "fico_band", "type": "Numerical"'),
  );
  const refs = ["fico_band", "utilisation", "credit_limit"];
  const type = await runWith(context, copy, "whole.json", "--include", ...refs);
  assert.equal(type.code, 3);
  assert.match(
    type.stderr,
    /credit_limit: application\.fico_band: The answer of `fico_band` does not fit: Expected a number\./,
  );
  writeFileSync(join(copy, FICO, "__init__.py"), "def main(data):\n    return ['A']\n");
  const rows = await runWith(context, copy, "whole.json", "--include", ...refs);
  assert.match(rows.stderr, /does not fit: it has 1 values for 2 rows\./);
});

test("a whole answer becomes an argument, exactly", async (context) => {
  const copy = copyOf(context);
  const folder = join(copy, "components/verdict");
  mkdirSync(folder);
  writeFileSync(join(folder, "metadata.json"), '{"ref": "verdict", "output_type": "String"}');
  writeFileSync(
    join(folder, "input_info.json"),
    '{"arguments": [{"alias": "credit_limit", "type": "Array[Struct[limit: Numerical, reason: String]]"}]}',
  );
  writeFileSync(
    join(folder, "main.py"),
    "def main(credit_limit):\n    return ', '.join(row['reason'] for row in credit_limit)\n",
  );
  const refs = ["verdict", "fico_band", "utilisation", "credit_limit"];
  const { code, stdout, stderr } = await runWith(context, copy, "whole.json", "--include", ...refs);
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { verdict: string }).verdict, "band A, utilisation");
  const nothing = await runWith(context, copy, "whole.json", "--include", "verdict", "--exclude", "verdict");
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /No component is left to run\./);
});

test("an artifact without components says so", async (context) => {
  const copy = copyOf(context);
  for (const folder of ["components", FICO, "python_dict/features/utilisation"]) {
    rmSync(join(copy, folder), { recursive: true });
  }
  const { code, stderr } = await runWith(context, copy, "fico.json", "--only", "fico_band");
  assert.equal(code, 2);
  assert.match(stderr, /It has none that can be run; run the whole artifact\./);
});
