/**
 * Which of the calls that were sent to a process it has begun: a page of memory that both sides see, as a file. Python
 * writes the number of the call that it begins, and then looks whether the gateway has taken that one back
 * (`python/gateway_host/claims.py`).
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";

/** Whole numbers as doubles: both sides have them, and 32 bits would be used up in days. */
const NUMBER_BYTES = 8;
const BEGUN_AT = 0;
const REVOKED_AT = 8;

/**
 * How long after `revokeUpTo` the number of the last begun call can be relied on, in milliseconds. A process that began a
 * call before it could see the revocation wrote its number before it looked, and no processor holds back a write for
 * so long.
 */
export const SETTLED_MS = 2;

export interface Claims {
  /** The number of the last call that was begun; calls are numbered from 1 as they are sent. */
  readonly begun: number;
  /** Calls up to this number are not to be begun any more. */
  revokeUpTo(number: number): void;
  close(): void;
}

/** The file's name is gone afterwards. `undefined` when the process has made no such file. */
export function openClaims(path: string): Claims | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r+");
    unlinkSync(path);
  } catch {
    return undefined;
  }
  const word = Buffer.alloc(NUMBER_BYTES);
  return {
    get begun() {
      readSync(descriptor, word, 0, NUMBER_BYTES, BEGUN_AT);
      return word.readDoubleLE(0);
    },
    revokeUpTo(number) {
      word.writeDoubleLE(number, 0);
      writeSync(descriptor, word, 0, NUMBER_BYTES, REVOKED_AT);
    },
    close: () => closeSync(descriptor),
  };
}
