/** Each rule is broken once, by an exchange that differs from a good one in nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generateWsdl } from "../../src/wsdl/generate-wsdl.js";
import { envelope, NAMESPACE, payload } from "../soap/soap-harness.js";
import { checkExchange } from "../support/messages/check-exchange.js";
import { ENVELOPES, type Exchange } from "../support/messages/exchange.js";
import { MESSAGE_RULES } from "../support/messages/message-rules.js";
import { sampleService } from "../support/sample-service.js";

const [E11, E12] = [ENVELOPES["1.1"], ENVELOPES["1.2"]];
const PATH = "/soap/sample_decision/v1";
const WSDL = generateWsdl(sampleService(), "http://localhost/");

/** A piece of a good exchange by another. */
interface Change {
  readonly method?: string;
  readonly target?: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly request?: string;
  readonly httpVersion?: string;
  readonly status?: number;
  readonly replyHeaders?: Readonly<Record<string, string>>;
  readonly reply?: string;
}

const REPLY =
  `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="${E11}"><soapenv:Body>` +
  `<EvaluateResponse xmlns="${NAMESPACE}"><result><decision>approve</decision></result></EvaluateResponse></soapenv:Body></soapenv:Envelope>`;

const FAULT =
  `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="${E11}"><soapenv:Body><soapenv:Fault>` +
  "<faultcode>soapenv:Client</faultcode><faultstring>Wrong.</faultstring><detail>" +
  `<EvaluateFault xmlns="${NAMESPACE}"><code>invalid_input</code><message>Wrong.</message><requestId>1</requestId></EvaluateFault>` +
  "</detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>";

const FAULT12 =
  `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="${E12}"><soapenv:Body><soapenv:Fault>` +
  "<soapenv:Code><soapenv:Value>soapenv:Sender</soapenv:Value></soapenv:Code>" +
  '<soapenv:Reason><soapenv:Text xml:lang="en">Wrong.</soapenv:Text></soapenv:Reason></soapenv:Fault></soapenv:Body></soapenv:Envelope>';

const SOAP12 = {
  target: PATH.replace("soap", "soap12"),
  requestHeaders: { "Content-Type": "application/soap+xml" },
  request: envelope(payload()).replace(E11, E12),
  replyHeaders: { "Content-Type": "application/soap+xml; charset=utf-8" },
};

function exchange(change: Change): Exchange {
  const request = change.request ?? envelope(payload());
  const reply = change.reply ?? REPLY;
  return {
    request: {
      method: change.method ?? "POST",
      target: change.target ?? PATH,
      headers: Object.entries({ "Content-Type": "text/xml; charset=utf-8", ...change.requestHeaders }),
      body: Buffer.from(request),
    },
    reply: {
      httpVersion: change.httpVersion ?? "1.1",
      status: change.status ?? 200,
      headers: Object.entries({
        "Content-Type": "text/xml; charset=utf-8",
        "Content-Length": String(Buffer.byteLength(reply)),
        ...change.replyHeaders,
      }),
      body: Buffer.from(reply),
    },
  };
}

/** A request that must have been refused, and was answered. */
const accepted = (from: string | RegExp, to: string): Change => ({
  request: envelope(payload()).replace(from, to),
});
const replied = (from: string | RegExp, to: string): Change => ({ reply: REPLY.replace(from, to) });
const faulted = (from: string | RegExp, to: string): Change => ({
  status: 500,
  reply: FAULT.replace(from, to),
});

/** What breaks each rule. */
const BREACHES: Readonly<Record<string, readonly Change[]>> = {
  R1141: [{ httpVersion: "2.0" }],
  R1132: [{ method: "GET" }],
  R1114: [
    { method: "PUT", status: 400, reply: "", replyHeaders: { "Content-Type": "text/plain" } },
    { method: "PUT", status: 405, reply: "", replyHeaders: { "Content-Type": "text/plain" } },
  ],
  R1115: [
    { requestHeaders: { "Content-Type": "text/html" } },
    { requestHeaders: { "Content-Type": "application/soap+xml" } },
  ],
  R1111: [{ status: 202 }],
  R1124: [{ reply: FAULT }, { status: 204, reply: "" }],
  R1126: [
    { status: 400, reply: FAULT },
    { status: 413, reply: FAULT.replaceAll("Wrong.", "The setting maxXmlDepth allows no more.") },
    { ...SOAP12, status: 500, reply: FAULT12 },
  ],
  R1029: [{ status: 500, reply: "Sorry.", replyHeaders: { "Content-Type": "text/plain" } }],
  R1130: [{ status: 302 }],
  R1121: [{ replyHeaders: { "Set-Cookie": "a=b" } }],
  R1018: [
    { replyHeaders: { "Content-Type": "text/xml" } },
    { replyHeaders: { "Content-Type": "application/soap+xml; charset=utf-8" } },
    { ...SOAP12, replyHeaders: { "Content-Type": "text/xml; charset=utf-8" } },
  ],
  "XML 1.0": [accepted("</s:Body>", ""), accepted("<row>", "<p:row>"), accepted("<row>", '<row a="" a="">')],
  R1008: [accepted("<s:Envelope", "<!DOCTYPE x><s:Envelope")],
  R1009: [accepted("<row>", "<?x?><row>"), accepted("<s:Envelope", "<?x?><s:Envelope")],
  R1015: [{ request: payload() }],
  "R1015 version": [accepted(E11, "urn:other"), { ...accepted(E11, E12), status: 500, reply: FAULT }],
  R1011: [accepted("</s:Body>", "</s:Body><s:Header/>")],
  R9981: [{ request: envelope(payload() + payload()) }, { request: envelope("") }],
  R1014: [{ request: envelope("<Evaluate/>") }],
  R1005: [accepted("<s:Body", '<s:Body s:encodingStyle=""')],
  R1006: [accepted("<row>", '<row s:encodingStyle="">')],
  R1032: [accepted("<s:Body", '<s:Body s:actor=""')],
  R1013: [
    { request: envelope(payload(), '<s:Header><a xmlns="urn:a" s:mustUnderstand="true"/></s:Header>') },
    { request: envelope(payload(), '<s:Header><a xmlns="urn:a" s:mustUnderstand="2"/></s:Header>') },
  ],
  R1027: [
    { request: envelope(payload(), '<s:Header><a xmlns="urn:a" s:mustUnderstand="1"/></s:Header>') },
    {
      request: envelope(payload(), '<s:Header><a xmlns="urn:a" s:mustUnderstand="1"/></s:Header>'),
      status: 500,
      reply: FAULT,
    },
  ],
  R2744: [
    { requestHeaders: { SOAPAction: `"${NAMESPACE}:Purge"` } },
    { requestHeaders: { SOAPAction: '"Evaluate"' } },
    { ...SOAP12, requestHeaders: { "Content-Type": 'application/soap+xml; action="urn:x"' } },
  ],
  R9980: [{ reply: '<?xml version="1.0" encoding="utf-8"?><html/>' }, { reply: "" }],
  "R9980 parts": [
    replied("<soapenv:Body>", "<soapenv:Other/><soapenv:Body>"),
    replied(/<(\/?)soapenv:Body/g, "<$1soapenv:Header"),
  ],
  "R1011 reply": [replied("</soapenv:Body>", "</soapenv:Body><soapenv:Header/>")],
  "R9981 reply": [replied("</soapenv:Body>", "<a xmlns='urn:a'/></soapenv:Body>")],
  "R1014 reply": [replied(` xmlns="${NAMESPACE}"`, "")],
  "R1008 reply": [replied("<soapenv:Envelope", "<!DOCTYPE x><soapenv:Envelope")],
  "R1009 reply": [replied("<soapenv:Body>", "<?x?><soapenv:Body>")],
  "R1005 reply": [replied("<soapenv:Body>", '<soapenv:Body soapenv:encodingStyle="">')],
  "R1032 reply": [replied("<soapenv:Body>", '<soapenv:Body soapenv:actor="">')],
  R1033: [replied("<soapenv:Body>", '<soapenv:Body xmlns:xml="http://www.w3.org/XML/1998/namespace">')],
  "R1013 reply": [
    replied(
      "<soapenv:Body>",
      '<soapenv:Header><a xmlns="urn:a" soapenv:mustUnderstand="true"/></soapenv:Header><soapenv:Body>',
    ),
  ],
  R1012: [replied('encoding="utf-8"', 'encoding="iso-8859-1"'), replied(/^<\?.*?\?>/, "")],
  R4001: [{ reply: `\uFEFF${REPLY}` }],
  R1000: [faulted("<detail>", "<more/><detail>")],
  R1001: [faulted(/<(\/?)faultcode>/g, "<$1soapenv:faultcode>")],
  R1004: [
    faulted("soapenv:Client", "soapenv:Caller"),
    faulted("soapenv:Client", "500"),
    faulted("soapenv:Client", "SOAP-ENV:Client"),
  ],
  R1031: [faulted("soapenv:Client", "soapenv:Client.Authentication")],
  "SOAP 1.1, 4.4": [faulted("soapenv:Client", "soapenv:MustUnderstand")],
  "SOAP 1.2, 5.4.2": [{ ...SOAP12, status: 400, reply: FAULT12.replace(' xml:lang="en"', "") }],
  "HTTP 10.2.3": [{ status: 500, reply: FAULT, replyHeaders: { "Retry-After": "soon" } }],
  "own length": [{ replyHeaders: { "Content-Length": "1" } }],
  "own type": [{ status: 500, reply: "<html/>", replyHeaders: { "Content-Type": "text/html" } }],
  "own fault size": [
    faulted("Wrong.", "W\u00f6rong."),
    faulted("Wrong.", "x".repeat(256)),
    faulted("Wrong.</message>", `${"x".repeat(5000)}</message>`),
  ],
  "own leak": [
    faulted("Wrong.", "Wrong at run (/srv/app.js:10:2)"),
    faulted("Wrong.", "Traceback (most recent call last)"),
  ],
  "own echo": [
    {
      ...faulted("Wrong.", "Not 4111-1111-1111."),
      request: envelope(payload().replace("A1", "4111-1111-1111")),
    },
  ],
  schema: [
    replied("decision>approve", "decision><b/>approve"),
    replied("<decision>", "<other/><decision>"),
    replied(/<(\/?)EvaluateResponse/g, "<$1Other"),
    faulted(/<code>.*?<\/code>/, ""),
    faulted("<faultstring>Wrong.</faultstring>", ""),
    faulted(/<faultstring>.*?<\/faultstring><detail>/, "<detail/><faultstring>Wrong.</faultstring><detail>"),
  ],
};

test("a good exchange breaks no rule, in either version and with a fault", () => {
  assert.deepEqual(checkExchange(exchange({}), WSDL), []);
  assert.deepEqual(checkExchange(exchange({ status: 500, reply: FAULT, request: "<a>" }), WSDL), []);
  const soap12 = { ...SOAP12, reply: REPLY.replace(E11, E12) };
  assert.deepEqual(checkExchange(exchange(soap12), WSDL), []);
  assert.deepEqual(
    checkExchange(exchange({ ...SOAP12, request: "<a>", status: 400, reply: FAULT12 }), WSDL),
    [],
  );
});

test("every rule can be broken", () => {
  assert.deepEqual(Object.keys(BREACHES).sort(), [...MESSAGE_RULES.map(({ id }) => id), "schema"].sort());
  for (const [id, changes] of Object.entries(BREACHES)) {
    for (const change of changes) {
      const broken = checkExchange(exchange(change), WSDL);
      assert.ok(
        broken.some((breach) => breach.startsWith(`${id}: `)),
        `${id} is not broken by ${JSON.stringify(change)}; found ${broken.join("; ")}`,
      );
    }
  }
});
