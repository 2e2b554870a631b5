/** What makes two messages the same message. */
import { createHash } from "node:crypto";
import type { ReplayKey } from "../../call/message-header.js";
import type { Instant } from "./instant.js";

/**
 * A key of a fixed length over the parts of a message that nobody but its sender can change.
 * @param until when the message would be refused for its age anyhow
 */
export function replayKey(parts: readonly (string | Uint8Array)[], until: Instant): ReplayKey {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    // With its length before it, no part can pass for the end of the one before.
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return { key: hash.digest("base64"), until };
}
