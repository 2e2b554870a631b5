/** The OpenAPI documents in the hands of callers: OpenAPI Generator reads each one, and its Java clients compile. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { repository } from "../support/served-example.js";
import { openApisOfCorpus } from "./corpus.js";
import { filesBelow } from "./protoc.js";
import { assertExplained, emptyFolder, runTool, type Explained } from "./run-tool.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { openapiGenerator, openapiClient } = readTools();
const skip = existsSync(repository("src/openapi"))
  ? skipWithout(openapiGenerator)
  : "generate writes no OpenAPI";

const EXPLAINED: readonly Explained[] = [
  { line: /^=== \w+$/, reason: "our own mark before each document" },
  { line: /^#/, reason: "its banner" },
  { line: /^\[main\] INFO /, reason: "what it writes" },
  { line: /OpenAPI 3\.1 support is still in beta/, reason: "it says so of every document that is not 3.0" },
  {
    line: /Ignoring complex example on request body/,
    reason: "its Java clients carry no examples of whole bodies",
  },
  {
    line: /Failed to get the schema name: null/,
    reason: "a schema without a name is written where it is used",
  },
  {
    line: /\(reserved word\) cannot be used as model name\. Renamed/,
    reason: "it renames such a class itself",
  },
];

/** Documents of which the tool makes Java that does not compile, whatever a contract could do: JSON has the artifact's own names. */
const NOT_FOR_JAVA: Readonly<Record<string, string>> = {
  int: "two members that differ in case only become one variable",
  hostile_accessors: "the member set_tags is named like the setter of the member tags",
};

/** What the tool can spell in Java: it leaves every other character in the names of variables. */
const SPELLABLE = /^(?:[_ .-]|(?![\u{10000}-\u{10ffff}])[\p{Letter}\p{Mark}\p{Number}])+$/u;

function isForJava(document: string): boolean {
  const json = JSON.parse(readFileSync(document, "utf8")) as {
    components: { schemas: Record<string, Schema> };
  };
  const names = Object.values(json.components.schemas).flatMap(({ properties = {} }) =>
    Object.keys(properties),
  );
  return !(nameOf(document) in NOT_FOR_JAVA) && names.every((name) => SPELLABLE.test(name));
}

function nameOf(document: string): string {
  return basename(document).replace(/\..*/, "");
}

interface Schema {
  readonly properties?: Readonly<Record<string, unknown>>;
}

test("OpenAPI Generator: reads every document and makes clients that compile", { skip }, async () => {
  const folder = emptyFolder("openapi-java");
  const [drivers, sources, classes] = [
    join(folder, "drivers"),
    join(folder, "sources"),
    join(folder, "classes"),
  ];
  const driver = repository("test/interop/java/OpenApiGenerator.java");
  // Its jar has processors that need not run, and names neighbours in its manifest that are not there.
  const strict = ["-proc:none", "-Xlint:all,-path,-processing", "-Werror"];
  assertExplained(
    await runTool("javac", [...strict, "-d", drivers, "-cp", commandOf(openapiGenerator), driver]),
  );
  mkdirSync(sources);

  const documents = openApisOfCorpus();
  const run = ["-cp", `${drivers}:${commandOf(openapiGenerator)}`, "OpenApiGenerator", sources, ...documents];
  const said = await runTool("java", run);
  assert.equal(said.match(/^=== /gm)?.length, documents.length);
  assertExplained(said, EXPLAINED);

  const compiled = documents.filter(isForJava).map(nameOf);
  assert.ok(compiled.length >= 15, `only ${compiled.length} documents are for Java`);
  const files = compiled.flatMap((name) => filesBelow(join(sources, name, "src/main"), ".java"));
  writeFileSync(join(folder, "sources.txt"), files.map((file) => `${file}\n`).join(""));
  const args = ["-J-Xmx2g", "-Xlint:none", "-d", classes, "-cp", commandOf(openapiClient)];
  assertExplained(await runTool("javac", [...args, `@${join(folder, "sources.txt")}`]), [
    { line: /^Note: Some input files use/, reason: "its templates call older methods of Jackson" },
    { line: /^Note: Recompile with/, reason: "the second line of that" },
  ]);
});
