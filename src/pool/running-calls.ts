/**
 * The calls that one process runs now, with their deadlines. A call that nobody waits for any more is abandoned: it still
 * takes its slot until its answer comes, because Python cannot stop a thread.
 */
import type { Call } from "./call-queue.js";

/** How long an abandoned call may keep its slot before the process is given up, in milliseconds. */
const STUCK_AFTER_MS = 10_000;

/** The share of abandoned calls, of all slots, from which on a process is given up at once. */
const STUCK_SHARE = 0.25;

export interface RunningCallsOptions {
  /** Calls that may run at once. */
  readonly slots: () => number;
  readonly stopCancelled: boolean;
  /** The deadline of a call has come, after so many milliseconds in the process; it is abandoned by now. */
  readonly onOverrun: (call: Call, ranMs: number) => void;
  /** The caller of a call has gone; it is abandoned by now. */
  readonly onCancelled: (call: Call) => void;
  /** Asks Python to stop a call. */
  readonly cancel: (id: number) => void;
  /** Too many abandoned calls, or one for too long. */
  readonly onStuck: () => void;
}

interface Entry {
  /** Absent once nobody waits for it. */
  call: Call | undefined;
  readonly queuedMs: number;
  /** The calls that share a slot with it. */
  readonly batch: { left: number };
  timer: NodeJS.Timeout;
  stopWatching: () => void;
}

export interface RunningCalls {
  /** All of them. */
  readonly size: number;
  /** Those that somebody waits for. */
  readonly wanted: number;
  /** Slots taken, by abandoned calls too; a batch takes one. */
  readonly slotsTaken: number;
  /** Several calls are a batch. */
  start(batch: readonly Call[]): void;
  /** The answer to a call has come: the call, if somebody still waits for it; `undefined` if no such call runs. */
  finish(id: number): { readonly call: Call | undefined; readonly queuedMs: number } | undefined;
  /** Takes out every call that somebody waits for. */
  takeAll(): Call[];
}

export function createRunningCalls(options: RunningCallsOptions): RunningCalls {
  const entries = new Map<number, Entry>();
  let wanted = 0;
  let slotsTaken = 0;

  const release = (entry: Entry): Call | undefined => {
    const { call } = entry;
    clearTimeout(entry.timer);
    entry.stopWatching();
    if (call !== undefined) wanted -= 1;
    entry.call = undefined;
    return call;
  };

  const abandon = (id: number, tell: (call: Call, ranMs: number) => void): void => {
    const entry = entries.get(id);
    const call = entry === undefined ? undefined : release(entry);
    if (entry === undefined || call === undefined) return;
    options.cancel(id);
    entry.timer = setTimeout(() => options.onStuck(), STUCK_AFTER_MS);
    entry.timer.unref();
    tell(call, performance.now() - call.queuedAt - entry.queuedMs);
    if (options.slots() > 1 && entries.size - wanted > options.slots() * STUCK_SHARE) options.onStuck();
  };

  return {
    get size() {
      return entries.size;
    },
    get wanted() {
      return wanted;
    },
    get slotsTaken() {
      return slotsTaken;
    },
    start(calls) {
      const now = performance.now();
      const batch = { left: calls.length };
      slotsTaken += 1;
      for (const call of calls) {
        wanted += 1;
        const { id, signal } = call;
        const entry: Entry = {
          call,
          queuedMs: now - call.queuedAt,
          batch,
          timer: setTimeout(() => abandon(id, options.onOverrun), Math.max(0, call.deadlineAt - now)),
          stopWatching: () => undefined,
        };
        entries.set(id, entry);
        if (!options.stopCancelled || signal === undefined) continue;
        const onAbort = (): void => abandon(id, options.onCancelled);
        signal.addEventListener("abort", onAbort, { once: true });
        entry.stopWatching = () => signal.removeEventListener("abort", onAbort);
        if (signal.aborted) onAbort();
      }
    },
    finish(id) {
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      entries.delete(id);
      entry.batch.left -= 1;
      if (entry.batch.left === 0) slotsTaken -= 1;
      return { call: release(entry), queuedMs: entry.queuedMs };
    },
    takeAll() {
      const taken = [...entries.values()].map(release).filter((call) => call !== undefined);
      entries.clear();
      slotsTaken = 0;
      return taken;
    },
  };
}
