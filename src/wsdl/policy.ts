/**
 * What a SOAP endpoint asks of a message beside its body, as WS-Policy 1.5 says it: the assertions of WS-Addressing 1.0 Metadata
 * (section 3.1) and of WS-SecurityPolicy 1.2. They stand in a variant of the WSDL alone: svcutil and IBM's connectors fail on
 * assertions that they do not know, and CICS ignores them.
 */
import { WSA, WSSE, WSU } from "../namespaces.js";
import type { XmlNode } from "../xml-printer.js";

type Use = "required" | "optional";

/** The part of the SOAP policy that callers may know. */
export interface PublicPolicy {
  readonly addressing: Use;
  /** Absent: nothing is said about security. */
  readonly security?: PublicSecurity;
}

export interface PublicSecurity {
  readonly timestamp: Use;
  readonly usernameToken?: { readonly use: Use; readonly passwordTypes: readonly ("digest" | "text")[] };
  readonly signature?: {
    readonly use: Use;
    readonly signedParts: ReadonlySet<"body" | "timestamp" | "usernameToken" | "addressing">;
  };
  /** Whether a message may go without any token where all of them are optional. */
  readonly anonymous: boolean;
}

const SECURITY_POLICY = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702";

/** The prefixes that the assertions use, for the root of the WSDL. */
export const POLICY_PREFIXES = {
  "xmlns:wsp": "http://www.w3.org/ns/ws-policy",
  "xmlns:wsam": "http://www.w3.org/2007/05/addressing/metadata",
  "xmlns:wsu": WSU,
  "xmlns:sp": SECURITY_POLICY,
  // Version 1.3 only added to version 1.2, in a namespace of its own.
  "xmlns:sp13": "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200802",
} as const;

/** A policy, to which a `policyReference` of the same id points. */
export function policyNode(id: string, policy: PublicPolicy, isHttps: boolean): XmlNode {
  const { addressing, security } = policy;
  const alternative = node("wsp:All", [
    withUse(nested("wsam:Addressing", [node("wsam:AnonymousResponses")]), addressing),
    ...(security === undefined ? [] : securityNodes(security, isHttps)),
  ]);
  return {
    name: "wsp:Policy",
    attributes: { "wsu:Id": id },
    children: [node("wsp:ExactlyOne", [alternative])],
  };
}

export function policyReference(id: string): XmlNode {
  return { name: "wsp:PolicyReference", attributes: { URI: `#${id}` } };
}

function securityNodes(security: PublicSecurity, isHttps: boolean): readonly XmlNode[] {
  const { timestamp, usernameToken, signature } = security;
  const isRequired = [timestamp, usernameToken?.use, signature?.use].includes("required");
  const binding = withUse(transportBinding(), isRequired || !security.anonymous ? "required" : "optional");
  // Only HTTPS can be asserted: without it, tokens stand alone, and nothing can ask for a Timestamp.
  return [...(isHttps ? [binding] : []), ...tokenNodes(security, isHttps)];
}

/** The tokens: each required or optional, or one of them where none has to be the one. */
function tokenNodes(
  { usernameToken, signature, anonymous }: PublicSecurity,
  isHttps: boolean,
): readonly XmlNode[] {
  const tokens = [
    ...(usernameToken === undefined
      ? []
      : [{ use: usernameToken.use, token: usernameNode(usernameToken, isHttps) }]),
    ...(signature === undefined ? [] : [{ use: signature.use, token: signatureNode(signature) }]),
  ];
  const isChoice = !anonymous && tokens.every(({ use }) => use === "optional");
  if (!isChoice) return tokens.map(({ use, token }) => withUse(token, use));
  const alternatives = tokens.map(({ token }) => node("wsp:All", [token]));
  return alternatives.length === 0 ? [] : [node("wsp:ExactlyOne", alternatives)];
}

/** Section 7.3. The timestamp is asked for even where it is optional: who follows a policy sends it without effort. */
function transportBinding(): XmlNode {
  return nested("sp:TransportBinding", [
    nested("sp:TransportToken", [nested("sp:HttpsToken", [])]),
    nested("sp:AlgorithmSuite", [node("sp:Basic256Sha256")]),
    nested("sp:Layout", [node("sp:Lax")]),
    node("sp:IncludeTimestamp"),
  ]);
}

/** Section 5.4.1. Where both kinds of passwords are taken, a policy asks for the one that does not show it. */
function usernameNode(
  { passwordTypes }: NonNullable<PublicSecurity["usernameToken"]>,
  isHttps: boolean,
): XmlNode {
  const password = passwordTypes.includes("digest")
    ? [node("sp:HashPassword")]
    : // Digests have both by themselves; a password in clear is dated and made single only when that is asked for.
      [node("sp13:Created"), node("sp13:Nonce")];
  return nested(isHttps ? "sp:SignedSupportingTokens" : "sp:SupportingTokens", [
    tokenNode("sp:UsernameToken", [node("sp:WssUsernameToken11"), ...password]),
  ]);
}

/** Section 8.3: the token signs the timestamp, and the parts that are listed. */
function signatureNode({ signedParts }: NonNullable<PublicSecurity["signature"]>): XmlNode {
  const parts = [
    ...(signedParts.has("body") ? [node("sp:Body")] : []),
    ...(signedParts.has("addressing")
      ? [{ name: "sp:Header", attributes: { Namespace: WSA } } as const]
      : []),
  ];
  const usernameToken = {
    name: "sp:XPath",
    attributes: { "xmlns:wsse": WSSE },
    text: "//wsse:Security/wsse:UsernameToken",
  };
  return nested("sp:EndorsingSupportingTokens", [
    tokenNode("sp:X509Token", [node("sp:WssX509V3Token11")]),
    ...(parts.length === 0 ? [] : [node("sp:SignedParts", parts)]),
    ...(signedParts.has("usernameToken") ? [node("sp:SignedElements", [usernameToken])] : []),
  ]);
}

function tokenNode(name: string, assertions: readonly XmlNode[]): XmlNode {
  const attributes = { "sp:IncludeToken": `${SECURITY_POLICY}/IncludeToken/AlwaysToRecipient` };
  return { ...nested(name, assertions), attributes };
}

/** An assertion with a policy of its own inside. */
function nested(name: string, assertions: readonly XmlNode[]): XmlNode {
  return node(name, [node("wsp:Policy", assertions)]);
}

function withUse(assertion: XmlNode, use: Use): XmlNode {
  return use === "required" ? assertion : { ...assertion, attributes: { "wsp:Optional": "true" } };
}

function node(name: string, children: readonly XmlNode[] = []): XmlNode {
  return { name, children };
}
