import assert from "node:assert/strict";
import { test } from "node:test";
import { createClientAsync } from "soap";
import { CODES, GatewayError } from "../../src/errors.js";
import { printFault } from "../../src/soap/fault/fault.js";
import { SoapRefusal } from "../../src/soap/fault/refusals.js";
import { newStruct, type Struct } from "../../src/values.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope as envelope11, NAMESPACE, payload, startHarness, type Harness } from "./soap-harness.js";

const SOAP12 = "http://www.w3.org/2003/05/soap-envelope";
const ACTION = `${NAMESPACE}:Evaluate`;
const TYPE = { "Content-Type": `application/soap+xml; charset=utf-8; action="${ACTION}"` };

function envelope(body: string, header = ""): string {
  return envelope11(body, header).replace("http://schemas.xmlsoap.org/soap/envelope/", SOAP12);
}

function start(evaluate: () => Struct = decision): Promise<Harness> {
  return startHarness({ version: "1.2", evaluate });
}

function decision(): Struct {
  const result = newStruct();
  result["decision"] = "approve";
  return result;
}

function value(fault: string): string {
  return /<soapenv:Value>soapenv:(.*?)<\/soapenv:Value>/.exec(fault)?.[1] ?? "";
}

test("a request is answered in SOAP 1.2, at a path of its own", async () => {
  await using server = await start();
  assert.equal(server.path, "/soap12/sample_decision/v1");
  const reply = await server.send({ body: envelope(payload()), headers: TYPE });
  assert.equal(reply.status, 200);
  assert.equal(reply.headers["content-type"], "application/soap+xml; charset=utf-8");
  assert.ok(reply.body.includes(`<soapenv:Envelope xmlns:soapenv="${SOAP12}"`), reply.body);
  assert.ok(createSchemaOracle(server.wsdl).isValid(reply.body), reply.body);
});

test("the client of the soap package works from the served WSDL", async () => {
  await using server = await start();
  const wsdl = `http://127.0.0.1:${server.port}${server.path}?wsdl`;
  const client = await createClientAsync(wsdl, { forceSoap12Headers: true });
  const evaluate = client["EvaluateAsync"] as (input: unknown) => Promise<[{ result: { decision: string } }]>;
  const [reply] = await evaluate({
    application: { row: [{ applicationId: "A1", requestedAmount: "1.00" }] },
  });
  assert.equal(reply.result.decision, "approve");
});

test("the action stands in the media type, may be left out, and must be that of the body", async () => {
  await using server = await start();
  const send = async (contentType: string, more: Record<string, string> = {}): Promise<number> =>
    (await server.send({ body: envelope(payload()), headers: { "Content-Type": contentType, ...more } }))
      .status;
  assert.equal(await send("application/soap+xml"), 200);
  assert.equal(await send(`application/soap+xml;action=""`), 200);
  assert.equal(await send(`application/soap+xml;action=${ACTION}`), 200);
  assert.equal(await send(`application/soap+xml; action="${NAMESPACE}:Purge"`), 400);
  for (const spoofed of [
    '"Evaluate"',
    "Evaluate",
    `"${ACTION.toUpperCase()}"`,
    `"${ACTION}/Purge"`,
    `"${ACTION}"; action="${ACTION}"`,
    `"${ACTION}`,
  ]) {
    assert.equal(await send(`application/soap+xml; action=${spoofed}`), 400, spoofed);
  }
  // The header of SOAP 1.1 says nothing here.
  assert.equal(await send("application/soap+xml", { SOAPAction: '"urn:other"' }), 200);
  assert.equal(await send("text/xml"), 415);
});

test("versions are told apart as SOAP 1.2 appendix A has it", async () => {
  await using server = await start();
  const older = await server.send({ body: envelope11(payload()), headers: TYPE });
  assert.deepEqual([older.status, older.headers["content-type"]], [500, "text/xml; charset=utf-8"]);
  assert.match(older.body, /<faultcode>soapenv:VersionMismatch<\/faultcode>/);
  const other = await server.send({ body: envelope(payload()).replace(SOAP12, "urn:soap3"), headers: TYPE });
  assert.equal(value(other.body), "VersionMismatch");
  for (const { body } of [older, other]) {
    assert.match(
      body,
      /<soapenv:Header><upgrade:Upgrade xmlns:upgrade="[^"]*soap-envelope"><upgrade:SupportedEnvelope qname="upgrade:Envelope"\/>/,
    );
  }
});

test("a header for this service that must be understood is refused, one for others is not", async () => {
  await using server = await start();
  const send = async (attributes: string): Promise<string> => {
    const header = `<s:Header><a xmlns="urn:a" ${attributes}/></s:Header>`;
    const reply = await server.send({ body: envelope(payload(), header), headers: TYPE });
    return reply.status === 200 ? "answered" : `${reply.status} ${value(reply.body)}`;
  };
  assert.equal(await send('s:mustUnderstand="true"'), "500 MustUnderstand");
  assert.equal(await send('s:mustUnderstand=" 1 "'), "500 MustUnderstand");
  assert.equal(
    await send(`s:mustUnderstand="1" s:role="${SOAP12}/role/ultimateReceiver"`),
    "500 MustUnderstand",
  );
  assert.equal(await send(`s:mustUnderstand="1" s:role="${SOAP12}/role/next"`), "500 MustUnderstand");
  assert.equal(await send(`s:mustUnderstand="1" s:role="${SOAP12}/role/none"`), "answered");
  assert.equal(await send('s:mustUnderstand="1" s:role="urn:other"'), "answered");
  assert.equal(await send('s:mustUnderstand="false"'), "answered");
  assert.equal(await send('s:mustUnderstand="TRUE"'), "400 Sender");
});

test("every header that was not understood is named in the fault", async () => {
  await using server = await start();
  const blocks = ["urn:a", "urn:b"].map((uri) => `<x:block xmlns:x="${uri}" s:mustUnderstand="true"/>`);
  const optional = '<x:other xmlns:x="urn:c"/>';
  const header = `<s:Header>${blocks.join(optional)}</s:Header>`;
  const { status, body } = await server.send({ body: envelope(payload(), header), headers: TYPE });
  assert.deepEqual([status, value(body)], [500, "MustUnderstand"]);
  const named = [...body.matchAll(/<soapenv:NotUnderstood qname="h:block" xmlns:h="([^"]*)"\/>/g)];
  assert.deepEqual(
    named.map(([, uri]) => uri),
    ["urn:a", "urn:b"],
  );
  assert.ok(!body.includes("soapenv:Detail"));
});

test("every code has a SOAP 1.2 fault: the sender's are 400, the receiver's 500, the detail is the declared one", () => {
  const service = sampleService();
  const oracle = createSchemaOracle(generateWsdl(service, "http://localhost/", "1.2"));
  for (const code of CODES) {
    const { status, body, headers } = printFault(new GatewayError(code, "Our \u00e9 text."), {
      requestId: "id",
      service,
      version: "1.2",
    });
    assert.ok(oracle.isValid(body), body);
    assert.equal(headers["Content-Type"], "application/soap+xml; charset=utf-8");
    assert.match(
      body,
      /<soapenv:Reason><soapenv:Text xml:lang="en">Our e text\.<\/soapenv:Text><\/soapenv:Reason>/,
    );
    const expected = {
      Sender: code === "unauthenticated" ? 401 : 400,
      Receiver: 500,
    };
    assert.equal(status, expected[value(body) as keyof typeof expected], code);
  }
  const busy = new GatewayError("overloaded", "Busy.", { retryAfterMs: 10 });
  assert.equal(printFault(busy, { requestId: "id", service, version: "1.2" }).headers["Retry-After"], "1");
  const { status, body } = printFault(new SoapRefusal("media_type", "No."), {
    requestId: "id",
    service,
    version: "1.2",
  });
  assert.deepEqual([status, value(body)], [415, "Sender"]);
});

test("the WSDL is that of SOAP 1.2 and says the address that answers it", async () => {
  await using server = await start();
  const wsdl = await server.send({ method: "GET", path: `${server.path}?wsdl` });
  assert.deepEqual([wsdl.status, wsdl.body], [200, server.wsdl]);
  assert.equal(wsdl.headers["content-type"], "text/xml; charset=utf-8");
  assert.ok(
    wsdl.body.includes(
      `<soap12:address location="http://127.0.0.1:${server.port}/soap12/sample_decision/v1"/>`,
    ),
  );
  assert.ok(!wsdl.body.includes("http://schemas.xmlsoap.org/wsdl/soap/"));
});
