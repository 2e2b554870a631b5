/** Counts what grpc-js holds of a request that is forwarded to it: the part of a message that has come. */
import type { BodyBudget } from "../body-budget.js";
import { PREFIX_BYTES } from "./call-framing.js";

export interface ForwardedBytes {
  /** @returns false when so many bytes more do not fit the budget */
  take(chunk: Buffer): boolean;
  /** All has been handed over, or is gone. May be called again. */
  close(): void;
}

/**
 * grpc-js joins a message in memory, and reads the next one when that has been taken: its flow control holds back the rest. So a
 * message counts from its first byte until the next one begins, or the request ends.
 */
export function countForwarded(budget: BodyBudget): ForwardedBytes {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  let prefixBytes = 0;
  /** Bytes of the message that have not come, once its prefix has. */
  let missing = 0;
  let held = 0;
  let isClosed = false;

  /** What would be held with this chunk. */
  const heldWith = (chunk: Buffer): number => {
    let kept = held;
    let at = 0;
    while (at < chunk.length) {
      const from = at;
      if (missing > 0) {
        at = Math.min(chunk.length, from + missing);
        missing -= at - from;
      } else {
        if (prefixBytes === 0) kept = 0;
        at += chunk.copy(prefix, prefixBytes, from);
        prefixBytes += at - from;
        if (prefixBytes === PREFIX_BYTES) {
          missing = prefix.readUInt32BE(1);
          prefixBytes = 0;
        }
      }
      kept += at - from;
    }
    return kept;
  };

  return {
    take(chunk) {
      if (isClosed) return true;
      const kept = heldWith(chunk);
      if (kept > held && !budget.take(kept - held)) return false;
      if (kept < held) budget.giveBack(held - kept);
      held = kept;
      return true;
    },
    close() {
      isClosed = true;
      budget.giveBack(held);
      held = 0;
    },
  };
}
