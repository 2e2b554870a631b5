/** The clients that a generator makes from the WSDLs that are served: Apache CXF and the reference implementation of JAX-WS. */
import { readdirSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { SoapVersion } from "../../../src/contract/soap-names.js";
import { repository } from "../../support/served-example.js";
import { assertExplained, emptyFolder, runTool } from "../run-tool.js";
import { commandOf, readTools, skipWithout, type OptionalTool } from "../tools.js";
import { startProgram } from "./client-program.js";
import type { ServedSoap } from "./served-soap.js";
import type { SoapClient } from "./soap-suite.js";
import { EXACT_VIEW } from "./tagged-values.js";

export const JAVA_SOURCES = repository("test/interop/soap/java");

/**
 * Every lint of javac but two: `path`, because jars name neighbours in their manifests that Maven keeps elsewhere, and
 * `serial`, because both tools write exceptions without a serialVersionUID. A warning ends the compilation.
 */
const STRICT = ["-Xlint:all,-path,-serial", "-Werror"];

interface JavaStack {
  readonly name: string;
  readonly tool: OptionalTool;
  /** The class that runs its generator over many WSDLs. */
  readonly generator: string;
  /** The class that is its `Stack`. */
  readonly stack: string;
  /** That class, and those that it needs. */
  readonly classes: readonly string[];
}

/** Apache CXF, with schema validation of what it sends and gets. */
export function cxf(version: SoapVersion): SoapClient {
  const { cxf: tool } = readTools();
  return javaClient(
    {
      name: "CXF",
      tool,
      generator: "CxfGenerator",
      stack: "CxfStack",
      classes: ["CxfStack", "CxfSecurity"],
    },
    version,
  );
}

/** The reference implementation of JAX-WS, with schema validation of what it sends and gets. */
export function jaxws(version: SoapVersion): SoapClient {
  const { jaxws: tool } = readTools();
  return javaClient(
    {
      name: "JAX-WS RI",
      tool,
      generator: "WsimportGenerator",
      stack: "RiStack",
      classes: ["RiStack"],
    },
    version,
  );
}

/** Settings of the program, and options of the Java that runs it and its generator. */
export interface JavaSettings {
  readonly javaOptions?: readonly string[];
}

/** Class paths that are made, by stack and version: one test file generates each client once, from its first gateway. */
const generated = new Map<string, Promise<string>>();

function javaClient(java: JavaStack, version: SoapVersion): SoapClient {
  return {
    name: java.name,
    version,
    skip: skipWithout(java.tool),
    view: EXACT_VIEW,
    own: new Map(),
    faults: {
      declared: "declared",
      other: "SOAPFaultException",
      rowOf: (row) => ({ $int: String(row) }),
      // Both tell the status where HTTP has a word of its own.
      unread: [413, 415],
      otherVersion: /\b415\b/,
    },
    async start(served, settings: JavaSettings = {}) {
      const key = `${java.stack}-${version}`;
      const { javaOptions = [], ...others } = settings;
      const made = generated.get(key) ?? generate(java, served, version, javaOptions);
      generated.set(key, made);
      const classPath = await made;
      const program = ["-cp", classPath, "SoapClient", java.stack, JSON.stringify(others)];
      return startProgram("java", [...javaOptions, ...program]);
    },
  };
}

/** @returns the class path of the program and of what the generator made of the WSDLs that are served */
async function generate(
  java: JavaStack,
  served: ServedSoap,
  version: SoapVersion,
  javaOptions: readonly string[],
): Promise<string> {
  // Test files run side by side: each has a folder of its own.
  const folder = emptyFolder(`soap-${basename(process.argv[1] ?? "", ".test.js")}-${version}`);
  const sources = join(folder, "sources");
  const classes = join(folder, "classes");
  const classPath = [classes, commandOf(java.tool)].join(":");
  await compile(
    classes,
    classPath,
    [java.generator, ...java.classes, "Stack", "SoapClient", "SoapValues", "EnvelopeEdit"].map((name) =>
      join(JAVA_SOURCES, `${name}.java`),
    ),
  );
  // wsimport wants the folder to be there.
  mkdirSync(sources);
  const wsdls = served.aliases.map((alias) => served.find(alias, version).wsdl);
  const said = await runTool("java", [...javaOptions, "-cp", classPath, java.generator, sources, ...wsdls]);
  assertExplained(said, [{ line: /^=== https?:/, reason: "our own mark before each WSDL" }]);
  await compile(classes, classPath, javaFilesIn(sources));
  return classPath;
}

/** @throws AssertionError with what javac says: it must say nothing */
export async function compile(classes: string, classPath: string, files: readonly string[]): Promise<void> {
  const list = `${classes}.txt`;
  writeFileSync(list, files.map((file) => `${file}\n`).join(""));
  assertExplained(await runTool("javac", [...STRICT, "-d", classes, "-cp", classPath, `@${list}`]));
}

export function javaFilesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".java"))
    .map((file) => join(folder, file));
}
