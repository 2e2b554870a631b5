/** Messages with a Security header, made without any of the code under test: libxml2 canonicalizes, Node signs. */
import assert from "node:assert/strict";
import { constants, createHash, randomBytes, sign, type KeyObject } from "node:crypto";
import { XmlC14NMode, XmlDocument } from "libxml2-wasm";
import type { SecurityHeader } from "../../../src/call/message-header.js";
import { GatewayError } from "../../../src/errors.js";
import { DEFAULT_LIMITS } from "../../../src/limits.js";
import type { SoapPolicy } from "../../../src/soap/security/policy.js";
import { SecurityRefusal } from "../../../src/soap/security/refusal.js";
import { createSecurityVerifier } from "../../../src/soap/security/verify-security.js";
import { readXml } from "../../../src/soap/xml/xml-reader.js";
import type { Identity } from "../../support/certificates.js";

export const NOW = Date.parse("2026-11-23T12:00:00.000Z");
export const WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
export const WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
export const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const USERNAME = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0";
const X509 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0";
const BASE64 =
  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";
export const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
export const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
export const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

/** A policy that asks for nothing, with changes. */
export function policyOf(changes: Partial<SoapPolicy>): SoapPolicy {
  return {
    timestamp: "optional",
    addressing: "optional",
    anonymous: false,
    transportProtected: false,
    maxAgeSeconds: 300,
    clockSkewSeconds: 60,
    maxReplayEntries: 1000,
    ...changes,
  };
}

export function at(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

export function timestamp(created = at(0), expires: string | undefined = at(120), id = "ts"): string {
  const end = expires === "" ? "" : `<wsu:Expires>${expires}</wsu:Expires>`;
  return `<wsu:Timestamp wsu:Id="${id}"><wsu:Created>${created}</wsu:Created>${end}</wsu:Timestamp>`;
}

export interface TokenOptions {
  readonly name?: string;
  readonly password?: string;
  readonly nonce?: Buffer;
  readonly created?: string;
}

export function digestToken({
  name = "cics",
  password = "s3cret",
  nonce = randomBytes(16),
  created = at(0),
}: TokenOptions = {}): string {
  const digest = createHash("sha1").update(nonce).update(created).update(password).digest("base64");
  return (
    `<wsse:UsernameToken wsu:Id="ut"><wsse:Username>${name}</wsse:Username>` +
    `<wsse:Password Type="${USERNAME}#PasswordDigest">${digest}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${BASE64}">${nonce.toString("base64")}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken>`
  );
}

export function textToken(name = "cics", password = "s3cret", more = ""): string {
  return (
    `<wsse:UsernameToken><wsse:Username>${name}</wsse:Username>` +
    `<wsse:Password Type="${USERNAME}#PasswordText">${password}</wsse:Password>${more}</wsse:UsernameToken>`
  );
}

export function binaryToken({ certificate }: Identity, id = "bst"): string {
  return (
    `<wsse:BinarySecurityToken wsu:Id="${id}" ValueType="${X509}#X509v3" EncodingType="${BASE64}">` +
    `${certificate.raw.toString("base64")}</wsse:BinarySecurityToken>`
  );
}

/** An envelope around the content of the Security header; the Body has the id `body`. */
export function secured(
  security: string,
  body = '<m:Pay xmlns:m="urn:m"><m:amount>10</m:amount></m:Pay>',
): string {
  return enveloped(`<wsse:Security xmlns:wsse="${WSSE}">${security}</wsse:Security>`, body);
}

export function enveloped(header: string, body = '<m:Pay xmlns:m="urn:m"/>'): string {
  return (
    `<s:Envelope xmlns:s="${SOAP}" xmlns:wsu="${WSU}"><s:Header>${header}</s:Header>` +
    `<s:Body wsu:Id="body">${body}</s:Body></s:Envelope>`
  );
}

export interface SigningOptions {
  readonly key: KeyObject;
  /** Ids of what is signed. */
  readonly ids?: readonly string[];
  readonly algorithm?: string;
  readonly hash?: string;
  readonly digestAlgorithm?: string;
  readonly digestHash?: string;
  readonly isPss?: boolean;
  /** Prefixes of the InclusiveNamespaces of SignedInfo and of every reference. */
  readonly prefixes?: string;
  readonly keyInfo?: string;
  /** Changes SignedInfo before it is signed. */
  readonly edit?: (signedInfo: string) => string;
}

/** Where `signed` puts the signature. */
export const SIGNATURE_HERE = "<here/>";

export const TOKEN_REFERENCE =
  `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}"><wsse:Reference URI="#bst" ValueType="${X509}#X509v3"/>` +
  `</wsse:SecurityTokenReference>`;

/** Signs a message in the place of `SIGNATURE_HERE`. */
export function signed(text: string, options: SigningOptions): string {
  const {
    ids = ["body", "ts"],
    keyInfo = TOKEN_REFERENCE,
    prefixes,
    edit = (info: string) => info,
  } = options;
  const { algorithm = RSA_SHA256, hash = "sha256" } = options;
  const { digestAlgorithm = SHA256, digestHash = "sha256" } = options;
  const inclusive =
    prefixes === undefined
      ? ""
      : `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${prefixes}"/>`;
  const list = prefixes?.split(" ") ?? [];
  const references = ids.map((id) => {
    const content = canonical(text.replace(SIGNATURE_HERE, ""), `//*[@*[local-name()='Id']='${id}']`, list);
    return (
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${EXCLUSIVE}">${inclusive}` +
      `</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="${digestAlgorithm}"/>` +
      `<ds:DigestValue>${createHash(digestHash).update(content).digest("base64")}</ds:DigestValue></ds:Reference>`
    );
  });
  const signedInfo = edit(
    `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}">${inclusive}</ds:CanonicalizationMethod>` +
      `<ds:SignatureMethod Algorithm="${algorithm}"/>${references.join("")}</ds:SignedInfo>`,
  );
  const place = (value: string): string =>
    text.replace(
      SIGNATURE_HERE,
      `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${signedInfo}` +
        `<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo>${keyInfo}</ds:KeyInfo></ds:Signature>`,
    );
  const toSign = canonical(place(""), "//*[local-name()='SignedInfo']", list);
  const isPss = options.isPss === true;
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const scheme =
    options.key.asymmetricKeyType === "ec"
      ? ({ dsaEncoding: "ieee-p1363" } as const)
      : { padding, ...(isPss ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}) };
  return place(sign(hash, Buffer.from(toSign), { key: options.key, ...scheme }).toString("base64"));
}

/** The first element that an XPath finds, in exclusive canonical form, by libxml2. */
function canonical(text: string, xpath: string, prefixes: readonly string[]): string {
  const document = XmlDocument.fromString(text);
  try {
    const node = document.get(xpath);
    assert.ok(node !== null, xpath);
    return node.canonicalizeToString({
      mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
      withComments: false,
      inclusiveNamespacePrefixes: [...prefixes],
    });
  } finally {
    document.dispose();
  }
}

/** What the policy finds in a message. @throws SecurityRefusal */
export function findings(text: string, policy: SoapPolicy, now = NOW): SecurityHeader | undefined {
  const envelope = readXml(text, DEFAULT_LIMITS);
  const header = envelope.children.find(({ local }) => local === "Header");
  const body = envelope.children.find(({ local }) => local === "Body");
  assert.ok(body !== undefined);
  const isOurs = ({ attributes }: { attributes: readonly { local: string; value: string }[] }): boolean =>
    !attributes.some(({ local, value }) => local === "actor" && value !== "");
  return createSecurityVerifier(policy)(
    { envelope, body, blocks: header?.children.filter(isOurs) ?? [] },
    now,
  );
}

/** The caller that is found, or the fault. */
export function verdict(text: string, policy: SoapPolicy, now = NOW): string {
  try {
    return findings(text, policy, now)?.caller ?? "nobody";
  } catch (error) {
    assert.ok(error instanceof SecurityRefusal && error instanceof GatewayError, String(error));
    return error.fault;
  }
}
