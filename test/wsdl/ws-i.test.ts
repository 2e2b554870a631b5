import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SOAP_VERSIONS } from "../../src/contract/soap-names.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleContracts } from "../support/arbitrary-contract.js";
import { singleService } from "../support/single-service.js";
import { repository } from "../support/served-example.js";
import { WS_I_RULES, wsIViolations } from "./ws-i.js";

const ADDRESS = "http://localhost:8080/soap";

test("no rule is broken by the WSDLs of the examples", () => {
  const files = readdirSync(repository("wsdl"));
  assert.ok(files.length >= 6, String(files));
  for (const file of files) {
    const version = file.includes(".soap12.") ? "1.2" : "1.1";
    assert.deepEqual(wsIViolations(readFileSync(join(repository("wsdl"), file), "utf8"), version), [], file);
  }
});

test("no rule is broken by the WSDL of any artifact, in either version of SOAP", () => {
  const services = [singleService(), ...sampleContracts(60)];
  assert.ok(services.some(({ single }) => single !== undefined));
  for (const service of services) {
    for (const version of SOAP_VERSIONS) {
      assert.deepEqual(wsIViolations(generateWsdl(service, ADDRESS, version), version), []);
    }
  }
});

/** For each rule a change to a good WSDL that breaks it. */
const BREAKING: Readonly<Record<string, (wsdl: string) => string>> = {
  R4003: (wsdl) => wsdl.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
  R4005: (wsdl) => wsdl.replace("xmlns:tns", 'xmlns:xml="http://www.w3.org/XML/1998/namespace" xmlns:tns'),
  R2023: (wsdl) => wsdl.replace("<wsdl:types>", '<wsdl:message name="Early"/><wsdl:types>'),
  R2105: (wsdl) => wsdl.replace(/<xsd:schema targetNamespace="[^"]*"/, "<xsd:schema"),
  R2110: (wsdl) => wsdl.replace('type="xsd:int"', 'type="soapenc:Array"'),
  R2111: (wsdl) => wsdl.replace("<xsd:sequence>", '<xsd:sequence wsdl:arrayType="xsd:string[]">'),
  R2112: (wsdl) => wsdl.replaceAll("ApplicationTable", "ArrayOfApplication"),
  R2101: (wsdl) => wsdl.replace('type="tns:ApplicationTable"', 'type="tns:Nothing"'),
  R2206: (wsdl) => wsdl.replace('element="tns:Evaluate"', 'element="tns:Nothing"'),
  R2204: (wsdl) => wsdl.replace('element="tns:Evaluate"', 'type="tns:ApplicationRow"'),
  R2201: (wsdl) => wsdl.replace("<wsdl:part ", '<wsdl:part name="more" element="tns:Evaluate"/><wsdl:part '),
  R2304: (wsdl) => wsdl.replaceAll('<wsdl:operation name="EvaluateOne">', '<wsdl:operation name="Evaluate">'),
  R2710: (wsdl) => wsdl.replace('element="tns:EvaluateOne"', 'element="tns:Evaluate"'),
  R2718: (wsdl) => wsdl.replace('<wsdl:operation name="EvaluateOne">', '<wsdl:operation name="Another">'),
  R2701: (wsdl) => wsdl.replace(/<soap:binding [^>]*>/, ""),
  R2702: (wsdl) => wsdl.replace("soap/http", "soap/smtp"),
  R2705: (wsdl) => wsdl.replace('Evaluate" style="document"', 'Evaluate" style="rpc"'),
  R2706: (wsdl) => wsdl.replace('use="literal"', 'use="encoded"'),
  R2716: (wsdl) => wsdl.replace('<soap:body use="literal"', '<soap:body use="literal" namespace="urn:x"'),
  R2721: (wsdl) => wsdl.replace('<soap:fault name="EvaluateFault"', "<soap:fault"),
  R2754: (wsdl) => wsdl.replace('<soap:fault name="EvaluateFault"', '<soap:fault name="Another"'),
  R2740: (wsdl) => wsdl.replace(/<wsdl:fault name="EvaluateFault" message="[^"]*"\/>/, ""),
  R2026: (wsdl) => wsdl.replace("<soap:body", '<soap:body wsdl:required="true"'),
  R2711: (wsdl) => wsdl.replace(/<wsdl:port [\s\S]*<\/wsdl:port>/, (port) => port + port),
};

test("every rule is broken by something", () => {
  const wsdl = generateWsdl(singleService(), ADDRESS);
  assert.deepEqual(Object.keys(BREAKING).toSorted(), WS_I_RULES.map(({ id }) => id).toSorted());
  for (const [id, breakIt] of Object.entries(BREAKING)) {
    const broken = breakIt(wsdl);
    assert.notEqual(broken, wsdl, id);
    assert.ok(
      wsIViolations(broken).some((violation) => violation.startsWith(`${id}:`)),
      `${id} was not seen to be broken`,
    );
  }
});
