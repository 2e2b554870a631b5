/** Bytes that are handed to another thread with their memory, and not copied. */

/** As much of the memory may go unused: headers that stand before a message. */
const SPARE_BYTES = 64;

/**
 * The same bytes in memory that holds nothing else, to be handed over: the view itself where that is so, or a copy.
 * @param bytes belong to the caller, who does not look at them again
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && fillsMemory(bytes)) {
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  return new Uint8Array(bytes);
}

/** Whether their memory holds nothing else, so that it would be handed over itself. */
export function fillsMemory({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  // Bytes at the end of the memory, or behind those of the view, can be somebody else's.
  return byteOffset <= SPARE_BYTES && byteOffset + byteLength === buffer.byteLength;
}
