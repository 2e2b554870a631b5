/** Which messages have been taken already. Bounded by time and by number. */
import type { ReplayKey } from "../../call/message-header.js";

export interface ReplayCache {
  /**
   * Remembers a message until it would be refused for its age.
   * @returns `full` when there is no room: a message is never forgotten to make some, for it could be sent again then;
   * `late` when it would be among those that are forgotten by now, so that nobody can say whether it was seen: it was
   * fresh when it was read, and has waited since
   */
  remember(key: ReplayKey, now: number): "new" | "seen" | "full" | "late";
  readonly size: number;
}

/** Messages that end within the same ten seconds are forgotten together. */
const PERIOD_MS = 10_000;

export function createReplayCache(maxEntries: number): ReplayCache {
  /** Keys by the number of the period in which they end. A message and its copy end in the same one. */
  const periods = new Map<number, Set<string>>();
  let size = 0;
  /** The period that it is now: those before it are forgotten. */
  let present = -Infinity;

  const forget = (now: number): void => {
    if (Math.floor(now / PERIOD_MS) === present) return;
    present = Math.floor(now / PERIOD_MS);
    for (const [ended, keys] of periods) {
      if (ended >= present) continue;
      periods.delete(ended);
      size -= keys.size;
    }
  };

  return {
    remember({ key, until }, now) {
      forget(now);
      const period = Math.floor(until / PERIOD_MS);
      if (period < present) return "late";
      const keys = periods.get(period) ?? new Set();
      if (keys.has(key)) return "seen";
      if (size >= maxEntries) return "full";
      keys.add(key);
      periods.set(period, keys);
      size += 1;
      return "new";
    },
    get size() {
      return size;
    },
  };
}
