import assert from "node:assert/strict";
import { test } from "node:test";
import { CODES, GatewayError } from "../../src/errors.js";
import { printFault, SoapRefusal } from "../../src/soap/fault.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";
import { createSchemaOracle } from "./schema-oracle.js";

const service = sampleService();
const oracle = createSchemaOracle(generateWsdl(service, "http://localhost/"));

function content(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(text)?.[1];
}

test("every code has a fault whose detail is the declared one", () => {
  for (const code of CODES) {
    const { status, body } = printFault(new GatewayError(code, "Our text."), "id-1", service);
    assert.ok(oracle.isValid(body), body);
    assert.equal(content(body, "code"), code);
    assert.match(content(body, "faultcode") ?? "", /^soapenv:(Client|Server)$/);
    const expected = { unauthenticated: 401, too_large: 413 }[code as string] ?? 500;
    assert.equal(status, expected, code);
  }
});

test("refusals that SOAP and HTTP name themselves keep those names, and header faults have no detail", () => {
  const print = (reason: SoapRefusal["reason"]): (string | number | boolean | undefined)[] => {
    const { status, body } = printFault(new SoapRefusal(reason, "No."), "id-1", service);
    return [status, content(body, "faultcode"), body.includes("<detail>")];
  };
  assert.deepEqual(print("version"), [500, "soapenv:VersionMismatch", false]);
  assert.deepEqual(print("must_understand"), [500, "soapenv:MustUnderstand", false]);
  assert.deepEqual(print("media_type"), [415, "soapenv:Client", true]);
});

test("path and row point to the first violation", () => {
  const violations = [
    { path: "application[3].annual_income", message: "Must be a number." },
    { path: "x", message: "This value is required." },
  ];
  const { body } = printFault(new GatewayError("invalid_input", "Wrong.", { violations }), "id-1", service);
  assert.equal(content(body, "path"), "application[3].annual_income");
  assert.equal(content(body, "row"), "3");
  assert.equal(
    content(body, "message"),
    "Wrong. application[3].annual_income: Must be a number. x: This value is required.",
  );
});

test("the faultstring is ASCII of at most 255 characters, the message at most 1000, and both are always XML", () => {
  const violations = [{ path: "\u00e9\u0000<&>", message: "\u{1d11e}".repeat(2000) }];
  const { body } = printFault(
    new GatewayError("invalid_input", "W\u00f6rter", { violations }),
    "id-1",
    service,
  );
  assert.ok(oracle.isValid(body));
  const faultstring = content(body, "faultstring") ?? "";
  assert.match(faultstring, /^[\x20-\x7e]*\.\.\.$/);
  assert.ok(faultstring.replace(/&[a-z]+;/g, "x").length <= 255);
  assert.ok((content(body, "message") ?? "").length <= 1020);
  assert.equal(content(body, "path"), "\u00e9\uFFFD&lt;&amp;&gt;");
});

test("a caller is told when it may come back, and that main() had begun", () => {
  const busy = printFault(new GatewayError("overloaded", "Busy.", { retryAfterMs: 1200 }), "id-1", service);
  assert.equal(busy.headers["Retry-After"], "2");
  assert.equal(busy.status, 500);
  const lost = printFault(new GatewayError("worker_lost", "Lost.", { started: true }), "id-1", service);
  assert.equal(content(lost.body, "message"), "Lost. The decision had been started.");
});

test("nothing of the cause is in a fault", () => {
  const cause = new Error("secret at /home/user/main.py");
  const { body } = printFault(GatewayError.from(cause), "id-1", service);
  assert.equal(/secret|main\.py/.test(body), false);
});
