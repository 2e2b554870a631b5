/** Whether a pool takes calls, looked at when something may have changed it and told when it has. */
export interface Availability {
  /** Looks again, and tells the listener of a change. */
  readonly look: () => boolean;
  /** One listener; it is told at once, and at every change. */
  readonly watch: (listener: (available: boolean) => void) => void;
}

/** @param isAvailable the state itself */
export function createAvailability(isAvailable: () => boolean): Availability {
  let last = false;
  let tell: (available: boolean) => void = () => undefined;
  return {
    look() {
      const now = isAvailable();
      if (now !== last) {
        last = now;
        tell(now);
      }
      return now;
    },
    watch(listener) {
      tell = listener;
      last = isAvailable();
      tell(last);
    },
  };
}
