/**
 * How much of the event loop calls may take before everybody else has a turn: in one turn the loop hands over every request
 * that has arrived, and decoding all of them one behind the other would keep timers, new connections and answers waiting.
 */

/** Bytes that are decoded or encoded in one turn of the loop: about 5 ms of work. */
const BYTES_PER_TURN = 128 * 1024;

/** Messages that are shorter than this are not counted: they cost less than a turn does. */
const COUNTED_BYTES = 4 * 1024;

/**
 * Lets the work of one message begin.
 * @param bytes of the message
 * @returns nothing when it may begin at once; otherwise what resolves when its turn has come, first come, first served
 */
export type Turns = (bytes: number) => Promise<void> | undefined;

/** One for each event loop: whatever works on messages there shares it. */
export function createTurns(): Turns {
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = [];
  let left = BYTES_PER_TURN;
  let isCounting = false;

  /** A message that is longer than a turn has one to itself. */
  const fits = (bytes: number): boolean => bytes <= left || left === BYTES_PER_TURN;

  const count = (bytes: number): void => {
    left -= bytes;
    if (isCounting) return;
    isCounting = true;
    setImmediate(nextTurn);
  };

  const nextTurn = (): void => {
    left = BYTES_PER_TURN;
    isCounting = false;
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      count(next.bytes);
      next.begin();
    }
  };

  return (bytes) => {
    if (bytes < COUNTED_BYTES) return undefined;
    if (waiting.length > 0 || !fits(bytes)) {
      return new Promise((begin) => void waiting.push({ bytes, begin }));
    }
    count(bytes);
    return undefined;
  };
}
