/**
 * Calls that a process has been sent while it still runs another, so that it need not sleep and be woken between two of
 * them. They have not begun: when the one in front takes long, or the process is lost, they go back to the queue.
 */
import type { Call } from "./call-queue.js";
import { SETTLED_MS, type Claims } from "./claims.js";

/** How long the call in front may hold up those behind it, in milliseconds. */
const PATIENCE_MS = 10;

/** How long the calls in front of one may take together, in milliseconds: short beside what a busy gateway takes itself. */
const WORTH_WAITING_MS = 1.5;

/**
 * The same while many calls wait: they wait anyhow, and the event loop comes back to a process only when it has read and
 * refused all that has arrived meanwhile. A process that has run out of calls by then stands still under an overload.
 */
const WORTH_WAITING_BUSY_MS = 10;

/** A call that takes longer than this, in milliseconds, is long beside a sleep: nothing is gained by waiting behind it. */
const TOO_LONG_MS = 3;

/**
 * Most calls that wait. Many, because all that are sent in one turn of the event loop are one write, and wake the process
 * once; each that is lost with its process has to go back, so not without end.
 */
const MOST_WAITING = 31;

/**
 * Calls that may wait in a process.
 * @param meanMs how long its calls take on average, in milliseconds; 0: nothing is known yet
 * @param queued calls that wait in the queue
 */
export function mayWait(meanMs: number, queued: number): number {
  if (meanMs === 0 || meanMs >= TOO_LONG_MS) return 0;
  const worthMs = queued > MOST_WAITING ? WORTH_WAITING_BUSY_MS : WORTH_WAITING_MS;
  return Math.max(1, Math.min(MOST_WAITING, Math.floor(worthMs / meanMs)));
}

export interface AheadOptions {
  readonly claims: Claims;
  /** Gets calls that have not begun and will not, in their order. */
  readonly onReturned: (calls: readonly Call[]) => void;
  /** Gets calls that had begun when their process was lost. */
  readonly onLost: (call: Call) => void;
}

export interface Ahead {
  /** Calls that wait in the process. */
  readonly size: number;
  /** Whether more may be sent: not while some are being taken back. */
  readonly isOpen: boolean;
  /** A call was sent to be run at once. */
  sentToRun(): void;
  /** A call was sent to wait behind another. */
  sentToWait(call: Call): void;
  /** The call in front was answered: the one that runs now. */
  next(): Call | undefined;
  /** The process says that it has not begun this call. @returns false when it was not taken back */
  onRevoked(id: number): boolean;
  /** Takes back what has not begun. */
  recall(): void;
  /** The process has gone. */
  close(): void;
}

interface Waiting {
  readonly call: Call;
  readonly number: number;
}

export function createAhead({ claims, onReturned, onLost }: AheadOptions): Ahead {
  let waiting: Waiting[] = [];
  /** Ids of calls that went back, and of which the process has still to say so. */
  const returned = new Set<number>();
  let sent = 0;
  let answered = 0;
  let isClosed = false;
  let recalling: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;

  /** One timer for many calls: it only looks whether the one in front is still the same. */
  const watch = (): void => {
    const before = answered;
    patience ??= setTimeout(() => {
      patience = undefined;
      if (waiting.length === 0) return;
      if (answered === before) recall();
      else watch();
    }, PATIENCE_MS).unref();
  };

  const recall = (): void => {
    if (isClosed || recalling !== undefined || waiting.length === 0) return;
    claims.revokeUpTo(sent);
    recalling = setTimeout(() => {
      recalling = undefined;
      giveBack();
    }, SETTLED_MS);
  };

  const giveBack = (): void => {
    const { begun } = claims;
    const back = waiting.filter(({ number }) => number > begun);
    waiting = waiting.filter(({ number }) => number <= begun);
    for (const { call } of back) returned.add(call.id);
    if (back.length > 0) onReturned(back.map(({ call }) => call));
  };

  return {
    get size() {
      return waiting.length;
    },
    get isOpen() {
      return !isClosed && recalling === undefined && returned.size === 0;
    },
    sentToRun() {
      sent += 1;
    },
    sentToWait(call) {
      sent += 1;
      waiting.push({ call, number: sent });
      watch();
    },
    next() {
      answered += 1;
      return waiting.shift()?.call;
    },
    onRevoked(id) {
      if (returned.delete(id)) return true;
      const found = waiting.find(({ call }) => call.id === id);
      if (found === undefined) return false;
      waiting = waiting.filter((one) => one !== found);
      onReturned([found.call]);
      return true;
    },
    recall,
    close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(patience);
      clearTimeout(recalling);
      giveBack();
      for (const { call } of waiting) onLost(call);
      waiting = [];
      claims.close();
    },
  };
}
