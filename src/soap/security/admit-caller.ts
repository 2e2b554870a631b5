/**
 * What is left to be found out of a verified message, on the main thread, because it needs a memory of what came
 * before: whether it came before, and whether a password fits a stored hash.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { SecurityHeader } from "../../call/message-header.js";
import { GatewayError } from "../../errors.js";
import { tooOld } from "./instant.js";
import { nobodysHash, verifyPassword } from "./password-hash.js";
import type { PasswordHash, SoapPolicy } from "./policy.js";
import { failedAuthentication, SecurityRefusal } from "./refusal.js";
import { createReplayCache } from "./replay-cache.js";

/**
 * Lets a message pass once. To be asked after the message was read and before anything is told or done about its body.
 * Settles at once unless a password has to be hashed.
 * @throws SecurityRefusal; GatewayError `overloaded` when no more can be remembered or hashed now
 */
export type CallerGate = (header: SecurityHeader | undefined) => void | Promise<void>;

/** Of the four threads that Node has for such work; files and names are looked up there too. */
const MOST_HASHES_AT_ONCE = 2;
const RETRY_AFTER_MS = 1000;

/** @param now milliseconds since 1970 */
export function createCallerGate(policy: SoapPolicy, now: () => number = Date.now): CallerGate {
  const cache = createReplayCache(policy.maxReplayEntries);
  const isPassword = createPasswordCheck(policy);

  const passOnce = ({ replay }: SecurityHeader): void => {
    for (const key of replay) {
      const found = cache.remember(key, now());
      if (found === "full") throw overloaded("The gateway cannot remember more messages now.");
      if (found === "late") throw tooOld();
      if (found === "seen") throw new SecurityRefusal("InvalidSecurity", "This message was sent before.");
    }
  };

  return (header) => {
    if (header === undefined) return;
    if (header.unproven === undefined) {
      passOnce(header);
      return;
    }
    return isPassword(header.unproven).then((isProven) => {
      if (!isProven) throw failedAuthentication("the UsernameToken names nobody, or its password is wrong");
      passOnce(header);
    });
  };
}

type PasswordCheck = (unproven: NonNullable<SecurityHeader["unproven"]>) => Promise<boolean>;

/** Hashes a password the first time that it is right and every time that it is wrong, whoever's it is said to be. */
function createPasswordCheck({ usernameToken }: SoapPolicy): PasswordCheck {
  const hashes = new Map<string, PasswordHash>();
  for (const [name, password] of usernameToken?.users ?? []) {
    if (password.kind === "hash") hashes.set(name, password.hash);
  }
  const [anyHash] = hashes.values();
  const secret = randomBytes(32);
  const proofs = new Map<string, Buffer>();
  let running = 0;

  return async ({ name, password }) => {
    const proof = createHmac("sha256", secret).update(password).digest();
    const known = proofs.get(name);
    if (known !== undefined && timingSafeEqual(known, proof)) return true;
    if (anyHash === undefined) return false;
    if (running >= MOST_HASHES_AT_ONCE) throw overloaded("Too many passwords are being checked now.");
    running += 1;
    try {
      const isRight = await verifyPassword(password, hashes.get(name) ?? nobodysHash(anyHash));
      if (isRight) proofs.set(name, proof);
      return isRight;
    } finally {
      running -= 1;
    }
  };
}

function overloaded(message: string): GatewayError {
  return new GatewayError("overloaded", message, { retryAfterMs: RETRY_AFTER_MS });
}
