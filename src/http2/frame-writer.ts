/** Writes frames into the output of a connection (RFC 9113, section 6). Payloads are copied. */
import type { ErrorCode } from "./error-codes.js";
import { FRAME_HEAD_BYTES, FrameType, Flag, MAX_FRAME_BYTES } from "./frames.js";
import type { Output } from "./output.js";

const NO_BYTES = new Uint8Array(0);

/** Settings of a server by their number (RFC 9113, 6.5.2). */
export type SettingPair = readonly [identifier: number, value: number];

export function writeSettings(output: Output, settings: readonly SettingPair[]): void {
  let at = begin(output, settings.length * 6, FrameType.SETTINGS, 0, 0);
  for (const [identifier, value] of settings) {
    at = output.slab.writeUInt16BE(identifier, at);
    at = output.slab.writeUInt32BE(value, at);
  }
}

export function writeSettingsAck(output: Output): void {
  begin(output, 0, FrameType.SETTINGS, Flag.ACK, 0);
}

/** @param payload its eight bytes are from `start` on */
export function writePing(output: Output, isAck: boolean, payload: Uint8Array, start: number): void {
  const at = begin(output, 8, FrameType.PING, isAck ? Flag.ACK : 0, 0);
  output.slab.set(payload.subarray(start, start + 8), at);
}

/** @param reason in ASCII, for the peer's log */
export function writeGoAway(output: Output, lastStreamId: number, code: ErrorCode, reason: string): void {
  const at = begin(output, 8 + reason.length, FrameType.GOAWAY, 0, 0);
  output.slab.writeUInt32BE(lastStreamId, at);
  output.slab.writeUInt32BE(code, at + 4);
  output.slab.write(reason, at + 8, "latin1");
}

export function writeReset(output: Output, streamId: number, code: ErrorCode): void {
  const at = begin(output, 4, FrameType.RST_STREAM, 0, streamId);
  output.slab.writeUInt32BE(code, at);
}

/** @param streamId 0 for the connection */
export function writeWindowUpdate(output: Output, streamId: number, increment: number): void {
  const at = begin(output, 4, FrameType.WINDOW_UPDATE, 0, streamId);
  output.slab.writeUInt32BE(increment, at);
}

/** One whole header block: HEADERS, and CONTINUATION for what does not fit into one frame. */
export function writeHeaders(output: Output, streamId: number, block: Uint8Array, endStream: boolean): void {
  let from = 0;
  do {
    const to = Math.min(block.length, from + MAX_FRAME_BYTES);
    const isFirst = from === 0;
    const flags = (isFirst && endStream ? Flag.END_STREAM : 0) | (to === block.length ? Flag.END_HEADERS : 0);
    const type = isFirst ? FrameType.HEADERS : FrameType.CONTINUATION;
    const at = begin(output, to - from, type, flags, streamId);
    output.slab.set(block.subarray(from, to), at);
    from = to;
  } while (from < block.length);
}

/** @param bytes of which one frame takes those from `from` up to `to` */
export function writeData(
  output: Output,
  streamId: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  endStream: boolean,
): void {
  const at = begin(output, to - from, FrameType.DATA, endStream ? Flag.END_STREAM : 0, streamId);
  if (to > from) output.slab.set(bytes.subarray(from, to), at);
}

/** The last frame of a stream without trailers, when no DATA is left to carry the flag. */
export function writeEmptyEnd(output: Output, streamId: number): void {
  writeData(output, streamId, NO_BYTES, 0, 0, true);
}

/** A whole reply in one piece. Each of its parts fits into one frame; without trailers DATA is the last one. */
export function writeReply(
  output: Output,
  streamId: number,
  head: Uint8Array,
  body: Uint8Array,
  trailers: Uint8Array | undefined,
): void {
  const tail = trailers === undefined ? 0 : FRAME_HEAD_BYTES + trailers.length;
  let at = output.reserve(2 * FRAME_HEAD_BYTES + head.length + body.length + tail);
  const { slab } = output;
  at = writeFrameHead(slab, at, head.length, FrameType.HEADERS, Flag.END_HEADERS, streamId);
  slab.set(head, at);
  const endOfBody = trailers === undefined ? Flag.END_STREAM : 0;
  at = writeFrameHead(slab, at + head.length, body.length, FrameType.DATA, endOfBody, streamId);
  slab.set(body, at);
  if (trailers === undefined) return;
  const endOfAll = Flag.END_HEADERS | Flag.END_STREAM;
  at = writeFrameHead(slab, at + body.length, trailers.length, FrameType.HEADERS, endOfAll, streamId);
  slab.set(trailers, at);
}

/** @returns where the payload has to be written in the output's slab */
function begin(output: Output, length: number, type: number, flags: number, streamId: number): number {
  const at = output.reserve(FRAME_HEAD_BYTES + length);
  return writeFrameHead(output.slab, at, length, type, flags, streamId);
}

function writeFrameHead(
  slab: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  slab[at] = length >>> 16;
  slab[at + 1] = (length >>> 8) & 0xff;
  slab[at + 2] = length & 0xff;
  slab[at + 3] = type;
  slab[at + 4] = flags;
  slab[at + 5] = streamId >>> 24;
  slab[at + 6] = (streamId >>> 16) & 0xff;
  slab[at + 7] = (streamId >>> 8) & 0xff;
  slab[at + 8] = streamId & 0xff;
  return at + FRAME_HEAD_BYTES;
}
