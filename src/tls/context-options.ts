/** Which TLS is spoken: versions, ciphers and what is turned off. */
import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import type { TlsFiles } from "./tls-files.js";
import type { TlsSettings } from "./tls-settings.js";

/**
 * Forward secrecy and authenticated encryption, and nothing else (RFC 9325, 4.2): all of TLS 1.3, and of TLS 1.2 what
 * HTTP/2 does not forbid (RFC 9113, appendix A), without the slow and rarely needed DHE.
 */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
] as const;

/** Of keys and signatures at least 112 bits: RSA from 2048 on, and no SHA-1. Node 20 is content with less. */
const SECURITY_LEVEL = "@SECLEVEL=2";

const VERSIONS = { "1.2": "TLSv1.2", "1.3": "TLSv1.3" } as const;

/**
 * Everything about a context: one that replaces another takes nothing over from it. Its session tickets are encrypted with
 * a key of its own, so after a reload nobody resumes a session that an authority was asked about who counts no more.
 */
export function contextOptions(
  { cert, key, clientCa }: TlsFiles,
  { passphrase, minVersion }: TlsSettings,
): SecureContextOptions {
  return {
    cert,
    key,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(clientCa === undefined ? {} : { ca: clientCa }),
    minVersion: VERSIONS[minVersion],
    ciphers: [...CIPHERS, SECURITY_LEVEL].join(":"),
    honorCipherOrder: true,
    // A new handshake within a connection is work for the server alone, and TLS 1.3 has done away with it.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    // Sessions of callers who show certificates can only be resumed where they were made; OpenSSL insists on a name.
    sessionIdContext: "artifact-gateway",
  };
}
