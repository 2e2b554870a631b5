/** When a process is replaced in good order, before what it leaks becomes a problem. Off by default. */
export interface RecycleOptions {
  /** Most calls of one process; 0: no limit. */
  readonly afterCalls: number;
  /** Most resident memory of one process, in megabytes; 0: no limit. */
  readonly aboveMb: number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** One life of a worker's process so far. */
export interface Usage {
  readonly calls: number;
  /** Absent where it cannot be measured. */
  readonly residentMb?: number | undefined;
}

export interface Recycler {
  /** A worker has a new process: draws its limits. The one it replaces is out of the way from now on. */
  started(worker: number): void;
  /**
   * Asked between calls. With `true` the caller replaces the process, and nobody else gets that answer until `started`
   * is called for this worker: if the new process does not come up, the old ones stay.
   */
  isDue(worker: number, usage: Usage): boolean;
}

/** Limits are drawn between this part of the setting and the whole of it, so that they do not come due together. */
const LOWEST_PART = 0.8;

/** A process that is above the memory limit sooner is so by its nature, and the next would be, too. */
const LEAST_CALLS = 100;

export function createRecycler({ afterCalls, aboveMb, random = Math.random }: RecycleOptions): Recycler {
  const limits = new Map<number, { readonly calls: number; readonly mb: number }>();
  let leaving: number | undefined;

  const draw = (setting: number): number =>
    setting === 0 ? Number.POSITIVE_INFINITY : setting * (LOWEST_PART + (1 - LOWEST_PART) * random());

  return {
    started(worker) {
      limits.set(worker, { calls: Math.max(1, Math.round(draw(afterCalls))), mb: draw(aboveMb) });
      if (leaving === worker) leaving = undefined;
    },
    isDue(worker, { calls, residentMb = 0 }) {
      const limit = limits.get(worker);
      if (limit === undefined || leaving !== undefined) return false;
      if (calls < limit.calls && (residentMb < limit.mb || calls < LEAST_CALLS)) return false;
      leaving = worker;
      return true;
    },
  };
}
