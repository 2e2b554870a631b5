import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULT_LENGTHS } from "../../src/contract/fault-lengths.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { readEnvelope } from "../../src/soap/envelope.js";
import { SoapRefusal } from "../../src/soap/fault/refusals.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import { sampleService } from "../support/sample-service.js";
import { envelope, NAMESPACE } from "./soap-harness.js";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const BODY = `<Evaluate xmlns="${NAMESPACE}"/>`;
const ACTION = `${NAMESPACE}:Evaluate`;

const OPTIONS = { service: sampleService(), rules: SOAP_RULES["1.1"], kinds: [] };

function outcome(text: string, action = ""): string {
  try {
    return readEnvelope(readXml(text, DEFAULT_LIMITS), action, OPTIONS).payload.local;
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error instanceof SoapRefusal ? error.reason : error.code;
  }
}

test("an envelope with one body element is read, with or without headers", () => {
  assert.equal(outcome(envelope(BODY)), "Evaluate");
  assert.equal(outcome(envelope(`\n ${BODY} \n`, "<s:Header/>")), "Evaluate");
  const optional = '<s:Header><h:a xmlns:h="urn:h" s:mustUnderstand="0"/><h:b xmlns:h="urn:h"/></s:Header>';
  assert.equal(outcome(envelope(BODY, optional)), "Evaluate");
});

test("another version and headers that must be understood are told apart", () => {
  const soap12 = envelope(BODY).replace(SOAP, "http://www.w3.org/2003/05/soap-envelope");
  assert.equal(outcome(soap12), "version");
  assert.equal(outcome("<Envelope/>"), "version");
  const header = (attributes: string): string =>
    envelope(BODY, `<s:Header><h:a xmlns:h="urn:h" ${attributes}/></s:Header>`);
  assert.equal(outcome(header('s:mustUnderstand="1"')), "must_understand");
  assert.equal(outcome(header('s:mustUnderstand="1" s:actor=""')), "must_understand");
  assert.equal(
    outcome(header('s:mustUnderstand="1" s:actor="http://schemas.xmlsoap.org/soap/actor/next"')),
    "must_understand",
  );
  assert.equal(outcome(header('s:mustUnderstand="1" s:actor="urn:somebody-else"')), "Evaluate");
  assert.equal(outcome(header('s:mustUnderstand="true"')), "invalid_input");
});

test("the first headers that are not understood are named, shortly", () => {
  const block = (name: string): string => `<h:${name} xmlns:h="urn:h" s:mustUnderstand="1"/>`;
  const refusal = (...names: string[]): string => {
    const text = envelope(BODY, `<s:Header>${names.map(block).join("")}</s:Header>`);
    try {
      return readEnvelope(readXml(text, DEFAULT_LIMITS), "", OPTIONS).payload.local;
    } catch (error) {
      assert.ok(error instanceof SoapRefusal, String(error));
      return error.message;
    }
  };
  assert.match(refusal("a", "b"), /the header "a", "b", which/);
  assert.match(refusal("a", "a", "a", "a"), /the header "a", which/);
  assert.match(refusal("a", "b", "c", "d"), /the header "a", "b", "c" and others, which/);
  const long = refusal(...["a", "b", "c", "d"].map((name) => name.repeat(900)));
  assert.ok(long.length <= FAULT_LENGTHS.reason, long);
});

test("a header that must be understood is answered before the body is looked at", () => {
  const header = '<s:Header><h:a xmlns:h="urn:h" s:mustUnderstand="1"/></s:Header>';
  assert.equal(outcome(envelope("<Other/>", header), "urn:other"), "must_understand");
});

test("a hundred blocks are read and more are refused, before anything is looked for in them", () => {
  const blocks = (count: number): string =>
    envelope(BODY, `<s:Header>${'<h:a xmlns:h="urn:h" s:mustUnderstand="?"/>'.repeat(count)}</s:Header>`);
  assert.equal(outcome(blocks(100)), "invalid_input");
  assert.equal(outcome(blocks(101)), "too_large");
  assert.equal(outcome(blocks(100).replaceAll("?", "0")), "Evaluate");
});

test("an envelope of another shape is refused", () => {
  const wrap = (content: string): string => `<s:Envelope xmlns:s="${SOAP}">${content}</s:Envelope>`;
  const body = `<s:Body>${BODY}</s:Body>`;
  const refused = [
    BODY,
    wrap(""),
    wrap("<s:Header/>"),
    wrap(`${body}<s:Header/>`),
    wrap(`${body}${body}`),
    wrap(`${body}<x xmlns="urn:x"/>`),
    wrap(`<s:Header/><s:Header/>${body}`),
    wrap(`text${body}`),
    wrap(`<Body>${BODY}</Body>`),
    envelope(""),
    envelope(`${BODY}${BODY}`),
    envelope(`text${BODY}`),
    wrap(`<s:Body s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">${BODY}</s:Body>`),
    envelope(BODY).replace("<s:Envelope", '<s:Envelope s:encodingStyle=""'),
    envelope(BODY).replace("<s:Body", '<s:Body s:mustUnderstand="0"'),
  ];
  for (const text of refused) assert.equal(outcome(text), "invalid_input", text);
});

test("another operation is not found, whatever it is called", () => {
  for (const name of ["Purge", "evaluate", "__proto__", "constructor", "s:Fault"]) {
    assert.equal(outcome(envelope(`<${name} xmlns="${NAMESPACE}"/>`)), "not_found", name);
  }
  assert.equal(outcome(envelope('<Evaluate xmlns="urn:artifact-gateway:sample_decision:v2"/>')), "not_found");
  assert.equal(outcome(envelope("<Evaluate/>")), "not_found");
});

test("SOAPAction is absent, empty or exactly ours", () => {
  for (const action of ["", '""', `"${ACTION}"`, ACTION])
    assert.equal(outcome(envelope(BODY), action), "Evaluate", action);
  const spoofed = [
    `"${NAMESPACE}:Purge"`,
    "Evaluate",
    '"Evaluate"',
    ACTION.toUpperCase(),
    `"${ACTION}", "${ACTION}"`,
    `"${ACTION}`,
    `${ACTION}/Purge`,
  ];
  for (const action of spoofed) assert.equal(outcome(envelope(BODY), action), "invalid_input", action);
});
