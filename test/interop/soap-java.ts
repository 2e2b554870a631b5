/** What is asked of every SOAP toolchain in Java: take every WSDL, compile what comes of it. `soap/` calls with it. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { wsdlsOfCorpus } from "./corpus.js";
import { assertExplained, emptyFolder, runTool, type Explained } from "./run-tool.js";
import { compile, JAVA_SOURCES, javaFilesIn } from "./soap/java-clients.js";
import { commandOf, skipWithout, type OptionalTool } from "./tools.js";

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
  test(`${name}: takes every WSDL without a word`, { skip }, async () => {
    await compile(drivers, classPath(), [join(JAVA_SOURCES, `${generator}.java`)]);
    // wsimport wants the folder to be there.
    mkdirSync(sources);
    const wsdls = wsdlsOfCorpus().map((file) => pathToFileURL(file).href);
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
      pathToFileURL(broken).href,
    ]);
    await assert.rejects(run, { message: mistake.said });
  });

  test(`${name}: what it generated compiles without a warning`, { skip }, async () => {
    await compile(classes, classPath(), javaFilesIn(sources));
  });
}
