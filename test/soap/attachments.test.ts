import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { SOAP_VERSIONS } from "../../src/contract/soap-names.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { createSchemaOracle } from "./schema-oracle.js";
import { envelope, payload, startHarness } from "./soap-harness.js";

const BOUNDARY = "MIME_boundary";

/** A message of two parts, as a toolkit sends it. */
function packed(root: string, type: string): string {
  return (
    `--${BOUNDARY}\r\nContent-Type: ${type}\r\nContent-ID: <root>\r\n\r\n${root}\r\n` +
    `--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\nContent-ID: <data>\r\n\r\n\u0000\u0001\r\n--${BOUNDARY}--`
  );
}

for (const version of SOAP_VERSIONS) {
  const { namespace, mediaType } = SOAP_RULES[version];
  const soap = (body: string): string =>
    envelope(body).replace("http://schemas.xmlsoap.org/soap/envelope/", namespace);

  test(`SOAP ${version}: messages with attachments are refused with the way to mend them`, async () => {
    await using server = await startHarness({ version, evaluate: () => assert.fail("was called") });
    const oracle = createSchemaOracle(server.wsdl);
    const kinds = {
      mtom: [
        `multipart/related; type="application/xop+xml"; start="<root>"; start-info="${mediaType}"; boundary=${BOUNDARY}`,
        `application/xop+xml; charset=UTF-8; type="${mediaType}"`,
      ],
      attachments: [`multipart/related; type="${mediaType}"; boundary=${BOUNDARY}`, mediaType],
      capitals: [`Multipart/Related; boundary=${BOUNDARY}`, mediaType],
    } as const;
    for (const [kind, [contentType, rootType]] of Object.entries(kinds)) {
      const body = packed(soap(payload()), rootType);
      const reply = await server.send({ body, headers: { "Content-Type": contentType } });
      assert.equal(reply.status, 415, kind);
      assert.match(
        reply.body,
        /Attachments \(MTOM, SOAP with Attachments\) are not supported: send the envelope/,
      );
      assert.ok(reply.body.includes(`, as ${mediaType}.`), reply.body);
      assert.ok(oracle.isValid(reply.body), reply.body);
    }
  });

  test(`SOAP ${version}: a value that stands elsewhere is refused in its place, and nothing is fetched`, async () => {
    await using server = await startHarness({ version, evaluate: () => assert.fail("was called") });
    const include = (href: string): string =>
      `<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="${href}"/>`;
    let visits = 0;
    const trap = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const { port } = trap.address() as AddressInfo;
    for (const href of ["cid:data", `http://127.0.0.1:${port}/`, "file:///etc/passwd"]) {
      const inText = payload().replace("A1", include(href));
      const inNumber = payload("", `<annualIncome>${include(href)}</annualIncome>`);
      const inRow = payload("", include(href));
      for (const [body, path] of [
        [inText, "application[0].application_id"],
        [inNumber, "application[0].annual_income"],
        [inRow, "application[0]"],
      ] as const) {
        const { body: fault } = await server.send({
          body: soap(body),
          headers: { "Content-Type": mediaType },
        });
        const expected = `${path}: Attachments (MTOM) are not supported: send the value itself instead of xop:Include.`;
        assert.ok(fault.includes(expected), fault);
        assert.ok(!fault.includes(href));
      }
    }
    await new Promise((resolve) => trap.close(resolve));
    assert.equal(visits, 0);
  });
}
