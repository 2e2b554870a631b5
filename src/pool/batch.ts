/** Several calls in one frame, which Python answers together (`python/gateway_host/batching.py`). */
import type { Call } from "./call-queue.js";

/** `[u32 length][u32 id][inputs]` of each call, one behind the other, little endian. */
export function joinBatch(calls: readonly Call[]): Uint8Array {
  return Buffer.concat(
    calls.flatMap(({ id, payload }) => {
      const head = Buffer.allocUnsafe(8);
      head.writeUInt32LE(payload.length, 0);
      head.writeUInt32LE(id, 4);
      return [head, payload];
    }),
  );
}
