/**
 * WS-Addressing headers: a request that is answered named no other place to answer to and the operation of its body, by
 * what libxml2 finds in it; and what is answered repeats nothing but the id of the request.
 */
import assert from "node:assert/strict";
import { XmlDocument, XmlElement } from "libxml2-wasm";
import type { AddressingHeader, MessageHeader } from "../../../src/call/message-header.js";
import { SOAP_VERSIONS, type SoapVersion } from "../../../src/contract/soap-names.js";
import { GatewayError } from "../../../src/errors.js";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { addressingHeaders } from "../../../src/soap/addressing/addressing-headers.js";
import { WSA } from "../../../src/namespaces.js";
import { answerHeader, type HeaderKind, type Outcome } from "../../../src/soap/header-kinds.js";
import { createRequestReader, type RequestReader } from "../../../src/soap/read-request.js";
import { SOAP_RULES } from "../../../src/soap/rules.js";
import { envelope, NAMESPACE, payload } from "../../soap/soap-harness.js";
import { ENVELOPES } from "../../support/messages/exchange.js";
import { sampleService } from "../../support/sample-service.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { XML_WORDS } from "./requests.js";

const ACTION = `${NAMESPACE}:Evaluate`;
const PLACES = { anonymous: `${WSA}/anonymous`, none: `${WSA}/none` };
const NAMES = ["To", "From", "ReplyTo", "FaultTo", "Action", "MessageID", "RelatesTo"];

interface Face {
  readonly version: SoapVersion;
  readonly required: boolean;
  readonly kinds: readonly HeaderKind[];
  readonly read: RequestReader;
}

export function openAddressing(): FuzzTarget {
  const service = sampleService();
  const faces = SOAP_VERSIONS.flatMap((version) =>
    [false, true].map((required): Face => {
      const kinds = [addressingHeaders(service, required)];
      const rules = SOAP_RULES[version];
      return {
        version,
        required,
        kinds,
        read: createRequestReader({ service, limits: DEFAULT_LIMITS, rules, kinds }),
      };
    }),
  );
  return {
    seeds: SEEDS.map((blocks) =>
      Buffer.from(envelope(payload(), `<s:Header xmlns:a="${WSA}">${blocks}</s:Header>`)),
    ),
    words: [...XML_WORDS, ...WORDS],
    close: () => Promise.resolve(),
    run(input) {
      const text = Buffer.from(input).toString("utf8");
      for (const face of faces) hold(text.replaceAll(ENVELOPES["1.1"], ENVELOPES[face.version]), face);
    },
  };
}

function hold(text: string, { version, required, kinds, read }: Face): void {
  let header: MessageHeader = {};
  let outcome: Outcome;
  try {
    const head = { contentType: `${SOAP_RULES[version].mediaType}; charset=utf-8`, action: "" };
    const { operation } = read(Buffer.from(text), head, (heard) => (header = heard));
    outcome = { operation: operation.name };
  } catch (error) {
    assert.ok(error instanceof GatewayError, `the reader throws ${String(error)}`);
    outcome = { fault: error };
  }
  const { addressing } = header;
  if (addressing !== undefined) holdAnswer(answerHeader(kinds, header, outcome), addressing);
  if ("fault" in outcome) return;
  const said = blocksOf(text, version);
  if (said === undefined) return;
  const texts = (name: string): readonly string[] => said.get(name) ?? [];
  if (addressing === undefined) {
    assert.ok(!required, "a request without addressing is answered");
    assert.equal(said.size, 0, "addressing is there, and not read");
    return;
  }
  assert.deepEqual(texts("Action"), [`${NAMESPACE}:${outcome.operation}`], "the action is another");
  assert.deepEqual(texts("MessageID"), addressing.messageId === undefined ? [] : [addressing.messageId]);
  assert.ok(texts("To").length <= 1 && texts("From").length <= 1, "a block is there twice");
  const replyTo = texts("ReplyTo");
  const faultTo = texts("FaultTo");
  assert.deepEqual(replyTo.length > 0 ? replyTo : [PLACES.anonymous], [PLACES[addressing.replyTo]]);
  assert.deepEqual(faultTo.length > 0 ? faultTo : [PLACES[addressing.replyTo]], [PLACES[addressing.faultTo]]);
  if (addressing.messageId === undefined) assert.equal(addressing.replyTo, "none", "an answer needs an id");
}

/** The blocks of an answer are these four, with the id of the request in one of them. */
function holdAnswer(xml: string, { messageId = `${WSA}/unspecified` }: AddressingHeader): void {
  const document = XmlDocument.fromString(`<h>${xml}</h>`);
  try {
    const blocks = document.find("/h/*").filter((node) => node instanceof XmlElement);
    assert.deepEqual(
      blocks.map(({ namespaceUri, name, firstChild }) => [namespaceUri, name, firstChild?.next ?? null]),
      ["To", "Action", "MessageID", "RelatesTo"].map((name) => [WSA, name, null]),
    );
    const [to, action, id, relatesTo] = blocks.map(({ content }) => content);
    assert.deepEqual([to, relatesTo], [PLACES.anonymous, messageId]);
    assert.match(action ?? "", new RegExp(`^(${NAMESPACE}|${WSA}/(soap/)?fault$)`));
    assert.match(id ?? "", /^urn:uuid:[0-9a-f-]{36}$/);
  } finally {
    document.dispose();
  }
}

/**
 * What each kind of block for this service says, of an endpoint its address; `undefined` for what libxml2 does not
 * read: it wants more of a namespace or an XML declaration than the standards do.
 */
function blocksOf(text: string, version: SoapVersion): ReadonlyMap<string, readonly string[]> | undefined {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text), { encoding: "UTF-8" });
  } catch {
    return undefined;
  }
  try {
    const { roles, roleAttribute } = SOAP_RULES[version];
    const names = { s: ENVELOPES[version], a: WSA };
    const found = new Map<string, string[]>();
    for (const node of document.find("/s:Envelope/s:Header/a:*", names)) {
      if (!(node instanceof XmlElement) || !NAMES.includes(node.name)) continue;
      const role = node.attrs.find(
        ({ name, namespaceUri }) => name === roleAttribute && namespaceUri === names.s,
      );
      if (!roles.has(role?.value ?? "")) continue;
      const address = /^(From|ReplyTo|FaultTo)$/.test(node.name) ? node.get("a:Address", names) : node;
      const said = (address?.content ?? "").replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
      found.set(node.name, [...(found.get(node.name) ?? []), said]);
    }
    return found;
  } finally {
    document.dispose();
  }
}

const block = (name: string, content: string): string => `<a:${name}>${content}</a:${name}>`;
const address = (of: string): string => block("Address", of);
const ASKED = block("Action", ACTION) + block("MessageID", "urn:uuid:1");

const SEEDS = [
  ASKED,
  ASKED + block("To", "http://localhost/") + block("ReplyTo", address(PLACES.anonymous)),
  block("Action", ACTION) + block("ReplyTo", address(PLACES.none)),
  ASKED + block("ReplyTo", address(PLACES.none)) + block("FaultTo", address(PLACES.anonymous)),
  `${ASKED}${block("From", address("http://x.example/"))}${block("RelatesTo", "urn:x:1").repeat(2)}`,
  ASKED + block("ReplyTo", `${address(PLACES.anonymous)}<a:ReferenceParameters/><a:Metadata/>`),
];

const WORDS = [
  ...NAMES.map((name) => `<a:${name}>`),
  ...NAMES.map((name) => `</a:${name}>`),
  ...[block("ReplyTo", address("http://169.254.169.254/")), block("FaultTo", address("file:///etc/passwd"))],
  ...[
    block("ReplyTo", address(PLACES.none)),
    block("Action", `${NAMESPACE}:Purge`),
    block("MessageID", "urn:x:2"),
  ],
  ...[
    "<a:Address>",
    "</a:Address>",
    address("urn:x:y"),
    address(PLACES.anonymous),
    "<a:ReferenceParameters><x/>",
  ],
  ...[
    "</a:ReferenceParameters>",
    's:actor="urn:x"',
    's:actor=""',
    's:role="urn:x"',
    's:mustUnderstand="true"',
  ],
  ...[
    's:actor="http://schemas.xmlsoap.org/soap/actor/next"',
    PLACES.anonymous,
    PLACES.none,
    ACTION,
    "urn:x:y",
  ],
  ...[
    "http://169.254.169.254/",
    "\u202e",
    "\u2028",
    "&#133;",
    "&#x2003;",
    "]]&gt;",
    "&lt;x&gt;",
    "<!-- x -->",
  ],
];
