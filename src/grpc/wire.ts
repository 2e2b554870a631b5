/** Small readings of the protobuf wire format that the decoders share. */
import type { BinaryReader } from "@bufbuild/protobuf/wire";
import { GatewayError } from "../errors.js";

/** How deep unknown groups may nest; the limit that protobuf implementations agree on. */
export const MAX_DEPTH = 100;

/** A string field, or `undefined` when it is not UTF-8; the reader then stands behind it all the same. */
export function readText(reader: BinaryReader): string | undefined {
  try {
    return reader.string(true);
  } catch (thrown) {
    // The text decoder throws TypeError for its bytes; the reader throws other errors for missing ones.
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

/**
 * Whether a thrown thing says that the bytes are no protobuf message. `BinaryReader` throws plain `Error` and
 * `RangeError`; a `TypeError` would be a defect of ours, and must not be blamed on the caller.
 */
export function isMalformed(thrown: unknown): boolean {
  return thrown instanceof Error && !(thrown instanceof GatewayError) && !(thrown instanceof TypeError);
}

/** One byte string of several: parsing the parts joined is how protobuf merges a message that is sent in parts. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
}
