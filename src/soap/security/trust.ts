/** Whose signatures count: the certificates of the policy, and those that its authorities have issued. */
import { createHash, X509Certificate } from "node:crypto";
import { certificateFacts } from "./certificate-facts.js";
import { keyProblem } from "./certificate-key.js";
import type { Instant } from "./instant.js";
import type { SignaturePolicy } from "./policy.js";
import { failedAuthentication } from "./refusal.js";

export interface Trust {
  /** @throws SecurityRefusal `FailedAuthentication` unless this certificate may sign, now */
  check(certificate: X509Certificate, now: Instant): void;
  /** The certificates of the policy with a SHA-1 thumbprint, or with a serial number in decimal. */
  byThumbprint(sha1: Buffer): readonly X509Certificate[];
  bySerial(decimal: string): readonly X509Certificate[];
}

/** RSA (PKCS #1 v1.5) and ECDSA with SHA-256, SHA-384 and SHA-512, by their OIDs. */
const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set([
  "2a864886f70d01010b",
  "2a864886f70d01010c",
  "2a864886f70d01010d",
  "2a8648ce3d040302",
  "2a8648ce3d040303",
  "2a8648ce3d040304",
]);

/** RFC 5280, section 4.1.2.2: at most 20 bytes. */
const SERIAL_NUMBER = /^\d{1,49}$/;

/** digitalSignature and contentCommitment. */
const MAY_SIGN = 0xc0;

/** Compiles the signature part of a policy. Nothing is ever fetched: neither issuers, nor lists of revoked certificates. */
export function createTrust(policy: SignaturePolicy): Trust {
  const pinned = policy.certificates.map((der) => new X509Certificate(der));
  const authorities = policy.authorities.map((der) => new X509Certificate(der));
  const fingerprints = new Set(pinned.map(({ fingerprint256 }) => fingerprint256));

  const isListed = (certificate: X509Certificate): boolean =>
    policy.subjects.has(subjectOf(certificate)) ||
    policy.thumbprints.has(certificate.fingerprint256.replaceAll(":", "").toLowerCase());

  return {
    check(certificate, now) {
      if (!fingerprints.has(certificate.fingerprint256)) {
        // Cheap first: a stranger's certificate costs no verification.
        if (!isListed(certificate)) throw failedAuthentication("the certificate is not listed in the policy");
        const issuer = authorities.find((authority) => hasIssued(authority, certificate));
        if (issuer === undefined)
          throw failedAuthentication("no authority of the policy issued the certificate");
        checkDates(issuer, now, "the certificate of the authority");
        if (!SIGNATURE_ALGORITHMS.has(certificateFacts(certificate.raw).signatureAlgorithm)) {
          throw failedAuthentication(
            "the certificate is signed with an algorithm that is too weak or not known",
          );
        }
      }
      checkDates(certificate, now, "the certificate");
      const { keyUsage } = certificateFacts(certificate.raw);
      if (keyUsage !== undefined && (keyUsage & MAY_SIGN) === 0) {
        throw failedAuthentication("the certificate's key is not for signatures");
      }
      const problem = keyProblem(certificate.publicKey);
      if (problem !== undefined) throw failedAuthentication(problem);
    },
    byThumbprint: (sha1) => pinned.filter(({ raw }) => createHash("sha1").update(raw).digest().equals(sha1)),
    bySerial(decimal) {
      if (!SERIAL_NUMBER.test(decimal)) return [];
      const hexadecimal = BigInt(decimal).toString(16).toUpperCase();
      return pinned.filter(({ serialNumber }) => serialNumber.replace(/^0+(?=.)/, "") === hexadecimal);
    },
  };
}

/** A subject as RFC 2253 writes it, with characters beyond ASCII as they are. */
export function subjectOf({ subject }: X509Certificate): string {
  // Node has one name on each line, the outermost first. A line end or plus sign inside a name is escaped.
  return subject.split("\n").reverse().join(",").replaceAll(" + ", "+");
}

function hasIssued(authority: X509Certificate, certificate: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function checkDates({ validFrom, validTo }: X509Certificate, now: Instant, what: string): void {
  const isValid = Date.parse(validFrom) <= now && now <= Date.parse(validTo);
  if (!isValid) throw failedAuthentication(`${what} is not valid now`);
}
