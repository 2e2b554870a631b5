/** What is asked of every SOAP toolchain in Java: take every WSDL, compile what comes of it, call with it. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { contractOfExample, samplesOf } from "../examples/sample-files.js";
import { objectOf, withoutNulls, type Json } from "../support/json-of-type.js";
import { runCommand } from "../support/run-command.js";
import { repository } from "../support/served-example.js";
import { wsdlsOfCorpus } from "./corpus.js";
import { EXACT_SOAP_ANSWER, EXACT_SOAP_REQUEST } from "./exact-values.js";
import { assertExplained, emptyFolder, runTool, type Explained } from "./run-tool.js";
import { EXAMPLES, serveExamples, wsdlUrl, type ServedCommand } from "./serve-command.js";
import { commandOf, readTools, skipWithout, type OptionalTool } from "./tools.js";
import { inOrder, shapeOf, toXmlShape } from "./xml-shape.js";

const SOURCES = repository("test/interop/java");

/**
 * Every lint of javac but two: `path`, because jars name neighbours in their manifests that Maven keeps elsewhere, and
 * `serial`, because both tools write exceptions without a serialVersionUID. A warning ends the compilation.
 */
const STRICT = ["-Xlint:all,-path,-serial", "-Werror"];

export interface SoapToolchain {
  readonly name: string;
  /** Its class path. */
  readonly tool: OptionalTool;
  /** The class in `java/` that runs its generator over many WSDLs, and prints `=== name` before each. */
  readonly generator: string;
  readonly explained: readonly Explained[];
  /** A mistake that it must find, so that its silence means something: what is written instead of what, and what it says. */
  readonly mistake: { readonly right: string; readonly wrong: string; readonly said: RegExp };
}

/** Registers the tests of one toolchain; the later ones need what the first has made. */
export function testSoapToolchain({ name, tool, generator, explained, mistake }: SoapToolchain): void {
  const skip = skipWithout(tool);
  const folder = emptyFolder(`soap-${name}`);
  const drivers = join(folder, "drivers");
  const sources = join(folder, "sources");
  const classes = join(folder, "classes");
  const classPath = (...parts: string[]): string => [...parts, commandOf(tool)].join(":");
  let served: ServedCommand | undefined;
  before(async () => {
    if (skip === false) served = await serveExamples(readTools().modelPython);
  });
  after(() => served?.stop());

  const call = async (example: string, requests: readonly string[]): Promise<readonly string[]> => {
    assert.ok(served !== undefined);
    const pascal = example.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
    const service = `gateway.artifact.${example}.v1.${pascal}Service`;
    const args = ["-cp", classPath(classes, drivers), "SoapCaller", service, wsdlUrl(served, example)];
    return (await runCommand("java", args, requests.map((line) => `${line}\n`).join(""))).trim().split("\n");
  };

  test(`${name}: takes every WSDL without a word`, { skip }, async () => {
    const own = [generator, "SoapCaller", "SoapValues"].map((file) => join(SOURCES, `${file}.java`));
    assertExplained(await runTool("javac", [...STRICT, "-d", drivers, "-cp", classPath(), ...own]));
    // wsimport wants the folder to be there.
    mkdirSync(sources);
    const wsdls = wsdlsOfCorpus();
    const said = await runTool("java", ["-cp", classPath(drivers), generator, sources, ...wsdls]);
    assert.equal(said.match(/^=== .*\.wsdl$/gm)?.length, wsdls.length);
    assertExplained(said, [
      { line: /^=== .*\.wsdl$/, reason: "our own mark before each WSDL" },
      ...explained,
    ]);
  });

  test(`${name}: refuses a WSDL with a mistake`, { skip }, async () => {
    const [wsdl = ""] = wsdlsOfCorpus();
    const broken = join(folder, "broken.wsdl");
    const text = readFileSync(wsdl, "utf8");
    assert.ok(text.includes(mistake.right));
    writeFileSync(broken, text.replace(mistake.right, mistake.wrong));
    const run = runTool("java", [
      "-cp",
      classPath(drivers),
      generator,
      emptyFolder(`soap-${name}/refused`),
      broken,
    ]);
    await assert.rejects(run, { message: mistake.said });
  });

  test(`${name}: what it generated compiles without a warning`, { skip }, async () => {
    const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".java"),
    );
    const list = join(folder, "sources.txt");
    writeFileSync(list, files.map((file) => `${join(sources, file)}\n`).join(""));
    assertExplained(await runTool("javac", [...STRICT, "-d", classes, "-cp", classPath(), `@${list}`]));
  });

  for (const example of EXAMPLES) {
    test(`${name}: every sample of ${example}`, { skip }, async (context) => {
      const { operation } = await contractOfExample(example);
      const [result] = operation.response.fields;
      const samples = samplesOf(example);
      const inputs = samples.map(({ file }) => JSON.parse(readFileSync(file, "utf8")) as Json);
      const requests = inputs.map((sample) => JSON.stringify(toXmlShape(operation.request, sample)));
      const answers = await call(example, requests);
      assert.equal(answers.length, samples.length);
      for (const [index, sample] of samples.entries()) {
        await context.test(sample.name, () => {
          const wanted = shapeOf(result.type, withoutNulls(JSON.parse(sample.expected) as Json));
          assert.deepEqual(inOrder(JSON.parse(answers[index] ?? "")), inOrder({ result: wanted }));
        });
      }
    });
  }

  test(`${name}: every type keeps its values, to the last digit`, { skip }, async () => {
    assert.deepEqual(await call("exact_echo", [EXACT_SOAP_REQUEST]), [EXACT_SOAP_ANSWER]);
  });

  test(`${name}: a fault is the exception that the WSDL declares`, { skip }, async () => {
    const { operation } = await contractOfExample("credit_decision");
    const [sample] = samplesOf("credit_decision");
    assert.ok(sample !== undefined);
    const inputs = toXmlShape(operation.request, JSON.parse(readFileSync(sample.file, "utf8")) as Json);
    const request = { ...objectOf(inputs), parameters: { strategy: "reckless" } };
    const [line = ""] = await call("credit_decision", [JSON.stringify(request)]);
    const { message, detail } = JSON.parse(line) as { message: string; detail: Record<string, unknown> };
    assert.equal(detail["code"], "artifact_error");
    assert.equal(detail["message"], message);
    assert.match(String(detail["requestId"]), /^[0-9a-f-]{36}$/);
  });
}
