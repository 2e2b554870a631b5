/** How long calls take in their process, and what follows from it for those that wait. */
import { createPace } from "./pace.js";

export interface ServiceTime {
  /**
   * Counts one call, in milliseconds.
   * @param othersWait of a call that was answered: whether every slot is wanted by another one
   */
  record(serviceMs: number, othersWait?: boolean): void;
  /** The mean of the newest calls; 0 until there is one, so that nobody is turned away on a guess. */
  readonly meanMs: number;
  /** Milliseconds until a call starts that has so many in front of it, while every slot is taken. */
  waitMs(callsAhead: number): number;
  /**
   * When to come back, in whole milliseconds, if so many calls are in front: never before these are served, and up to
   * half as long again, by chance, so that callers who were refused together do not return together.
   */
  readonly retryAfterMs: (callsAhead: number) => number;
}

export interface ServiceTimeOptions {
  /** Calls that can run at once, at least 1; asked anew each time, because an artifact can bring its own concurrency. */
  readonly slots: () => number;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** The mean looks back over about this many calls. */
const WINDOW = 10;
/** Stands for the mean in an answer to a caller while nothing has been measured. */
const FIRST_GUESS_MS = 10;
const LONGEST_RETRY_MS = 60_000;

export function createServiceTime(options: ServiceTimeOptions): ServiceTime {
  const { slots, random = Math.random, now = () => performance.now() } = options;
  const pace = createPace(now);
  let meanMs = 0;
  let recorded = 0;

  /** One more than those ahead: a slot has to become free for this call, too. */
  const clearMs = (callsAhead: number, eachMs: number): number =>
    (callsAhead + 1) * Math.max(eachMs / slots(), pace.gapMs);

  return {
    get meanMs() {
      return meanMs;
    },
    record(serviceMs, othersWait) {
      if (othersWait !== undefined) pace.answered(othersWait);
      // The plain mean at first: one slow call, and the first one is slow, must not stand for all.
      recorded = Math.min(WINDOW, recorded + 1);
      meanMs += (serviceMs - meanMs) / recorded;
    },
    waitMs: (callsAhead) => clearMs(callsAhead, meanMs),
    retryAfterMs(callsAhead) {
      const waitMs = clearMs(callsAhead, meanMs === 0 ? FIRST_GUESS_MS : meanMs);
      return Math.min(LONGEST_RETRY_MS, Math.ceil(waitMs * (1 + random() / 2)));
    },
  };
}
