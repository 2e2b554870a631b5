/** The algorithms of XML Signature 1.1 that are taken; whatever is not in these lists is refused, SHA-1 and HMAC first of all. */
import { constants, createHash, verify, type KeyObject } from "node:crypto";

type Hash = "sha256" | "sha384" | "sha512";

interface SignatureAlgorithm {
  readonly keyType: "rsa" | "ec";
  readonly hash: Hash;
  readonly isPss: boolean;
}

const MORE_2001 = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#";
const XMLENC = "http://www.w3.org/2001/04/xmlenc#";

const HASHES: readonly Hash[] = ["sha256", "sha384", "sha512"];

/** RFC 6931, sections 2.3.2, 2.3.6 and 2.3.9. */
export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  HASHES.flatMap((hash): [string, SignatureAlgorithm][] => [
    [`${MORE_2001}rsa-${hash}`, { keyType: "rsa", hash, isPss: false }],
    [`${MORE_2007}${hash}-rsa-MGF1`, { keyType: "rsa", hash, isPss: true }],
    [`${MORE_2001}ecdsa-${hash}`, { keyType: "ec", hash, isPss: false }],
  ]),
);

export const DIGEST_ALGORITHMS: ReadonlyMap<string, Hash> = new Map([
  [`${XMLENC}sha256`, "sha256"],
  [`${MORE_2001}sha384`, "sha384"],
  [`${XMLENC}sha512`, "sha512"],
]);

export function digest(hash: Hash, canonical: string): Buffer {
  return createHash(hash).update(canonical).digest();
}

/** Whether a signature over a canonical text is that of a key. A key of another kind than the algorithm's has made none. */
export function isSignatureOf(
  key: KeyObject,
  { keyType, hash, isPss }: SignatureAlgorithm,
  canonical: string,
  signature: Buffer,
): boolean {
  if (key.asymmetricKeyType !== keyType) return false;
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  // RFC 6931, section 2.3.9: the salt is as long as the digest.
  const rsa = { padding, ...(isPss ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}) };
  // XML Signature 1.1, section 6.4.3: r and s side by side, not DER.
  const scheme = keyType === "rsa" ? rsa : ({ dsaEncoding: "ieee-p1363" } as const);
  return verify(hash, Buffer.from(canonical), { key, ...scheme }, signature);
}
