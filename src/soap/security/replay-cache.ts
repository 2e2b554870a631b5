/** Which messages have been taken already. Bounded by time and by number. */
import type { ReplayKey } from "../../call/message-header.js";

export interface ReplayCache {
  /**
   * Remembers a message until it would be refused for its age.
   * @returns `full` when there is no room: a message is never forgotten to make some, for it could be sent again then
   */
  remember(key: ReplayKey, now: number): "new" | "seen" | "full";
  readonly size: number;
}

/** Messages that end within the same ten seconds are forgotten together. */
const PERIOD_MS = 10_000;

export function createReplayCache(maxEntries: number): ReplayCache {
  /** Keys by the number of the period in which they end. A message and its copy end in the same one. */
  const periods = new Map<number, Set<string>>();
  let size = 0;
  let present = -Infinity;

  const forget = (now: number): void => {
    if (Math.floor(now / PERIOD_MS) === present) return;
    present = Math.floor(now / PERIOD_MS);
    for (const [period, keys] of periods) {
      if (period >= present) continue;
      periods.delete(period);
      size -= keys.size;
    }
  };

  return {
    remember({ key, until }, now) {
      forget(now);
      const period = Math.floor(until / PERIOD_MS);
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
