/**
 * How fast calls leave while others wait. The processes are not always what is short: with an artifact that takes microseconds
 * it is the event loop, and then calls wait much longer than their turns in the processes would take.
 */

export interface Pace {
  /**
   * Counts a call that was answered.
   * @param othersWait whether every slot was wanted by another call: without one the time until the next answer says nothing
   */
  answered(othersWait: boolean): void;
  /** Milliseconds between two answers while others wait; 0 when that is not so, or not known. */
  readonly gapMs: number;
}

/** The pace is that of so many answers at least, over so many milliseconds: they come in bursts, turn by turn of the loop. */
const LEAST_ANSWERS = 10;
const LEAST_MS = 100;

/** @param now the clock, in milliseconds */
export function createPace(now: () => number): Pace {
  let gapMs = 0;
  let answers = 0;
  /** When the first of these answers was begun to be waited for; absent while nobody waits. */
  let since: number | undefined;

  return {
    answered(othersWait) {
      if (!othersWait) {
        since = undefined;
        gapMs = 0;
        return;
      }
      const at = now();
      if (since === undefined) {
        since = at;
        answers = 0;
        return;
      }
      answers += 1;
      if (answers < LEAST_ANSWERS || at - since < LEAST_MS) return;
      gapMs = (at - since) / answers;
      since = at;
      answers = 0;
    },
    get gapMs() {
      return gapMs;
    },
  };
}
