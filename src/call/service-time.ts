/** How long calls take in their process, and what follows from it for those that wait. */
export interface ServiceTime {
  /** Counts one call, in milliseconds. */
  record(serviceMs: number): void;
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
}

/** The mean looks back over about this many calls. */
const WINDOW = 10;
/** Stands for the mean in an answer to a caller while nothing has been measured. */
const FIRST_GUESS_MS = 10;
const LONGEST_RETRY_MS = 60_000;

export function createServiceTime({ slots, random = Math.random }: ServiceTimeOptions): ServiceTime {
  let meanMs = 0;
  let recorded = 0;

  return {
    get meanMs() {
      return meanMs;
    },
    record(serviceMs) {
      // The plain mean at first: one slow call, and the first one is slow, must not stand for all.
      recorded = Math.min(WINDOW, recorded + 1);
      meanMs += (serviceMs - meanMs) / recorded;
    },
    // One more than those ahead: a slot has to become free for this call, too.
    waitMs: (callsAhead) => ((callsAhead + 1) * meanMs) / slots(),
    retryAfterMs(callsAhead) {
      const clearMs = ((callsAhead + 1) * (meanMs === 0 ? FIRST_GUESS_MS : meanMs)) / slots();
      return Math.min(LONGEST_RETRY_MS, Math.ceil(clearMs * (1 + random() / 2)));
    },
  };
}
