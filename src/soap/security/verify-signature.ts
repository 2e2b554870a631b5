/** The X.509 signature of a message (X.509 Token Profile 1.1.1), by a profile that leaves nothing to be exchanged. */
import { timingSafeEqual } from "node:crypto";
import type { XmlElement } from "../xml/xml-reader.js";
import { canonicalize } from "./canonicalize.js";
import type { Instant } from "./instant.js";
import type { SignaturePolicy, SignedPart } from "./policy.js";
import { readSignature } from "./read-signature.js";
import { SecurityRefusal } from "./refusal.js";
import type { SecuredMessage } from "./secured-message.js";
import { digest, isSignatureOf } from "./signature-algorithms.js";
import { partsById, partsOf, refuseSharedIds, type Part } from "./signed-parts.js";
import { signingCertificate } from "./signing-certificate.js";
import { subjectOf, type Trust } from "./trust.js";

export interface SignatureFindings {
  /** Subject of the certificate. */
  readonly caller: string;
  /**
   * What tells this signed message from any other: the signer and the canonical SignedInfo. Not the value of the
   * signature, of which there are two for ECDSA.
   */
  readonly identity: readonly string[];
}

/**
 * Holds that a trusted certificate has signed every part that the policy wants signed. Who has no trusted key causes
 * little work: the message is looked through and digested only for a signature that is right.
 * @throws SecurityRefusal
 */
export function verifySignature(
  element: XmlElement,
  message: SecuredMessage,
  policy: SignaturePolicy,
  trust: Trust,
  now: Instant,
): SignatureFindings {
  const signature = readSignature(element);
  const certificate = signingCertificate(signature.keyInfo, message.parts.BinarySecurityToken, trust);
  trust.check(certificate, now);
  const parts = partsOf(message);
  const { envelope, header, security } = message;
  const place = { element: signature.signedInfo, ancestors: [envelope, header, security, element] };
  const signedInfo = canonicalize(place, signature.inclusive);
  if (!isSignatureOf(certificate.publicKey, signature.algorithm, signedInfo, signature.value)) {
    throw failedCheck("the signature is not that of the certificate's key over SignedInfo");
  }
  refuseSharedIds(message.envelope);
  const byId = partsById(parts);
  const signed = new Set<Part>();
  for (const { id, inclusive, hash, digest: expected } of signature.references) {
    const part = byId.get(id);
    if (part === undefined || signed.has(part)) {
      throw new SecurityRefusal(
        "InvalidSecurity",
        "Each Reference must name another part, by its wsu:Id: the Body, a block of WS-Addressing, or the " +
          "Timestamp or a token of the Security header.",
      );
    }
    const actual = digest(hash, canonicalize(part, inclusive));
    const isSame = actual.length === expected.length && timingSafeEqual(actual, expected);
    if (!isSame) throw failedCheck(`the ${part.kind} is not what was signed`);
    signed.add(part);
  }
  for (const kind of policy.signedParts) requireSigned(kind, parts, signed);
  return { caller: subjectOf(certificate), identity: [certificate.fingerprint256, signedInfo] };
}

const IN_WORDS = {
  body: "The Body",
  timestamp: "The Timestamp",
  usernameToken: "The UsernameToken",
  addressing: "Every block of WS-Addressing",
} as const satisfies Record<SignedPart, string>;

/** What is not there needs no signature, but for the Timestamp: without it the message could be sent again for ever. */
function requireSigned(kind: SignedPart, parts: readonly Part[], signed: ReadonlySet<Part>): void {
  const wanted = parts.filter((part) => part.kind === kind);
  const isMissing = kind === "timestamp" && wanted.length === 0;
  if (isMissing || wanted.some((part) => !signed.has(part))) {
    throw new SecurityRefusal("InvalidSecurity", `${IN_WORDS[kind]} must be signed.`);
  }
}

/** The one answer to whatever is wrong with a signature. */
function failedCheck(detail: string): SecurityRefusal {
  return new SecurityRefusal("FailedCheck", "The signature is not that of this message.", detail);
}
