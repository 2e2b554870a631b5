/** The attack list: each has one test in each version of SOAP, against one running server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SOAP_VERSIONS, type SoapVersion } from "../../src/contract/soap-names.js";
import { newStruct } from "../../src/values.js";
import { dialectOf, payload, SECRET, type Attack, type Outcome } from "./attacks/attack.js";
import { OUTPUT_ATTACKS } from "./attacks/output-attacks.js";
import { SOAP_ATTACKS } from "./attacks/soap-attacks.js";
import { XML_ATTACKS } from "./attacks/xml-attacks.js";
import { startHarness, type Harness, type HttpReply, type SendOptions } from "./soap-harness.js";

const ATTACKS: Readonly<Record<string, readonly Attack[]>> = {
  XML: XML_ATTACKS,
  SOAP: SOAP_ATTACKS,
  Outputs: OUTPUT_ATTACKS,
};

/** What `main()` answers; the value comes from nowhere else. */
function decision(): ReturnType<typeof newStruct> {
  const result = newStruct();
  result["decision"] = "approve";
  return result;
}

/** The outcome that a reply tells. */
function outcomeOf({ status, body }: HttpReply): string {
  if (status === 200) return "answered";
  const code = /(?:VersionMismatch|MustUnderstand)(?=<)/.exec(body)?.[0];
  return code ?? /<code>(.*?)<\/code>/.exec(body)?.[1] ?? "no fault";
}

function statusOf(outcome: Outcome, version: SoapVersion, { body }: HttpReply): number {
  if (outcome === "answered") return 200;
  // Too many bytes are HTTP's to refuse; what the XML has too much of is named.
  if (outcome === "too_large" && !/maxXml|blocks/.test(body)) return 413;
  if (outcome === "VersionMismatch" || outcome === "MustUnderstand") return 500;
  if (outcome === "unsupported" && /Content-Type|Attachments/.test(body)) return 415;
  return version === "1.1" ? 500 : 400;
}

for (const version of SOAP_VERSIONS) {
  const soap = dialectOf(version);
  const typed = ({ headers, ...rest }: SendOptions): SendOptions => ({
    ...rest,
    headers: { "Content-Type": `${soap.mediaType}; charset=utf-8`, ...headers },
  });

  describe(`SOAP ${version}`, () => {
    let server: Harness;
    before(async () => {
      server = await startHarness({
        version,
        evaluate: decision,
        limits: { maxMessageBytes: 800_000, maxXmlElements: 45_000 },
      });
    });
    after(() => server[Symbol.asyncDispose]());

    for (const [line, attacks] of Object.entries(ATTACKS)) {
      for (const { name, request, becomes } of attacks) {
        test(`${line}: ${name}`, async () => {
          const asked = request(soap);
          const isOptions = typeof asked !== "string" && !(asked instanceof Uint8Array);
          const calls = server.outcomes.length;
          const reply = await server.send(typed(isOptions ? asked : { body: asked }));
          const expected = typeof becomes === "string" ? becomes : becomes[version];
          assert.equal(outcomeOf(reply), expected, reply.body);
          assert.equal(reply.status, statusOf(expected, version, reply), reply.body);
          assert.equal(server.outcomes.length, calls + 1, "every request is reported once");
          assert.ok(!reply.body.includes(SECRET), "a value is sent back");
          const logged = server.logged.at(-1) ?? "";
          assert.ok(!logged.includes(SECRET) && !logged.includes("\n"), `a value is logged: ${logged}`);
          assert.equal(typeof JSON.parse(`{"":0${logged}}`), "object");
          assert.deepEqual(Reflect.ownKeys(Object.prototype), PROTOTYPE);
          const next = await server.send(typed({ body: soap.envelope(payload()) }));
          assert.equal(next.status, 200, "the next caller is served");
        });
      }
    }
  });
}

const PROTOTYPE = Reflect.ownKeys(Object.prototype);
