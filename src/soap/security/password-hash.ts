/** Stored passwords: scrypt (RFC 7914), written as a PHC string like that of passlib and libsodium. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { PasswordHash } from "./policy.js";

const PHC =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Below, a stolen hash is soon undone; above, one wrong password would cost a second and 128 MB. */
const LOWEST_LOG_N = 14;
const HIGHEST_LOG_N = 17;
const BLOCK_SIZE = 8;
const MOST_PASSES = 5;

export const EXPECTED_HASH = "expected $scrypt$ln=14 to 17,r=8,p=1 to 5$salt$key, both in base64 without =";

/** The parts of `$scrypt$ln=…,r=…,p=…$salt$key`; `undefined` for another form or another cost. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, ln, r, p, salt = "", key = ""] = PHC.exec(text) ?? [];
  const hash = { logN: Number(ln), r: Number(r), p: Number(p) };
  const isAllowed =
    hash.logN >= LOWEST_LOG_N &&
    hash.logN <= HIGHEST_LOG_N &&
    hash.r === BLOCK_SIZE &&
    hash.p >= 1 &&
    hash.p <= MOST_PASSES;
  if (!isAllowed) return undefined;
  return { ...hash, salt: Buffer.from(salt, "base64"), key: Buffer.from(key, "base64") };
}

/** Whether two hashes cost the same to check. */
export function costsTheSame(one: PasswordHash, other: PasswordHash): boolean {
  return one.logN === other.logN && one.p === other.p && one.key.length === other.key.length;
}

/** A hash that no password has, to be checked where there is no user. */
export function nobodysHash(like: PasswordHash): PasswordHash {
  return { ...like, salt: randomBytes(like.salt.length), key: randomBytes(like.key.length) };
}

/** Whether a password has a hash. Takes some 50 to 500 ms of another thread, whatever the answer. */
export function verifyPassword(password: string, { logN, r, p, salt, key }: PasswordHash): Promise<boolean> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    // Node's own bound on memory is 32 MB, which the larger costs exceed; the bounds above hold instead.
    scrypt(password, salt, key.length, { N, r, p, maxmem: 2 * 128 * N * r }, (error, found) => {
      if (error === null) resolve(timingSafeEqual(found, key));
      else reject(error);
    });
  });
}
