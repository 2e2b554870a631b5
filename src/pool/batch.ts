/** Several calls in one frame, which Python answers together (`python/gateway_host/batching.py`). */
import type { Call } from "./call-queue.js";

/** The length and the id before the inputs of each call. */
const HEAD_BYTES = 8;

export function bytesInBatch({ payload }: Call): number {
  return HEAD_BYTES + payload.length;
}

/** `[u32 length][u32 id][inputs]` of each call, one behind the other, little endian. */
export function joinBatch(calls: readonly Call[]): Uint8Array {
  return Buffer.concat(
    calls.flatMap(({ id, payload }) => {
      const head = Buffer.allocUnsafe(HEAD_BYTES);
      head.writeUInt32LE(payload.length, 0);
      head.writeUInt32LE(id, 4);
      return [head, payload];
    }),
  );
}
