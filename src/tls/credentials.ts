/** What the gateway proves itself with, and whom it believes: taken from its files whole and checked, or not at all. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { Refusal, type Problem } from "../errors.js";
import type { CertificateFacts } from "../observe.js";
import { contextOptions } from "./context-options.js";
import type { TlsFiles } from "./tls-files.js";
import type { TlsSettings } from "./tls-settings.js";

export interface Credentials {
  readonly certificate: CertificateFacts;
  /** For `createSecureContext()` and `setSecureContext()`. */
  readonly context: SecureContextOptions;
  readonly digest: string;
}

const PEM_BEGIN = "-----BEGIN CERTIFICATE-----";
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * @param now milliseconds since 1970
 * @throws Refusal `usage` with everything that is wrong; never with anything of the key
 */
export function checkCredentials(files: TlsFiles, settings: TlsSettings, now: number): Credentials {
  const problems: Problem[] = [];
  const complain = (where: string, message: string, remedy: string): void =>
    void problems.push({ where, path: "", message, remedy });
  const chain = parseCertificates(files.cert);
  const [leaf] = chain;
  const key = parseKey(files.key, settings.passphrase);
  if (leaf === undefined) {
    complain(settings.cert, "It holds no certificates in PEM that are whole.", "Put the certificate there.");
  } else {
    const wrong = timeProblem(leaf, now);
    if (wrong !== undefined) complain(settings.cert, wrong, "Renew the certificate.");
  }
  if (key === undefined) {
    const passphrase = settings.passphrase === undefined ? "without a passphrase" : "with its passphrase";
    complain(
      settings.key,
      `It holds no private key in PEM that can be read ${passphrase}.`,
      "Put the key there; tlsKeyPassphraseVariable names the variable with its passphrase.",
    );
  }
  if (leaf !== undefined && key !== undefined && !leaf.checkPrivateKey(key)) {
    const remedy = chain.some((other) => other.checkPrivateKey(key))
      ? "Put the certificate of the key first in the file, and those of its issuers after it."
      : "Put a certificate and a key there that belong together.";
    complain(settings.cert, `Its first certificate is not that of the key in ${settings.key}.`, remedy);
  }
  if (files.clientCa !== undefined) {
    const authorities = parseCertificates(files.clientCa);
    if (!authorities.some((authority) => timeProblem(authority, now) === undefined)) {
      complain(
        settings.clientCa ?? "",
        "It holds no certificate in PEM that is valid today.",
        "Put the certificates of the authorities there.",
      );
    }
  }
  if (leaf === undefined || problems.length > 0) throw new Refusal("usage", problems);
  const context = contextOptions(files, settings);
  try {
    createSecureContext(context);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    complain(settings.cert, `OpenSSL does not take it (${code}).`, "Use another certificate and key.");
    throw new Refusal("usage", problems);
  }
  return { certificate: factsOf(leaf), context, digest: files.digest };
}

/** None where one of them is broken or cut off: half a chain is no chain. */
function parseCertificates(pem: Buffer): readonly X509Certificate[] {
  const text = pem.toString("latin1");
  const blocks = text.match(PEM) ?? [];
  if (blocks.length !== text.split(PEM_BEGIN).length - 1) return [];
  try {
    return blocks.map((one) => new X509Certificate(one));
  } catch {
    return [];
  }
}

function parseKey(pem: Buffer, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    return undefined;
  }
}

function timeProblem({ validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (Date.parse(validFrom) > now) return `It is not valid before ${isoOf(validFrom)}.`;
  if (Date.parse(validTo) <= now) return `It expired on ${isoOf(validTo)}.`;
  return undefined;
}

function isoOf(time: string): string {
  return new Date(time).toISOString();
}

function factsOf({ subject, validTo, fingerprint256 }: X509Certificate): CertificateFacts {
  return {
    subject: subject.split("\n").join(", "),
    notAfter: new Date(validTo),
    fingerprint: fingerprint256,
  };
}
