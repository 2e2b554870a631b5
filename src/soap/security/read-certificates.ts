/** The certificates that the policy file names, checked so that a mistake is told at the start and not by a caller. */
import { X509Certificate } from "node:crypto";
import type { ProblemList } from "../../problems.js";
import { keyProblem } from "./certificate-key.js";
import type { PolicySources } from "./policy-sources.js";

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The certificates of PEM files, DER. One that is not valid today is taken all the same: it is refused with each
 * message that is signed by it, and its successor may already stand beside it.
 */
export function readCertificates(
  key: "certificates" | "authorities",
  names: readonly string[],
  { readFile }: PolicySources,
  problems: ProblemList,
): readonly Uint8Array[] {
  return names.flatMap((name, index) => {
    const at = `signature.${key}[${index}]`;
    const found = parsePem(() => readFile(name));
    if (found.length === 0) {
      problems.add(
        at,
        "The file cannot be read, or holds no PEM certificate.",
        "Check the path and the file.",
      );
    }
    for (const certificate of found) {
      const problem = keyProblem(certificate.publicKey);
      if (problem !== undefined) problems.add(at, problem, "Use another certificate.");
      if (key === "authorities" && !certificate.ca) {
        problems.add(at, "Not the certificate of an authority.", "List it under certificates.");
      }
    }
    return found.map(({ raw }) => new Uint8Array(raw));
  });
}

function parsePem(read: () => Buffer): readonly X509Certificate[] {
  try {
    return (read().toString("latin1").match(PEM) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}
