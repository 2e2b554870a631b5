/** Text out of bytes, exactly: a decoder that replaces what it cannot read would hand on text that nobody sent. */
import { isUtf8 } from "node:buffer";

/** What Node's decoder puts in the place of bytes that are not UTF-8; it can also have been sent. */
const REPLACEMENT = "\ufffd";

/**
 * The text in `bytes` from `from` to before `to`, a byte-order mark included, or `undefined` when those bytes are not
 * UTF-8 (half a surrogate pair is not, either).
 */
export function readUtf8(bytes: Buffer, from: number, to: number): string | undefined {
  const text = bytes.toString("utf8", from, to);
  if (!text.includes(REPLACEMENT) || isUtf8(bytes.subarray(from, to))) return text;
  return undefined;
}
