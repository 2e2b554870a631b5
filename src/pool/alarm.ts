/** One timer for many deadlines: it is set for the nearest one, and left alone when that one is met. */

/** The longest delay of a Node timer, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

export interface Alarm {
  /** Rings at this moment of the clock or before; an alarm that is set for an earlier moment stays as it is. */
  ringAt(moment: number): void;
}

/**
 * @param onRing called at the moment or up to a millisecond late; sets the alarm anew for what is left. It can come
 * for nothing: setting a timer back for every call that finds a worker in time would cost more.
 * @param now the clock, in milliseconds
 */
export function createAlarm(onRing: () => void, now: () => number): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let setFor = Number.POSITIVE_INFINITY;

  const ring = (): void => {
    timer = undefined;
    setFor = Number.POSITIVE_INFINITY;
    onRing();
  };

  return {
    ringAt(moment) {
      if (moment >= setFor) return;
      clearTimeout(timer);
      setFor = moment;
      // A timer can come a fraction of a millisecond early: rounded up, it finds the deadline passed.
      timer = setTimeout(ring, Math.min(LONGEST_MS, Math.max(1, Math.ceil(moment - now())))).unref();
    },
  };
}
