/** xmllint (libxml2) against the published schemas of WSDL 1.1, its SOAP binding and XML Schema itself. */
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { wsdlsOfCorpus } from "./corpus.js";
import { assertExplained, emptyFolder, runTool } from "./run-tool.js";
import { commandOf, readTools, skipWithout } from "./tools.js";

const { xmllint, cxf } = readTools();
/** The schemas are in a jar of CXF: their licence lets everybody use them, not everybody hand them on. */
const skip = skipWithout(xmllint) !== false ? skipWithout(xmllint) : skipWithout(cxf);

const SCHEMAS: readonly (readonly [namespace: string, file: string])[] = [
  ["http://schemas.xmlsoap.org/wsdl/", "wsdl.xsd"],
  ["http://schemas.xmlsoap.org/wsdl/soap/", "soap-binding.xsd"],
  ["http://schemas.xmlsoap.org/wsdl/soap12/", "soap12-binding.xsd"],
  ["http://www.w3.org/2001/XMLSchema", "XMLSchema.xsd"],
];

const folder = emptyFolder("xmllint");
const schema = join(folder, "schemas/wsdl/all.xsd");

before(async () => {
  if (skip !== false) return;
  const jar = commandOf(cxf)
    .split(":")
    .find((path) => /\/cxf-core-[^/]+\.jar$/.test(path));
  assert.ok(jar !== undefined, "no cxf-core is on the class path");
  const files = [...SCHEMAS.map(([, file]) => file), "xml.xsd"].map((file) => `schemas/wsdl/${file}`);
  await runTool("jar", ["--extract", "--file", jar, ...files], folder);
  const imports = SCHEMAS.map(
    ([namespace, file]) => `<xs:import namespace="${namespace}" schemaLocation="${file}"/>`,
  );
  writeFileSync(
    schema,
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join("")}</xs:schema>\n`,
  );
});

const validate = (files: readonly string[]): Promise<string> =>
  runTool(commandOf(xmllint), ["--nonet", "--noout", "--pedantic", "--schema", schema, ...files]);

test("xmllint: every WSDL is valid", { skip }, async () => {
  const said = await validate(wsdlsOfCorpus());
  assertExplained(said, [{ line: /\.wsdl validates$/, reason: "what it says when nothing is wrong" }]);
});

test("xmllint: a misspelled attribute is found", { skip }, async () => {
  const [first = ""] = wsdlsOfCorpus();
  const broken = join(folder, "broken.wsdl");
  copyFileSync(first, broken);
  for (const [right, wrong] of [
    ["minOccurs=", "minOccur="],
    ['use="literal"', 'use="literol"'],
  ] as const) {
    writeFileSync(broken, readFileSync(first, "utf8").replace(right, wrong));
    await assert.rejects(validate([broken]), /broken\.wsdl fails to validate/);
  }
});

/** The schema inside a WSDL as a document of its own, with the prefixes that the WSDL declares around it. */
function inlineSchema(wsdl: string): string {
  const text = readFileSync(wsdl, "utf8");
  const [, declared = ""] = /<wsdl:definitions[^>]*? (xmlns:[^>]*)>/.exec(text) ?? [];
  const [schema = ""] = /<xsd:schema [\s\S]*<\/xsd:schema>/.exec(text) ?? [];
  return schema.replace("<xsd:schema ", `<xsd:schema ${declared} `);
}

test("xmllint: every inline schema compiles", { skip }, async () => {
  const [file, empty] = [join(folder, "inline.xsd"), join(folder, "empty.xml")];
  writeFileSync(empty, "<nothing/>");
  // With a schema that is right, only the document is wrong (3); a schema that is wrong ends it with 5.
  const wanted =
    /^\S+ ended with 3:\n[^\n]*No matching global declaration[^\n]*\n[^\n]*fails to validate\n\n/;
  for (const wsdl of wsdlsOfCorpus()) {
    writeFileSync(file, inlineSchema(wsdl));
    const run = runTool(commandOf(xmllint), ["--nonet", "--noout", "--schema", file, empty]);
    await assert.rejects(run, { message: wanted }, wsdl);
  }
});
