/** The framing of HTTP/2 (RFC 9113, section 4): nine bytes of head, then the payload. */

export const FRAME = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags; each means something in some frames only. */
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const FRAME_HEAD_BYTES = 9;

/** The largest payload that every peer takes, and that this client announces. */
export const MOST_FRAME_BYTES = 16_384;

/** One whole frame. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, FRAME_HEAD_BYTES);
  return bytes;
}

/** What is done with a frame; the payload is a view, gone when it returns. False: the connection is of no use any more. */
export type OnFrame = (type: number, flags: number, stream: number, payload: Buffer) => boolean;

/**
 * Takes the bytes of a connection as they come, and gives out whole frames.
 * @returns what to call with each chunk; it answers false when a frame is too long or `onFrame` said so
 */
export function createFrameReader(onFrame: OnFrame): (chunk: Buffer) => boolean {
  let kept = Buffer.alloc(0);
  return (chunk) => {
    const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    let at = 0;
    while (bytes.length - at >= FRAME_HEAD_BYTES) {
      const length = bytes.readUIntBE(at, 3);
      if (length > MOST_FRAME_BYTES) return false;
      const start = at + FRAME_HEAD_BYTES;
      if (bytes.length < start + length) break;
      const stream = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
      const payload = bytes.subarray(start, start + length);
      if (!onFrame(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0, stream, payload)) return false;
      at = start + length;
    }
    // A copy: the chunk's memory is used again for the next one.
    kept = Buffer.from(bytes.subarray(at));
    return true;
  };
}

/** The payload without its padding and, for HEADERS, its priority; `undefined` when the frame does not hold them. */
export function withoutPadding(flags: number, payload: Buffer, isHeaders: boolean): Buffer | undefined {
  const isPadded = (flags & FLAG.padded) !== 0;
  const padding = isPadded ? (payload[0] ?? 0) : 0;
  const start = (isPadded ? 1 : 0) + (isHeaders && (flags & FLAG.priority) !== 0 ? 5 : 0);
  const end = payload.length - padding;
  return start > end ? undefined : payload.subarray(start, end);
}
