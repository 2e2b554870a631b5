/** What a description makes of artifacts that say things in their own way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeBundle } from "./golden-files.js";
import type { Bundle } from "./described-artifacts.js";

const INPUTS = {
  loan: { amount: "Numerical", income: "Numerical" },
  person: { income: "Numerical", born: "date" },
};

function bundle(metadata: object, files: Bundle = {}, inputs: object = INPUTS): Bundle {
  return {
    "python_dict/__init__.py": "def main(data):\n    return {}\n",
    "metadata.json": JSON.stringify({ alias: "whole", object_type: "Policy", ...metadata }),
    "input_info.json": JSON.stringify(inputs),
    ...files,
  };
}

/** `loan.amount > ratio`, implied ones with `>>`. */
async function edgesOf(metadata: object, files: Bundle = {}): Promise<string[]> {
  const { nodes, edges } = (await describeBundle(bundle(metadata, files))).lineage;
  const refs = new Map(nodes.map(({ id, ref, kind }) => [id, kind === "unknown" ? `?${ref}` : ref]));
  return edges.map(({ source, target, origin }) => {
    return `${refs.get(source) ?? ""} ${origin === "implied" ? ">>" : ">"} ${refs.get(target) ?? ""}`;
  });
}

const STATED = ["loan.amount > ratio", "ratio > whole", "person >> whole"];

test("one lineage is read from every way of writing it", async () => {
  const ways: readonly object[] = [
    { inputs: [{ alias: "ratio", inputs: ["loan.amount"] }] },
    { features: [{ ref: "ratio", dependsOn: { table: "loan", column: "amount" } }] },
    { inputs: { ratio: ["loan.amount"] } },
    { inputs: { features: { ratio: { inputs: "loan.amount" } } } },
    { inputs: ["ratio"], lineage: { ratio: "loan.amount" } },
    {
      execution_graph: {
        nodes: ["loan.amount", "ratio", "whole"],
        edges: [
          ["loan.amount", "ratio"],
          ["ratio", "whole"],
        ],
      },
    },
    {
      dag: {
        nodes: [{ id: "loan.amount" }, { id: "ratio" }, { id: "whole" }],
        adjacency: [[{ id: "ratio" }], [{ id: "whole" }], []],
      },
    },
  ];
  for (const way of ways)
    assert.deepEqual((await edgesOf(way)).sort(), [...STATED].sort(), JSON.stringify(way));
});

test("nothing is guessed: a column that two tables have is unknown, and said", async () => {
  const description = await describeBundle(
    bundle({ inputs: [{ alias: "ratio", inputs: ["income", "born", "nowhere"] }] }),
  );
  const kinds = description.lineage.nodes
    .filter(({ id }) => /income|born|nowhere/.test(id))
    .map(({ id }) => id);
  assert.ok(kinds.includes("unknown:income") && kinds.includes("unknown:nowhere"));
  assert.ok(!kinds.includes("unknown:born"));
  assert.deepEqual(
    description.warnings.filter(({ path }) => path === "income").map(({ message }) => message),
    ["Can be `loan.income`, `person.income`; it is shown as unknown."],
  );
});

test("a feature that is called like its column is made from the column, and not from itself", async () => {
  const edges = await edgesOf({ inputs: [{ alias: "born", object_type: "Feature", inputs: ["born"] }] });
  assert.ok(edges.includes("person.born > born"), edges.join());
});

test("what is in the artifact and used by nothing still leads to it", async () => {
  const edges = await edgesOf(
    { lineage: { a: ["b"], b: ["a"] } },
    { "python_dict/part/metadata.json": '{"alias": "part"}' },
  );
  assert.deepEqual(edges.filter((text) => text.includes(">>")).sort(), [
    "a >> whole",
    "loan >> whole",
    "part >> whole",
    "person >> whole",
  ]);
});

test("files are found beside the file that names them, at the root and in the engine, and nowhere else", async () => {
  const description = await describeBundle(
    bundle(
      { rags: [{ alias: "kb", files: ["a.md", "b.md", "../outside.md", "/etc/passwd", "missing.md"] }] },
      {
        "a.md": "a",
        "python_dict/b.md": "b",
        "python_dict/x/metadata.json": '{"alias": "x", "rags": [{"name": "r", "file": "c.md"}]}',
        "python_dict/x/c.md": "c",
      },
    ),
  );
  assert.deepEqual(
    description.knowledge.map(({ file, object }) => [file.path, object]),
    [
      ["a.md", "kb"],
      ["python_dict/b.md", "kb"],
      ["python_dict/x/c.md", "r"],
    ],
  );
  const missing = description.warnings.filter(({ message }) => message.includes("is not in the artifact"));
  assert.deepEqual(
    missing.map(({ path }) => path),
    ["../outside.md", "/etc/passwd", "missing.md"],
  );
});

test("settings of a language model are told from those of anything else", async () => {
  const { settings } = await describeBundle(
    bundle(
      {},
      {
        "python_dict/xgb.json": '{"model": "gbtree", "seed": 7, "max_depth": 3}',
        "python_dict/chat.json":
          '{"model": "m", "temperature": 0.10000000000000000001, "url": "https://u:p@host/"}',
        "python_dict/llm_config.yaml": "model: m",
        "python_dict/broken_llm.json": "{",
        "pyspark_dataframe/llm_settings.json": '{"temperature": 1}',
      },
    ),
  );
  assert.deepEqual(
    settings.map(({ source, foundBy }) => [source.file, foundBy]),
    [
      ["python_dict/chat.json", "content"],
      ["python_dict/llm_config.yaml", "name"],
    ],
  );
  const [chat] = settings;
  assert.deepEqual(
    chat?.settings.map(({ name, value }) => [name, value === undefined]),
    [
      ["model", false],
      ["temperature", false],
      ["base_url", true],
    ],
  );
});

test("a prompt of megabytes is named, and not read", async () => {
  const { prompts } = await describeBundle(
    bundle({}, { "python_dict/prompts/long.txt": "x".repeat(2 * 1024 ** 2) }),
  );
  assert.deepEqual(
    prompts.map(({ name, text, placeholders }) => [name, text, placeholders]),
    [["long", undefined, []]],
  );
});

test("ten thousand objects are described, and more than can be read is said", async () => {
  const inputs = Array.from({ length: 50_000 }, (_, index) => ({
    alias: `f${index}`,
    inputs: ["loan.amount"],
  }));
  const description = await describeBundle(bundle({ inputs }));
  assert.ok(description.lineage.nodes.length > 30_000 && description.lineage.nodes.length < 40_000);
  assert.ok(description.warnings.some(({ message }) => message.startsWith("There is more than is read")));
});

test("a type that only the contract states is shown with where it is from", async () => {
  const description = await describeBundle(bundle({ pipeline_type: "Chat", function_inputs: [] }, {}, {}));
  assert.deepEqual(
    description.arguments.map(({ alias, typeOrigin }) => [alias, typeOrigin]),
    [
      ["user_message", "convention"],
      ["history", "convention"],
      ["context", "convention"],
    ],
  );
  const untyped = await describeBundle(bundle({}, {}, { loan: ["amount"] }));
  assert.equal(untyped.tables[0]?.columns[0]?.typeOrigin, "unknown");
  assert.equal(untyped.service, undefined);
  assert.equal(untyped.contractProblems.length, 1);
});
