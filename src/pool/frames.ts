/**
 * Frames between a worker thread and its Python process: `[u32 payload length][u32 id][u8 kind][payload]`, little
 * endian. Kinds and payloads are in `host-messages.ts`; the Python side is `python/gateway_host/channel.py`.
 */

export interface Frame {
  readonly id: number;
  readonly kind: number;
  readonly payload: Uint8Array;
}

export const FRAME_HEADER_BYTES = 9;

/** The header and payload of one frame, to be written in this order. */
export function frameHeader(id: number, kind: number, payloadLength: number): Uint8Array {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  header.writeUInt32LE(payloadLength, 0);
  header.writeUInt32LE(id, 4);
  header.writeUInt8(kind, 8);
  return header;
}

/**
 * Cuts a byte stream into frames.
 * @param maxPayload bytes; a longer frame throws, because nothing that follows it can be trusted
 */
export function createFrameReader(maxPayload: number): (chunk: Uint8Array) => Frame[] {
  let pending: Buffer[] = [];
  let buffered = 0;
  let needed = FRAME_HEADER_BYTES;

  return (chunk) => {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    buffered += chunk.length;
    const frames: Frame[] = [];
    // Joined only when a whole header or frame is there: a large frame in small pieces stays linear.
    while (buffered >= needed) {
      const bytes = pending.length === 1 && pending[0] !== undefined ? pending[0] : Buffer.concat(pending);
      const length = bytes.readUInt32LE(0);
      if (length > maxPayload) throw new RangeError("frame longer than the limit");
      const end = FRAME_HEADER_BYTES + length;
      if (buffered < end) {
        pending = [bytes];
        needed = end;
        break;
      }
      frames.push({
        id: bytes.readUInt32LE(4),
        kind: bytes.readUInt8(8),
        payload: bytes.subarray(FRAME_HEADER_BYTES, end),
      });
      pending = end === bytes.length ? [] : [bytes.subarray(end)];
      buffered -= end;
      needed = FRAME_HEADER_BYTES;
    }
    return frames;
  };
}
