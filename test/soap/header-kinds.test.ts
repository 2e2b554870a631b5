import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageHeader } from "../../src/call/message-header.js";
import { GatewayError } from "../../src/errors.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { readEnvelope } from "../../src/soap/envelope.js";
import { answerHeader, type HeaderKind } from "../../src/soap/header-kinds.js";
import { SOAP_RULES } from "../../src/soap/rules.js";
import { readXml } from "../../src/soap/xml/xml-reader.js";
import { sampleService } from "../support/sample-service.js";
import { envelope, NAMESPACE } from "./soap-harness.js";

function addressed(messageId: string): MessageHeader {
  return { addressing: { messageId, operation: undefined, replyTo: "anonymous", faultTo: "anonymous" } };
}

/** Understands `h:ticket`, takes its text for the id of the message, and minds one that is empty. */
const TICKET: HeaderKind = {
  required: false,
  understands: ({ uri, local }) => uri === "urn:h" && local === "ticket",
  read: ({ blocks }) => {
    const messageId = blocks.find((block) => TICKET.understands(block))?.text;
    const header: MessageHeader = messageId === undefined ? {} : addressed(messageId);
    return messageId === ""
      ? { header, problem: new GatewayError("invalid_input", "No ticket.") }
      : { header };
  },
  answer: ({ addressing }, outcome) =>
    addressing === undefined ? "" : `<${"fault" in outcome ? "f" : "a"}>${addressing.messageId ?? ""}</>`,
};

function read(header: string, body = `<Evaluate xmlns="${NAMESPACE}"/>`): [MessageHeader[], string] {
  const heard: MessageHeader[] = [];
  const options = { service: sampleService(), rules: SOAP_RULES["1.1"], kinds: [TICKET] };
  try {
    const text = envelope(body, `<s:Header>${header}</s:Header>`);
    const { payload } = readEnvelope(readXml(text, DEFAULT_LIMITS), "", options, (one) => heard.push(one));
    return [heard, payload.local];
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return [heard, error.code];
  }
}

const ticket = (text: string, attributes = 's:mustUnderstand="1"'): string =>
  `<h:ticket xmlns:h="urn:h" ${attributes}>${text}</h:ticket>`;

test("a block that is understood may have to be understood, and its header is heard", () => {
  assert.deepEqual(read(ticket("7")), [[addressed("7")], "Evaluate"]);
  assert.deepEqual(read(""), [[{}], "Evaluate"]);
  assert.deepEqual(read('<h:other xmlns:h="urn:h" s:mustUnderstand="1"/>'), [[{}], "unsupported"]);
});

test("a block for somebody else is not read", () => {
  const theirs = 's:actor="urn:somebody" s:mustUnderstand="1"';
  assert.deepEqual(read(ticket("7", theirs)), [[{}], "Evaluate"]);
});

test("the header is heard before the request is refused for it, or for its body", () => {
  assert.deepEqual(read(ticket("")), [[addressed("")], "invalid_input"]);
  assert.deepEqual(read(ticket("7"), "<Other/>"), [[addressed("7")], "not_found"]);
});

test("a reply has the blocks of every kind", () => {
  const header = addressed("7");
  assert.equal(answerHeader([TICKET, TICKET], header, { operation: "Evaluate" }), "<a>7</><a>7</>");
  assert.equal(answerHeader([TICKET], header, { fault: new GatewayError("internal", "") }), "<f>7</>");
  assert.equal(answerHeader([TICKET], {}, { operation: "Evaluate" }), "");
});
