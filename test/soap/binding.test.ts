import assert from "node:assert/strict";
import { test } from "node:test";
import { Server, WSDL } from "soap";
import { createBinding } from "../../src/soap/binding.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";

const service = sampleService();
const wsdl = generateWsdl(service, "http://localhost/soap/sample_decision/v1");

test("a payload is put into the envelope of the package as it is", async () => {
  const binding = await createBinding(service, wsdl);
  for (const payload of ['<reply n="1"/>', "<a>&lt;&#13;\u00e9\n</a>", "<probe/>", "$&$1"]) {
    const envelope = binding.wrap(payload);
    assert.match(envelope, /^<\?xml version="1\.0" encoding="utf-8"\?><soapenv:Envelope [^<>]*>/);
    assert.ok(envelope.endsWith(`<soapenv:Body>${payload}</soapenv:Body></soapenv:Envelope>`), envelope);
  }
});

test("header blocks stand before the body, and no header where there are none", async () => {
  const binding = await createBinding(service, wsdl);
  const envelope = binding.wrap("<reply/>", '<h:a xmlns:h="urn:h"/>');
  const expected =
    '<soapenv:Header><h:a xmlns:h="urn:h"/></soapenv:Header><soapenv:Body><reply/></soapenv:Body>';
  assert.equal(
    envelope.replace(/^.*?<soapenv:Header>/, "<soapenv:Header>"),
    `${expected}</soapenv:Envelope>`,
  );
  assert.equal(envelope.replace(/<soapenv:Header>.*<\/soapenv:Header>/, ""), binding.wrap("<reply/>"));
});

test("the start fails when a seam is gone", async (t) => {
  const fails = (): Promise<void> =>
    assert.rejects(createBinding(service, wsdl), /The installed version of the `soap` package/);
  await t.test("the reader of requests is no longer replaced", async (inner) => {
    inner.mock.method(Server.prototype, "processRequest", () =>
      Promise.resolve({ statusCode: 200, body: "", headers: {} }),
    );
    await fails();
  });
  await t.test("the payload is no longer taken as it is", async (inner) => {
    inner.mock.method(WSDL.prototype, "objectToDocumentXML", () => "<other/>");
    await fails();
  });
  await t.test("the envelope is not the same for every call", async (inner) => {
    let calls = 0;
    inner.mock.method(Server.prototype, "processRequest", (payload: string) => {
      calls += 1;
      const soap = "http://schemas.xmlsoap.org/soap/envelope/";
      const start = `<soapenv:Envelope xmlns:soapenv="${soap}" n="${calls}"><soapenv:Body>`;
      const body = `<?xml version="1.0" encoding="utf-8"?>${start}${payload}</soapenv:Body></soapenv:Envelope>`;
      return Promise.resolve({ statusCode: 200, body, headers: {} });
    });
    await fails();
  });
});

test("the start fails when the WSDL does not have the operation", async () => {
  const { operation } = service;
  const other = { ...service, operation: { ...operation, name: "Purge" } };
  await assert.rejects(createBinding(other, wsdl));
});

test("a text that is not a WSDL is refused", async () => {
  await assert.rejects(createBinding(service, "<nothing/>"));
});
