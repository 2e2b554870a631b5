/** Padding of DATA and HEADERS frames (RFC 9113, 6.1 and 6.2). */
import { ConnectionError, ErrorCode } from "./error-codes.js";
import { Flag, type Frame } from "./frames.js";

/** Narrows the frame's payload to what is no padding. @throws ConnectionError PROTOCOL_ERROR for more padding than payload */
export function removePadding(frame: Frame): void {
  if ((frame.flags & Flag.PADDED) === 0) return;
  if (frame.start === frame.end) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "a padded frame has no length of its padding");
  }
  const padding = frame.bytes.readUInt8(frame.start);
  frame.start += 1;
  if (padding > frame.end - frame.start) {
    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a frame is padded beyond its end");
  }
  frame.end -= padding;
}
