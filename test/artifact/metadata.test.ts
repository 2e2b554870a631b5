import assert from "node:assert/strict";
import { test } from "node:test";
import { artifactAlias } from "../../src/artifact/artifact-alias.js";
import { readMetadata } from "../../src/artifact/metadata.js";
import { parseStrictJson } from "../../src/strict-json.js";

function read(json: unknown): ReturnType<typeof readMetadata> {
  return readMetadata(parseStrictJson(Buffer.from(JSON.stringify(json)), "metadata.json"));
}

const ALL = {
  alias: "card_assistant",
  name: "Card Assistant",
  version: "3",
  objectType: "Pipeline",
  description: "Answers.",
  groups: ["Support"],
  permissiblePurpose: ["Servicing"],
  pipelineType: "Chat",
  interactionType: "Struct[role: String]",
  contextType: "Map[String, String]",
  functionInputs: [{ alias: "text" }],
  dependent: { alias: "bad" },
  format: "1",
  outputAlias: "answer",
  outputType: { kind: "array", items: { kind: "string" } },
  spelledOutputType: "list[str]",
};

test("snake case and camel case read the same", () => {
  const common = { alias: "card_assistant", name: "Card Assistant", version: 3, description: "Answers." };
  const snake = {
    ...common,
    object_type: "Pipeline",
    group: "Support",
    permissible_purpose: "Servicing",
    pipeline_type: "Chat",
    interaction_type: "Struct[role: String]",
    context_type: "Map[String, String]",
    function_inputs: [{ alias: "text" }],
    dependent: { alias: "bad" },
    artifact_format: "1",
    output_alias: "answer",
    output_type: "list[str]",
  };
  const camel = {
    ...common,
    objectType: "Pipeline",
    groups: ["Support"],
    permissiblePurpose: ["Servicing"],
    pipelineType: "Chat",
    interactionType: "Struct[role: String]",
    contextType: "Map[String, String]",
    functionInputs: [{ alias: "text" }],
    dependentVariable: { alias: "bad" },
    formatVersion: 1,
    outputAlias: "answer",
    outputType: "list[str]",
  };
  for (const json of [snake, camel]) {
    const { metadata, warnings } = read(json);
    assert.equal(JSON.stringify(metadata), JSON.stringify({ ...ALL, extra: {} }));
    assert.equal(metadata.extra.size, 0);
    assert.deepEqual(warnings, []);
  }
});

test("what it does not know stays untouched", () => {
  const json = '{"__proto__": 1, "llm": {"temperature": 0.1}, "seed": 12345678901234567890}';
  const { metadata } = readMetadata(parseStrictJson(Buffer.from(json), "metadata.json"));
  assert.deepEqual([...metadata.extra.keys()], ["__proto__", "llm", "seed"]);
  assert.equal(metadata.extra.get("seed"), 12345678901234567890n);
});

test("`type` is the output type when it reads as a type, else the kind of object", () => {
  assert.deepEqual(read({ type: "Numerical" }).metadata.outputType, { kind: "numerical" });
  assert.equal(read({ type: "Model" }).metadata.objectType, "Model");
  const both = read({ type: "Numerical", output_type: "String", object_type: "Model" }).metadata;
  assert.equal(both.spelledOutputType, "String");
  assert.equal(both.extra.get("type"), "Numerical");
  assert.equal(read({ type: "Policy", object_type: "Model" }).metadata.objectType, "Model");
  assert.equal(read({ type: "Policy", object_type: "Model" }).metadata.extra.get("type"), "Policy");
});

test("null is the same as nothing", () => {
  const { metadata, warnings } = read({
    alias: null,
    output_type: null,
    outputType: "String",
    dependent: null,
  });
  assert.equal(metadata.alias, undefined);
  assert.equal(metadata.spelledOutputType, "String");
  assert.equal(metadata.dependent, undefined);
  assert.deepEqual(warnings, []);
});

test("what cannot be used is a warning and stays in extra", () => {
  const { metadata, warnings } = read({
    alias: 5,
    version: 1.1,
    groups: ["a", 1],
    output_type: "Nummerical",
    pipeline_type: "Chat",
    pipelineType: "FreeForm",
  });
  assert.deepEqual(
    warnings.map((warning) => warning.path),
    ["alias", "version", "groups", "pipelineType", "output_type"],
  );
  assert.equal(metadata.pipelineType, "Chat");
  assert.equal(metadata.outputType, undefined);
  assert.equal(metadata.spelledOutputType, "Nummerical");
  assert.deepEqual([...metadata.extra.keys()], ["alias", "version", "groups", "pipelineType"]);
  assert.equal(read([1]).warnings.length, 1);
});

test("the service is named by alias, else name, else folder", () => {
  const cases: readonly (readonly [{ alias?: string; name?: string }, string, string])[] = [
    [{ alias: "credit_decision", name: "X" }, "root", "credit_decision"],
    [{ name: "Card Assistant" }, "root", "card_assistant"],
    [{}, "model_a.b.c", "model_a_b_c"],
    [{ alias: "CreditDecision2" }, "root", "credit_decision2"],
    [{ alias: "2fast" }, "root", "artifact_2fast"],
    [{ alias: "../../etc" }, "root", "etc"],
    [{ alias: "信用" }, "root", "root"],
    [{}, "…", "artifact"],
    [{ alias: `${"a".repeat(62)}_b` }, "root", "a".repeat(62)],
  ];
  for (const [metadata, rootName, alias] of cases) {
    assert.equal(artifactAlias(metadata, rootName).alias, alias);
    assert.match(alias, /^[a-z][a-z0-9_]*$/);
  }
});

test("an alias that had to change is said to be so", () => {
  assert.equal(artifactAlias({ alias: "fico" }, "root").warning, undefined);
  assert.equal(artifactAlias({ name: "FICO Score" }, "root").warning, undefined);
  assert.match(artifactAlias({ alias: "FICO" }, "root").warning?.message ?? "", /served as `fico`/);
});

test("groups may be objects with an alias or a name", () => {
  const { metadata } = read({
    group: { name: "Support" },
    permissibleTags: [{ alias: "servicing" }, "Billing"],
  });
  assert.deepEqual(metadata.groups, ["Support"]);
  assert.deepEqual(metadata.permissiblePurpose, ["servicing", "Billing"]);
  assert.equal(read({ groups: [{ id: 3 }] }).warnings.length, 1);
});

test("an answer of any type is not declared", () => {
  for (const spelled of ["Any", "dict[str, Any]", "list[t.Any]", "Struct[a: Any]"]) {
    const { metadata, warnings } = read({ output_type: spelled });
    assert.equal(metadata.outputType, undefined);
    assert.match(warnings[0]?.message ?? "", /the output counts as undeclared/);
  }
});
