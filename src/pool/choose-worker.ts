/** Which process gets the next call. */
import type { PythonProcess } from "./process-options.js";

export interface Candidate {
  /** Absent while there is none that takes calls. */
  readonly process: Pick<PythonProcess, "running" | "freeSlots"> | undefined;
}

export interface Choice {
  /** Most workers that are at work at once; the others are spares. */
  readonly processes: number;
  /** How long the artifact takes lately, in milliseconds; 0: nothing is known yet. */
  readonly meanMs: number;
}

/** What a process at work does in this time, in milliseconds, it does sooner than another one wakes up. */
const WAKING_MS = 0.1;

/**
 * A worker that is at work and free soon, so that no other need be woken; where there is none, the one with the most free
 * slots, an idle one only where the number of those at work allows it.
 */
export function chooseWorker<Worker extends Candidate>(
  workers: readonly Worker[],
  { processes, meanMs }: Choice,
): Worker | undefined {
  const soon = meanMs === 0 ? 0 : WAKING_MS / meanMs;
  let fullest: Worker | undefined;
  let atWork = 0;
  for (const worker of workers) {
    const running = runningIn(worker);
    if (running === 0) continue;
    atWork += 1;
    if (running < soon && running > runningIn(fullest) && freeIn(worker) > 0) fullest = worker;
  }
  if (fullest !== undefined) return fullest;
  let freest: Worker | undefined;
  for (const worker of workers) {
    if (freeIn(worker) > freeIn(freest) && (atWork < processes || runningIn(worker) > 0)) freest = worker;
  }
  return freest;
}

function runningIn(worker: Candidate | undefined): number {
  return worker?.process?.running ?? 0;
}

function freeIn(worker: Candidate | undefined): number {
  return worker?.process?.freeSlots ?? 0;
}
