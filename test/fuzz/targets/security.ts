/**
 * Secured messages, changed: whoever is believed to have sent one has sent exactly this. libxml2 says what the parts of
 * an accepted message are; they have to be those of a message that was made with the key or the password.
 */
import assert from "node:assert/strict";
import { XmlC14NMode, XmlDocument, XmlElement } from "libxml2-wasm";
import type { MessageHeader, SecurityHeader } from "../../../src/call/message-header.js";
import { GatewayError } from "../../../src/errors.js";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import { addressingHeaders } from "../../../src/soap/addressing/addressing-headers.js";
import { WSA } from "../../../src/namespaces.js";
import { createRequestReader } from "../../../src/soap/read-request.js";
import { securityHeaders } from "../../../src/soap/security/security-headers.js";
import type { SoapPolicy } from "../../../src/soap/security/policy.js";
import type { Struct } from "../../../src/values.js";
import { sampleService } from "../../support/sample-service.js";
import { NOW, SOAP, WSSE, WSU } from "../../soap/security/secured.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { XML_WORDS } from "./requests.js";
import { digestOf, securedSeeds, USER } from "./secured-seeds.js";

/** Most characters of a message with its values: a certificate is longer than its name. */
const MAX_LENGTH = 64 * 1024;

const NAMES = { s: SOAP, wsse: WSSE, wsu: WSU, a: WSA };
const SECURITY = "/s:Envelope/s:Header/wsse:Security[not(@s:actor) or @s:actor='']";

/** What the gateway makes of a message. */
interface Reading {
  readonly security: SecurityHeader | undefined;
  /** Absent when the message is refused, be it after its sender was believed. */
  readonly inputs: Struct | undefined;
}

/** What was signed, in exclusive canonical form: the Body, the Timestamp and the blocks of WS-Addressing. */
interface Parts {
  readonly body: readonly string[];
  readonly timestamp: readonly string[];
  readonly addressing: readonly string[];
}

export function openSecurity(): FuzzTarget {
  const { seeds, withValues, policies } = securedSeeds();
  const faces = (["signature", "anonymous", "everything"] as const).map((name) => {
    const read = readerOf(policies[name]);
    const originals = seeds.map(withValues).map((text) => ({ ...read(text), parts: partsOf(text) }));
    const signed = originals.filter(({ security }) => security?.caller !== undefined);
    assert.ok(signed.length > 0 && signed.every(({ inputs }) => inputs !== undefined), "nothing is accepted");
    return { name, read, signed };
  });
  const readTokens = readerOf(policies.tokens);
  return {
    seeds: seeds.map((seed) => Buffer.from(seed)),
    words: [...XML_WORDS, ...SECURITY_WORDS, ...seeds.flatMap(piecesOf)],
    close: () => Promise.resolve(),
    run(input) {
      const text = withValues(Buffer.from(input).toString("utf8")).slice(0, MAX_LENGTH);
      for (const { name, read, signed } of faces) {
        const { security, inputs } = read(text);
        if (security?.caller === undefined) {
          assert.ok(security === undefined || name === "anonymous", "nobody is taken for somebody");
          continue;
        }
        const replay = JSON.stringify(security.replay);
        const original = signed.find((one) => JSON.stringify(one.security?.replay) === replay);
        assert.ok(original !== undefined, "what was never sent is accepted, or would be accepted twice");
        assert.equal(security.caller, original.security?.caller, "the caller is another");
        if (inputs !== undefined)
          assert.deepEqual(inputs, original.inputs, "the inputs are not what was signed");
        const parts = partsOf(text);
        if (parts === undefined) continue;
        assert.deepEqual(parts.body, original.parts?.body, "the Body is not what was signed");
        assert.deepEqual(parts.timestamp, original.parts?.timestamp, "the Timestamp is not what was signed");
        if (name !== "everything") continue;
        assert.deepEqual(
          parts.addressing,
          original.parts?.addressing,
          "the addressing is not what was signed",
        );
      }
      const { security } = readTokens(text);
      if (security !== undefined) holdToken(text, security);
    },
  };
}

function readerOf(policy: SoapPolicy): (text: string) => Reading {
  const service = sampleService();
  const kinds = [securityHeaders(policy, () => NOW), addressingHeaders(service, false)];
  const read = createRequestReader({ service, limits: DEFAULT_LIMITS, kinds });
  return (text) => {
    let header: MessageHeader = {};
    try {
      const head = { contentType: "text/xml; charset=utf-8", action: "" };
      const { inputs } = read(Buffer.from(text), head, (heard) => (header = heard));
      return { security: header.security, inputs };
    } catch (error) {
      assert.ok(error instanceof GatewayError, `the reader throws ${String(error)}`);
      assert.notEqual(error.code, "internal");
      return { security: header.security, inputs: undefined };
    }
  };
}

/** The password is right, or the digest made with it. */
function holdToken(text: string, { caller, unproven }: SecurityHeader): void {
  assert.deepEqual([caller, unproven], [USER.name, undefined], "a stranger is believed");
  const token = `${SECURITY}/wsse:UsernameToken`;
  const said = withDocument(text, (document) =>
    ["wsse:Password", "wsse:Password/@Type", "wsse:Nonce", "wsu:Created"].map((path) =>
      document.find(`${token}/${path}`, NAMES).map(({ content }) => content),
    ),
  );
  if (said === undefined) return;
  const [[password = ""] = [], [type = ""] = [], [nonce = ""] = [], [created = ""] = []] = said;
  const right = type.trim().endsWith("#PasswordDigest") ? digestOf(nonce, created.trim()) : USER.password;
  assert.equal(
    type.trim().endsWith("#PasswordDigest") ? password.trim() : password,
    right,
    "the password is wrong",
  );
}

function partsOf(text: string): Parts | undefined {
  return withDocument(text, (document) => {
    const canonical = (path: string): readonly string[] =>
      document
        .find(path, NAMES)
        .filter((node) => node instanceof XmlElement)
        .map((node) =>
          node.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: false }),
        );
    return {
      body: canonical("/s:Envelope/s:Body"),
      timestamp: canonical(`${SECURITY}/wsu:Timestamp`),
      addressing: canonical("/s:Envelope/s:Header/a:*"),
    };
  });
}

/** `undefined` for what libxml2 does not read: it wants more of a namespace or an XML declaration than the standards do. */
function withDocument<T>(text: string, look: (document: XmlDocument) => T): T | undefined {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text), { encoding: "UTF-8" });
  } catch {
    return undefined;
  }
  try {
    return look(document);
  } finally {
    document.dispose();
  }
}

/** The parts of a message that an attack moves around. */
function piecesOf(seed: string): readonly string[] {
  return [
    /<s:Body.*<\/s:Body>/,
    /<Evaluate.*<\/Evaluate>/,
    /<wsu:Timestamp.*<\/wsu:Timestamp>/,
    /<wsse:Security .*<\/wsse:Security>/,
    /<wsse:UsernameToken.*<\/wsse:UsernameToken>/,
    /<wsse:BinarySecurityToken.*<\/wsse:BinarySecurityToken>/,
    /<ds:Signature .*<\/ds:Signature>/,
    /<ds:SignedInfo.*<\/ds:SignedInfo>/,
    /<ds:Reference .*?<\/ds:Reference>/,
    /<ds:KeyInfo.*<\/ds:KeyInfo>/,
  ].flatMap((pattern) => pattern.exec(seed)?.[0] ?? []);
}

const SECURITY_WORDS = [
  ...[
    'wsu:Id="body"',
    'wsu:Id="ts"',
    'wsu:Id="x"',
    'Id="body"',
    'xml:id="body"',
    'ID="x"',
    'URI=""',
    'URI="#x"',
  ],
  ...[
    "<ds:Object>",
    "</ds:Object>",
    '<w:Wrapper xmlns:w="urn:w">',
    "</w:Wrapper>",
    "<s:Header>",
    "</s:Header>",
  ],
  ...[
    "<s:Body>",
    "</s:Body>",
    "<wsse:Security>",
    "</wsse:Security>",
    's:actor="urn:x"',
    's:mustUnderstand="1"',
  ],
  ...[
    'PrefixList="s wsu"',
    'PrefixList="#default"',
    'PrefixList="m"',
    `xmlns:s="${SOAP}"`,
    `xmlns:wsu="${WSU}"`,
  ],
  ...[
    `xmlns="${SOAP}"`,
    `xmlns:x="${WSU}"`,
    "=",
    "==",
    "&#10;",
    "#PasswordText",
    "#PasswordDigest",
    "Z",
    "+00:00",
  ],
];
