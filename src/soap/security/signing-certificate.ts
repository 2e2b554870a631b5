/** Which certificate a signature says to be of: sent with the message, or named. It is not trusted here. */
import { X509Certificate } from "node:crypto";
import { WSSE, WSU } from "../../namespaces.js";
import { collapse } from "../scalars.js";
import type { XmlElement } from "../xml/xml-reader.js";
import { BASE64_BINARY, DS, THUMBPRINT_SHA1, X509_V3 } from "./names.js";
import { attributeOf, bytesOf, childrenOf, textOf } from "./read-element.js";
import { SecurityRefusal } from "./refusal.js";
import type { Trust } from "./trust.js";

const LONGEST_CERTIFICATE = 16 * 1024;
const SHA1_BYTES = 20;

/**
 * The certificate of a KeyInfo.
 * @param token the BinarySecurityToken of the same header; nothing outside of the message is ever looked at
 * @throws SecurityRefusal
 */
export function signingCertificate(
  keyInfo: XmlElement,
  token: XmlElement | undefined,
  trust: Trust,
): X509Certificate {
  const { SecurityTokenReference } = childrenOf(keyInfo, { SecurityTokenReference: WSSE });
  const named = childrenOf(SecurityTokenReference ?? keyInfo, {
    Reference: WSSE,
    KeyIdentifier: WSSE,
    X509Data: DS,
  });
  const [way, ...more] = Object.values(named);
  if (way === undefined || more.length > 0) {
    throw unavailable(
      "The KeyInfo must hold one SecurityTokenReference with one way to find the certificate.",
    );
  }
  if (way === named.Reference) return sentCertificate(way, token);
  return way === named.KeyIdentifier ? byThumbprint(way, trust) : fromData(way, trust);
}

function sentCertificate(reference: XmlElement, token: XmlElement | undefined): X509Certificate {
  const id = token === undefined ? undefined : attributeOf(token, "Id", WSU);
  if (token === undefined || id === undefined || attributeOf(reference, "URI") !== `#${id}`) {
    throw unavailable("The SecurityTokenReference must name the BinarySecurityToken of the same header.");
  }
  const encoding = attributeOf(token, "EncodingType") ?? BASE64_BINARY;
  if (attributeOf(token, "ValueType") !== X509_V3 || encoding !== BASE64_BINARY) {
    throw new SecurityRefusal("UnsupportedSecurityToken", `A BinarySecurityToken must be an ${X509_V3}.`);
  }
  return parseCertificate(token);
}

function byThumbprint(identifier: XmlElement, trust: Trust): X509Certificate {
  if (attributeOf(identifier, "ValueType") !== THUMBPRINT_SHA1) {
    throw new SecurityRefusal("UnsupportedSecurityToken", `A KeyIdentifier must be a ${THUMBPRINT_SHA1}.`);
  }
  return only(trust.byThumbprint(bytesOf(identifier, SHA1_BYTES)));
}

/** Toolkits write an issuer in forms that cannot be compared, so the serial number selects; the signature then proves. */
function fromData(data: XmlElement, trust: Trust): X509Certificate {
  const { X509IssuerSerial, X509Certificate: sent } = childrenOf(data, {
    X509IssuerSerial: DS,
    X509Certificate: DS,
  });
  if (sent !== undefined) return parseCertificate(sent);
  const { X509SerialNumber } =
    X509IssuerSerial === undefined
      ? {}
      : childrenOf(X509IssuerSerial, { X509IssuerName: DS, X509SerialNumber: DS });
  const serial = X509SerialNumber === undefined ? "" : collapse(textOf(X509SerialNumber));
  return only(trust.bySerial(serial));
}

function parseCertificate(element: XmlElement): X509Certificate {
  const der = bytesOf(element, LONGEST_CERTIFICATE);
  try {
    const certificate = new X509Certificate(der);
    // Else something else than the bare DER was sent, which OpenSSL reads too.
    if (certificate.raw.equals(der) && certificate.publicKey.type === "public") return certificate;
  } catch {
    // Said below.
  }
  throw new SecurityRefusal("InvalidSecurityToken", `The ${element.local} is no X.509 certificate.`);
}

function only(found: readonly X509Certificate[]): X509Certificate {
  const [certificate, ...more] = found;
  if (certificate !== undefined && more.length === 0) return certificate;
  throw unavailable(
    "The SecurityTokenReference names no certificate of the policy: send it in a BinarySecurityToken.",
  );
}

function unavailable(message: string): SecurityRefusal {
  return new SecurityRefusal("SecurityTokenUnavailable", message);
}
