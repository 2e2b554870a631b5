import assert from "node:assert/strict";
import { test } from "node:test";
import { Server, WSDL } from "soap";
import { GatewayError } from "../../src/errors.js";
import { createBinding } from "../../src/soap/binding.js";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { sampleService } from "../support/sample-service.js";

const service = sampleService();
const wsdl = generateWsdl(service, "http://localhost/soap/sample_decision/v1");

test("many requests at once each get their own reply", async () => {
  const binding = await createBinding(service, wsdl);
  const finish: (() => void)[] = [];
  const replies = Array.from({ length: 50 }, (_, index) =>
    binding.dispatch("Evaluate", async () => {
      await new Promise<void>((resolve) => finish.push(resolve));
      return `<reply n="${index}"/>`;
    }),
  );
  for (const resolve of finish.reverse()) resolve();
  for (const [index, envelope] of (await Promise.all(replies)).entries()) {
    assert.ok(envelope.includes(`<soapenv:Body><reply n="${index}"/></soapenv:Body>`), envelope);
  }
});

test("an error of the work comes out unchanged, and anything else as internal", async () => {
  const binding = await createBinding(service, wsdl);
  const error = new GatewayError("overloaded", "Busy.");
  await assert.rejects(
    binding.dispatch("Evaluate", () => Promise.reject(error)),
    (thrown) => thrown === error,
  );
  await assert.rejects(
    binding.dispatch("Evaluate", () => Promise.reject(new Error("x"))),
    (thrown) => thrown instanceof GatewayError && thrown.code === "internal",
  );
});

test("a name that the WSDL does not have is never dispatched", async () => {
  const binding = await createBinding(service, wsdl);
  for (const name of ["Purge", "__proto__", "constructor"]) {
    const work = (): Promise<string> => assert.fail("dispatched");
    await assert.rejects(
      binding.dispatch(name, work),
      (thrown) => thrown instanceof GatewayError && thrown.code === "internal",
    );
  }
});

test("the start fails when a seam is gone", async (t) => {
  await t.test("the reader of requests is no longer replaced", async (inner) => {
    inner.mock.method(Server.prototype, "processRequest", () =>
      Promise.resolve({ statusCode: 200, body: "", headers: {} }),
    );
    await assert.rejects(createBinding(service, wsdl), /The installed version of the `soap` package/);
  });
  await t.test("the payload is no longer taken as it is", async (inner) => {
    inner.mock.method(WSDL.prototype, "objectToDocumentXML", () => "<other/>");
    await assert.rejects(createBinding(service, wsdl), /The installed version of the `soap` package/);
  });
});

test("a text that is not a WSDL is refused", async () => {
  await assert.rejects(createBinding(service, "<nothing/>"));
});
