/** The public keys that may verify a signature. */
import type { KeyObject } from "node:crypto";

/** NIST SP 800-57 part 1, table 4: nothing weaker is allowed any more. */
const LEAST_RSA_BITS = 2048;
/** Verifying costs with the square of it. */
const MOST_RSA_BITS = 8192;

const CURVES: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1"]);

/** What keeps a key from being used, as a sentence; `undefined` when nothing does. */
export function keyProblem(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") {
    const isAllowed = modulusLength >= LEAST_RSA_BITS && modulusLength <= MOST_RSA_BITS;
    return isAllowed ? undefined : `An RSA key must have ${LEAST_RSA_BITS} to ${MOST_RSA_BITS} bits.`;
  }
  if (key.asymmetricKeyType === "ec" && CURVES.has(namedCurve)) return undefined;
  return "The key must be RSA, or of the curves P-256, P-384 or P-521.";
}
