import assert from "node:assert/strict";
import { test } from "node:test";
import { XmlDocument, XmlElement } from "libxml2-wasm";
import type { FieldType, Service } from "../../src/contract/model.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";
import { singleService } from "../support/single-service.js";

const ADDRESS = "https://decisions.example.com/soap/sample_decision/v1?a=1&b=2";
const NAMESPACES = {
  w: "http://schemas.xmlsoap.org/wsdl/",
  s: "http://schemas.xmlsoap.org/wsdl/soap/",
  x: "http://www.w3.org/2001/XMLSchema",
};

interface Wsdl extends Disposable {
  /** The values of an attribute of every element that a path finds; an absent attribute is empty. */
  all(path: string, attribute: string): string[];
  texts(path: string): string[];
}

function parse(text: string): Wsdl {
  const document = XmlDocument.fromString(text);
  const find = (path: string): XmlElement[] =>
    document.find(path, NAMESPACES).filter((node) => node instanceof XmlElement);
  return {
    all: (path, attribute) => find(path).map((found) => found.attr(attribute)?.value ?? ""),
    texts: (path) => find(path).map((found) => found.content),
    [Symbol.dispose]: () => document.dispose(),
  };
}

test("the same service and address give the same bytes", () => {
  assert.equal(generateWsdl(sampleService(), ADDRESS), generateWsdl(sampleService(), ADDRESS));
});

test("the shape is document-literal wrapped, as the WS-I Basic Profile has it", () => {
  using wsdl = parse(generateWsdl(sampleService(), ADDRESS));
  assert.deepEqual(wsdl.all("/w:definitions/w:service/w:port/s:address", "location"), [ADDRESS]);
  assert.deepEqual(wsdl.all("//w:portType/w:operation", "name"), ["Evaluate"]);
  assert.deepEqual(wsdl.all("//s:binding", "style"), ["document"]);
  assert.deepEqual(wsdl.all("//s:binding", "transport"), ["http://schemas.xmlsoap.org/soap/http"]);
  assert.deepEqual(wsdl.all("//s:operation", "soapAction"), ["urn:artifact-gateway:sample_decision:v1:Evaluate"]);
  assert.deepEqual(wsdl.all("//s:body | //s:fault", "use"), ["literal", "literal", "literal"]);
  assert.deepEqual(wsdl.all("//s:body | //s:fault", "namespace"), ["", "", ""]);
  assert.deepEqual(wsdl.all("//w:message/w:part", "name"), ["parameters", "parameters", "fault"]);
  assert.deepEqual(wsdl.all("//w:message/w:part", "element"), ["tns:Evaluate", "tns:EvaluateResponse", "tns:EvaluateFault"]);
  assert.deepEqual(wsdl.all("//w:portType//w:fault | //w:binding//w:fault", "name"), ["EvaluateFault", "EvaluateFault"]);
  assert.deepEqual(wsdl.all("//x:schema", "elementFormDefault"), ["qualified"]);
  assert.deepEqual(wsdl.all("//x:schema", "targetNamespace"), ["urn:artifact-gateway:sample_decision:v1"]);
  assert.deepEqual(wsdl.all("//x:element[@name='EvaluateResponse']//x:element", "name"), ["result"]);
});

test("nothing stands in the schema that toolkits of callers stumble over", () => {
  using wsdl = parse(generateWsdl(sampleService(), ADDRESS));
  const named = [...wsdl.all("//x:complexType[@name]", "name"), ...wsdl.all("//x:simpleType", "name")];
  assert.equal(new Set(named.map((name) => name.toLowerCase())).size, named.length);
  assert.deepEqual(named.filter((name) => name.startsWith("ArrayOf") || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)), []);
  assert.deepEqual(wsdl.all("//x:any | //x:choice | //x:all | //x:attribute | //x:group | //x:import", "name"), []);
  assert.deepEqual(wsdl.all("//x:element[@maxOccurs='unbounded']", "name"), []);
});

test("presence is minOccurs, and nil is allowed for what callers may leave out and nowhere else", () => {
  using wsdl = parse(generateWsdl(sampleService(), ADDRESS));
  const row = "//x:complexType[@name='ApplicationRow']/x:sequence/x:element";
  assert.deepEqual(wsdl.all(`${row}[@minOccurs='1']`, "name"), ["applicationId", "requestedAmount"]);
  assert.deepEqual(wsdl.all(`${row}[@minOccurs='1']`, "nillable"), ["", ""]);
  assert.deepEqual(new Set(wsdl.all(`${row}[@minOccurs='0']`, "nillable")), new Set(["true"]));
  assert.deepEqual(wsdl.all("//x:complexType[@name='EvaluateResult']//x:element[@nillable]", "name"), []);
});

test("every kind of type has its declaration", () => {
  using wsdl = parse(generateWsdl(sampleService(), ADDRESS));
  const row = "//x:complexType[@name='ApplicationRow']/x:sequence/x:element";
  assert.deepEqual(wsdl.all(row, "type"), [
    "xsd:string",
    "xsd:double",
    "xsd:long",
    "tns:decimal11x2",
    "xsd:boolean",
    "tns:calendarDate",
    "tns:timestamp",
    "tns:ApplicationRowLateMonths",
    "tns:ApplicationRowTags",
    "tns:ApplicationRowAddress",
    "tns:ApplicationRowMatrix",
    "tns:ApplicationRowBands",
  ]);
  assert.deepEqual(wsdl.all("//x:simpleType[@name='decimal11x2']/x:restriction/*", "value"), [
    "11",
    "2",
    "-999999999.99",
    "999999999.99",
  ]);
  assert.deepEqual(wsdl.all("//x:complexType[@name='ApplicationTable']//x:element", "maxOccurs"), ["100"]);
});

test("a dynamic result is a string documented as JSON text", () => {
  using wsdl = parse(generateWsdl(sampleService({ kind: "dynamic" }), ADDRESS));
  const result = "//x:element[@name='EvaluateResponse']//x:element[@name='result']";
  assert.deepEqual(wsdl.all(result, "type"), ["xsd:string"]);
  const said = wsdl.texts(`${result}//x:documentation`)[0] ?? "";
  assert.match(said, /JSON text\. .* artifact-gateway lock ARTIFACT --sample FILE --out contract\.lock\.json$/);
});

test("documentation says what the schema cannot, whatever the artifact writes in it", () => {
  const service = sampleService();
  const [field] = service.operation.response.fields;
  const described: Service = {
    ...service,
    description: 'A <b>bold</b> & "quoted"\u0000\n decision.',
    operation: { ...service.operation, response: { ...service.operation.response, fields: [{ ...field, description: "], reserved: []]>" }] } },
  };
  using wsdl = parse(generateWsdl(described, ADDRESS));
  assert.match(wsdl.texts("/w:definitions/w:documentation")[0] ?? "", /^A <b>bold<\/b> & "quoted"\uFFFD decision\. Dates/);
  const income = "//x:element[@name='annualIncome']//x:documentation";
  assert.deepEqual(wsdl.texts(income), ["Source name: annual_income. Type: Numerical. Optional."]);
});

test("what the platform knows of a column stands beside it", () => {
  const service = singleService();
  const { request } = service.operation;
  const fields = request.fields.map((field) => ({
    ...field,
    notes: { unit: "EUR", origin: "lake.customers.income", nullMeaning: "Not asked.", allowedValues: ["1 = yes", "2 = no"] },
  }));
  const noted: Service = { ...service, operation: { ...service.operation, request: { ...request, fields } } };
  using wsdl = parse(generateWsdl(noted, ADDRESS));
  assert.deepEqual(wsdl.texts("//x:element[@name='Evaluate']//x:element[@name='history']//x:documentation"), [
    "Type: table. Unit: EUR. Comes from: lake.customers.income. Absent means: Not asked. Values: 1 = yes, 2 = no. Optional.",
  ]);
});

test("a type that is used twice is declared once", () => {
  const shared: FieldType = { kind: "struct", message: { name: "Shared", description: "", fields: [], reserved: [] } };
  const list: FieldType = { kind: "array", name: "SharedList", items: shared, itemName: "item", maxItems: 5 };
  const map: FieldType = { kind: "map", name: "M", entryName: "MEntry", key: { kind: "string" }, value: list, maxItems: 5 };
  using wsdl = parse(generateWsdl(sampleService(map), ADDRESS));
  for (const name of ["Shared", "SharedList", "M", "MEntry"]) {
    assert.equal(wsdl.all(`//x:complexType[@name='${name}']`, "name").length, 1, name);
  }
});
