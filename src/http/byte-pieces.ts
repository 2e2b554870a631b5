/** Bytes that come in pieces and are kept until all have come. */
export interface BytePieces {
  add(piece: Buffer): void;
  /** All of them, in one. Nothing is added afterwards. */
  join(): Buffer;
  /** Nothing is held any more. */
  clear(): void;
}

const NOTHING = Buffer.alloc(0);

/** Pieces from this size on are worth an object of their own, in bytes. */
const LARGE_BYTES = 4096;

/** Least memory that is taken for small pieces, in bytes. */
const LEAST_BYTES = 256;

/**
 * A piece is a part of what the connection has received, and keeps all of that: a byte can stand for 64 KiB. So what is small,
 * by itself or in its memory, is copied and joined. What is held is at most twice what was added.
 */
export function createPieces(): BytePieces {
  let whole: Buffer[] = [];
  /** The small pieces since the last large one. */
  let tail = NOTHING;
  let used = 0;

  const endTail = (): void => {
    if (used > 0) whole.push(tail.subarray(0, used));
    tail = NOTHING;
    used = 0;
  };
  /** A first piece is most often the only one. */
  const mayStay = ({ length, buffer }: Buffer): boolean =>
    2 * length >= buffer.byteLength && (length >= LARGE_BYTES || (whole.length === 0 && used === 0));

  return {
    add(piece) {
      if (mayStay(piece)) {
        endTail();
        whole.push(piece);
        return;
      }
      const needed = used + piece.length;
      if (needed > tail.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(LEAST_BYTES, 2 * used, needed));
        tail.copy(larger, 0, 0, used);
        tail = larger;
      }
      used += piece.copy(tail, used);
    },
    join() {
      endTail();
      const [first] = whole;
      return first !== undefined && whole.length === 1 ? first : Buffer.concat(whole);
    },
    clear() {
      whole = [];
      tail = NOTHING;
      used = 0;
    },
  };
}
