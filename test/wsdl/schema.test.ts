import assert from "node:assert/strict";
import { test } from "node:test";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { FAULT_LENGTHS } from "../../src/contract/fault-lengths.js";
import { CODES } from "../../src/errors.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { generateXsd } from "../../src/wsdl/schema.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";

test("the schema alone is a whole document, and word for word that of the WSDL", () => {
  for (const service of [sampleService(), singleService(), ...sampleContracts(30)]) {
    const xsd = generateXsd(service);
    XsdValidator.fromDoc(XmlDocument.fromString(xsd)).dispose();
    const inline = /^ {4}<xsd:schema [^]*<\/xsd:schema>$/m.exec(generateWsdl(service, "http://localhost/"))?.[0];
    const alone = xsd
      .replace(/^.*\n/, "")
      .replace(/ xmlns:(?:xsd|tns)="[^"]*"/g, "")
      .trimEnd();
    assert.equal(alone, inline?.replace(/^ {4}/gm, ""));
  }
});

test("every text of a fault is bounded, and every code is short enough for its bound", () => {
  const xsd = generateXsd(sampleService());
  const parts = xsd.slice(xsd.indexOf('<xsd:complexType name="EvaluateFault">'));
  const types = [...parts.matchAll(/<xsd:element name="(\w+)" type="([\w:]+)"/g)].map(([, name, type]) => [
    name,
    type,
  ]);
  assert.deepEqual(Object.fromEntries(types), {
    code: "tns:string32",
    message: "tns:string512",
    path: "tns:string255",
    row: "xsd:int",
    requestId: "tns:string128",
  });
  for (const code of CODES) assert.ok(code.length <= FAULT_LENGTHS.code, code);
});

test("a contract's own type of the same length is shared with the fault, and not declared twice", () => {
  for (const service of sampleContracts(50)) {
    const declared = [...generateXsd(service).matchAll(/Type name="(\w+)"/g)].map(([, name = ""]) => name);
    assert.equal(new Set(declared.map((name) => name.toLowerCase())).size, declared.length);
  }
});
