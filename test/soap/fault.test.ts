import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FAULT_LENGTHS } from "../../src/contract/fault-lengths.js";
import { SOAP_VERSIONS } from "../../src/contract/soap-names.js";
import { CODES, GatewayError, type Violation } from "../../src/errors.js";
import { HttpRefusal } from "../../src/http/http-refusal.js";
import { printFault, type FaultReply } from "../../src/soap/fault/fault.js";
import type { FaultText } from "../../src/soap/fault/fault-text.js";
import { SoapRefusal } from "../../src/soap/fault/refusals.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";
import { createSchemaOracle } from "./schema-oracle.js";

const service = sampleService();
const oracle = createSchemaOracle(generateWsdl(service, "http://localhost/"));

function print(error: GatewayError, text?: FaultText): FaultReply {
  return printFault(error, { requestId: "id-1", service, ...(text === undefined ? {} : { text }) });
}

function content(text: string, name: string): string | undefined {
  return new RegExp(`<${name}[^>]*>(.*?)</${name}>`, "s").exec(text)?.[1];
}

test("every code has a fault whose detail is the declared one", () => {
  for (const code of CODES) {
    const { status, body } = print(new GatewayError(code, "Our text."));
    assert.ok(oracle.isValid(body), body);
    assert.equal(content(body, "code"), code);
    assert.match(content(body, "faultcode") ?? "", /^soapenv:(Client|Server)$/);
    const expected = code === "unauthenticated" ? 401 : 500;
    assert.equal(status, expected, code);
  }
});

test("refusals that SOAP and HTTP name themselves keep those names, and header faults have no detail", () => {
  const shape = (reason: SoapRefusal["reason"]): (string | number | boolean | undefined)[] => {
    const { status, body } = print(new SoapRefusal(reason, "No."));
    return [status, content(body, "faultcode"), body.includes("<detail>")];
  };
  assert.deepEqual(shape("version"), [500, "soapenv:VersionMismatch", false]);
  assert.deepEqual(shape("must_understand"), [500, "soapenv:MustUnderstand", false]);
  assert.deepEqual(shape("media_type"), [415, "soapenv:Client", true]);
});

test("what HTTP refuses for its size is 413, what SOAP finds too large is a fault like any other", () => {
  for (const [version, expected] of [
    ["1.1", 500],
    ["1.2", 400],
  ] as const) {
    const statusOf = (error: GatewayError): number =>
      printFault(error, { requestId: "id", service, version }).status;
    assert.equal(statusOf(new HttpRefusal(413, "too_large", "Too many bytes.")), 413);
    assert.equal(statusOf(new GatewayError("too_large", "Too many elements.")), expected);
  }
});

test("path and row point to the first violation", () => {
  const violations = [
    { path: "application[3].annual_income", message: "Must be a number." },
    { path: "x", message: "This value is required." },
  ];
  const { body } = print(new GatewayError("invalid_input", "Wrong.", { violations }));
  assert.equal(content(body, "path"), "application[3].annual_income");
  assert.equal(content(body, "row"), "3");
  assert.equal(
    content(body, "message"),
    "Wrong. application[3].annual_income: Must be a number. x: This value is required.",
  );
});

test("a fault is ASCII: letters lose their accents, what has no letter becomes a question mark", () => {
  const violations = [
    { path: "\u00e9\u0000<&>", message: "\u201cG\u00f6\u0308del\u201d \u2013 \u{1d11e}\u0419" },
  ];
  const { body } = print(new GatewayError("invalid_input", "W\u00f6rter.", { violations }));
  assert.match(body, /^[\x20-\x7e]*$/);
  assert.equal(content(body, "path"), "e?&lt;&amp;&gt;");
  assert.equal(content(body, "message"), 'Worter. e?&lt;&amp;&gt;: "Godel" - ??');
});

test("in Unicode a fault keeps every character that XML can carry", () => {
  const violations = [{ path: "\u00e9\u0000", message: "\u201cG\u00f6del\u201d \u{1d11e}." }];
  const { body } = print(new GatewayError("invalid_input", "W\u00f6rter.", { violations }), "unicode");
  assert.equal(content(body, "path"), "\u00e9\uFFFD");
  assert.equal(content(body, "faultstring"), "W\u00f6rter. \u00e9\uFFFD: \u201cG\u00f6del\u201d \u{1d11e}.");
  assert.ok(oracle.isValid(body));
});

test("whatever a fault says, it is as short as the WSDL declares, and the text as COBOL buffers need", () => {
  const unit = fc.constantFrom("a", "\u00e9", "\u{1d11e}", "<", "&", "\ufb03", "\ud800", "\u0000", "\u0301");
  const text = fc.string({ unit, maxLength: 1500, size: "max" });
  const violation: fc.Arbitrary<Violation> = fc.record({ path: text, message: text });
  const error = fc.record({
    code: fc.constantFrom(...CODES),
    message: text,
    violations: fc.array(violation, { maxLength: 3 }),
    started: fc.boolean(),
  });
  const version = fc.constantFrom(...SOAP_VERSIONS);
  const characters = fc.constantFrom<FaultText>("ascii", "unicode");
  fc.assert(
    fc.property(error, version, characters, ({ code, message, ...more }, soap, faultText) => {
      const options = { requestId: "r".repeat(128), service, version: soap, text: faultText };
      const { body } = printFault(new GatewayError(code, message, more), options);
      assert.ok(oracle.isValid(body), body);
      const reason = content(body, soap === "1.1" ? "faultstring" : "soapenv:Text") ?? "";
      assert.ok(reason.replace(/&#?\w+;/g, "x").length <= FAULT_LENGTHS.reason, reason);
      if (faultText === "ascii") assert.match(body, /^[\x20-\x7e]*$/);
    }),
    { seed: 5, numRuns: 300, endOnFailure: true },
  );
});

test("the texts of a fault's detail together fit a kilobyte", () => {
  const { code, message, path, requestId } = FAULT_LENGTHS;
  assert.ok(code + message + path + requestId + String(2 ** 31).length <= 1024);
});

test("a caller is told when it may come back, and that main() had begun", () => {
  const busy = print(new GatewayError("overloaded", "Busy.", { retryAfterMs: 1200 }));
  assert.equal(busy.headers["Retry-After"], "2");
  assert.equal(busy.status, 500);
  const lost = print(new GatewayError("worker_lost", "Lost.", { started: true }));
  assert.equal(content(lost.body, "message"), "Lost. The decision had been started.");
});

test("nothing of the cause is in a fault", () => {
  const cause = new Error("secret at /home/user/main.py");
  const { body } = print(GatewayError.from(cause));
  assert.equal(/secret|main\.py/.test(body), false);
});

test("SOAP 1.2 names every header block that was not understood, up to a bound; SOAP 1.1 has no word for it", () => {
  const blocks = [
    { uri: "urn:a", local: "first" },
    { uri: 'urn:"<&', local: "second" },
    { uri: "", local: "third" },
    { uri: "urn:long", local: "x".repeat(256) },
  ];
  const refusal = new SoapRefusal("must_understand", "No.", blocks);
  const { body } = printFault(refusal, { requestId: "id", service, version: "1.2" });
  assert.equal(
    content(body, "soapenv:Header"),
    '<soapenv:NotUnderstood qname="h:first" xmlns:h="urn:a"/>' +
      '<soapenv:NotUnderstood qname="h:second" xmlns:h="urn:&quot;&lt;&amp;"/>' +
      '<soapenv:NotUnderstood qname="third"/>',
  );
  assert.ok(!body.includes("Detail"));
  assert.ok(!print(refusal).body.includes("NotUnderstood"));
  const many = Array.from({ length: 1000 }, (_, at) => ({ uri: "urn:a", local: `b${at}` }));
  const bounded = printFault(new SoapRefusal("must_understand", "No.", many), {
    requestId: "id",
    service,
    version: "1.2",
  });
  assert.equal(bounded.body.match(/<soapenv:NotUnderstood /g)?.length, 20);
});

test("a refusal with names of another specification shows them in the way of each version", () => {
  const uri = "http://www.w3.org/2005/08/addressing";
  const refusal = new SoapRefusal("addressing_cardinality", "Twice.", [{ uri, local: "Action" }]);
  const declared = `xmlns:wsa="${uri}"`;
  const problem = `<wsa:ProblemHeaderQName ${declared}>wsa:Action</wsa:ProblemHeaderQName>`;
  assert.equal(
    print(refusal).body.replace(/^.*?<soapenv:Header>/, ""),
    `<wsa:FaultDetail ${declared}>${problem}</wsa:FaultDetail></soapenv:Header><soapenv:Body><soapenv:Fault>` +
      `<faultcode ${declared}>wsa:InvalidCardinality</faultcode><faultstring>Twice.</faultstring>` +
      "</soapenv:Fault></soapenv:Body></soapenv:Envelope>",
  );
  const { status, body } = printFault(refusal, { requestId: "id", service, version: "1.2" });
  assert.equal(status, 400);
  assert.equal(
    content(body, "soapenv:Fault"),
    "<soapenv:Code><soapenv:Value>soapenv:Sender</soapenv:Value>" +
      `<soapenv:Subcode><soapenv:Value ${declared}>wsa:InvalidAddressingHeader</soapenv:Value>` +
      `<soapenv:Subcode><soapenv:Value ${declared}>wsa:InvalidCardinality</soapenv:Value></soapenv:Subcode>` +
      '</soapenv:Subcode></soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="en">Twice.</soapenv:Text>' +
      `</soapenv:Reason><soapenv:Detail>${problem}</soapenv:Detail>`,
  );
});
