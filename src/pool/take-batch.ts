/**
 * Which of the waiting calls a free process gets: one, or several as a batch where the deployer has declared that the
 * artifact's rows do not depend on one another. A batch is what waits anyway, and what comes within a short delay.
 */
import { bytesInBatch } from "./batch.js";
import type { Call, CallQueue } from "./call-queue.js";

export interface BatchOptions {
  /** Most rows that a batch of several calls has; 0 or 1: no batches. */
  readonly rows: number;
  /** Most bytes of such a batch: a process ends itself over a frame that is longer than any may be. */
  readonly bytes: number;
  /** How long the first call of a batch may wait for others, in microseconds. */
  readonly delayUs: number;
  /** Called when a delay is over. */
  readonly onDue: () => void;
  /** The clock of `queuedAt`, in milliseconds; absent: that of the process. */
  readonly now?: () => number;
}

export interface BatchTaker {
  /** Whether a call may be run without a look at those that wait. */
  readonly isOff: boolean;
  /** The next calls, together one batch; none when nobody waits, or when those who wait may still become more. */
  take(): readonly Call[];
}

const NONE: readonly Call[] = [];

export function createBatchTaker(
  queue: CallQueue,
  { rows, bytes, delayUs, onDue, now = () => performance.now() }: BatchOptions,
): BatchTaker {
  let isWaiting = false;

  /** Timers count milliseconds: shorter delays are turns of the event loop, which go on with other work. */
  const comeBack = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    const ring = (): void => {
      isWaiting = false;
      onDue();
    };
    if (delayUs >= 2000) setTimeout(ring, delayUs / 1000);
    else setImmediate(ring);
  };

  const takeOne = (): readonly Call[] => {
    const call = queue.take();
    return call === undefined ? NONE : [call];
  };

  const takeBatch = (): readonly Call[] => {
    const batch: Call[] = [];
    let room = rows;
    let roomBytes = bytes;
    for (;;) {
      const call = queue.take();
      if (call === undefined) break;
      if (call.rows === 0 || call.rows > room || bytesInBatch(call) > roomBytes) {
        if (batch.length === 0) return [call];
        queue.putBack(call);
        return batch;
      }
      batch.push(call);
      room -= call.rows;
      roomBytes -= bytesInBatch(call);
      if (room === 0) return batch;
    }
    const [first] = batch;
    if (first === undefined || (now() - first.queuedAt) * 1000 >= delayUs) return batch;
    // From the last to the first, each to the front: they keep their order.
    for (const call of batch.reverse()) queue.putBack(call);
    comeBack();
    return NONE;
  };

  return { isOff: rows <= 1, take: rows <= 1 ? takeOne : takeBatch };
}
