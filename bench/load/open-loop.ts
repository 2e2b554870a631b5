/**
 * An open loop: calls are sent at times that were drawn before, whether earlier ones are answered or not. Latency counts
 * from the time a call was to be sent, so a server that stalls is charged for every call that it keeps from being sent
 * (no coordinated omission).
 */
import { percentile } from "../statistics.js";
import type { Arrivals, Load, LoadResult } from "./load.js";
import { openLines, type Line } from "./open-connections.js";
import { arrivalTimes } from "./schedule.js";
import { createTally } from "./tally.js";

/** A timer is this late at worst: nearer to its time, a call is waited for without one. */
const TIMER_MS = 2;

/** Runs the load to its end. Never rejects: whatever goes wrong is counted. */
export async function runOpenLoop(load: Load & { readonly arrivals: Arrivals }): Promise<LoadResult> {
  const { target, expected, connections, streams, durationMs, arrivals } = load;
  const times = arrivalTimes(arrivals, durationMs);
  const tally = createTally(expected);
  const lines = await openLines(target, connections);
  /** Places for calls, the one that is free for longest first. */
  const free = createQueue(Array.from({ length: streams }, () => lines).flat());
  const late = new Float64Array(times.length);
  let sent = 0;
  let answered = 0;
  const cpuBefore = process.cpuUsage();
  const began = performance.now();

  await new Promise<void>((resolve) => {
    const finishOne = (line: Line): void => {
      answered += 1;
      free.put(line);
      if (tally.isHopeless() || answered === times.length) resolve();
      else sendDue();
    };
    const send = (line: Line, intended: number): void => {
      line.take((connection) => {
        if (connection === undefined) {
          tally.fail("connect");
          setImmediate(finishOne, line);
          return;
        }
        connection.call((answer) => {
          tally.add(answer, performance.now() - intended);
          finishOne(line);
        });
      });
    };
    /** Whether an arrival had to wait for a place: that is the server's doing, not the generator's. */
    let isBlocked = false;
    const sendDue = (): void => {
      const now = performance.now() - began;
      for (let due = times[sent]; due !== undefined && due <= now; due = times[sent]) {
        const line = free.take();
        if (line === undefined) {
          isBlocked = true;
          return;
        }
        late[sent] = isBlocked ? 0 : now - due;
        sent += 1;
        send(line, began + due);
      }
      isBlocked = false;
    };
    const watch = (): void => {
      if (tally.isHopeless()) return;
      sendDue();
      const due = times[sent];
      if (due === undefined) return;
      const wait = due - (performance.now() - began);
      if (wait > TIMER_MS) setTimeout(watch, wait - TIMER_MS);
      else setImmediate(watch);
    };
    if (times.length === 0) resolve();
    else watch();
  });

  const elapsedMs = performance.now() - began;
  for (const line of lines) line.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  const lateMs = percentile([late.subarray(0, sent)], 99);
  return { ...tally.result(), elapsedMs, clientCpuMs: (user + system) / 1000, lateMs };
}

/** First in, first out, without moving what is inside. */
function createQueue<T>(values: readonly T[]): { put(value: T): void; take(): T | undefined } {
  const ring: (T | undefined)[] = [...values];
  let first = 0;
  let size = values.length;
  return {
    put(value) {
      ring[(first + size) % ring.length] = value;
      size += 1;
    },
    take() {
      if (size === 0) return undefined;
      const value = ring[first];
      first = (first + 1) % ring.length;
      size -= 1;
      return value;
    },
  };
}
