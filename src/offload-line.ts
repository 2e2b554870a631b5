/**
 * The line in front of the threads for large messages. A message waits for a thread only as long as somebody waits for its
 * reply. Finished results go first: they hold the memory of a call whose work is done, and no request is refused for them.
 */
import { defer, type Deferred } from "./deferred.js";
import type { Wait } from "./call/offload.js";
import { GatewayError } from "./errors.js";

export const LINES = ["results", "requests"] as const;

export type Line = (typeof LINES)[number];

/** Gives the place back; exactly once. */
export type Leave = () => void;

export interface OffloadLine {
  /**
   * Resolves when there is a place.
   * @throws GatewayError `deadline_exceeded` at the deadline, or when the caller goes
   */
  enter(line: Line, wait: Wait): Promise<Leave>;
}

const WHAT = {
  requests: "before the request was read; the artifact was not run",
  results: "before the reply was written",
} as const satisfies Record<Line, string>;

/** Deadlines that are farther away than a timer can be set for: Node would fire it at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** @param places how many can be inside at once */
export function createOffloadLine(places: number): OffloadLine {
  const lines: Readonly<Record<Line, Set<Deferred<Leave>>>> = { results: new Set(), requests: new Set() };
  let free = places;

  const next = (): Deferred<Leave> | undefined => {
    for (const line of LINES) {
      const [first] = lines[line];
      if (first === undefined) continue;
      lines[line].delete(first);
      return first;
    }
    return undefined;
  };
  const leave = (): void => {
    const first = next();
    if (first === undefined) free += 1;
    else first.resolve(leave);
  };

  const waitIn = async (line: Line, { deadlineAt, signal }: Wait): Promise<Leave> => {
    const place = defer<Leave>();
    const giveUp = (why: string): void => {
      // Whoever has been given a place just now is not in the line any more, and keeps it.
      if (lines[line].delete(place)) place.reject(tooLate(line, why));
    };
    const onAbort = (): void => giveUp("The caller went away");
    const leftMs = Math.min(LONGEST_MS, Math.ceil(deadlineAt - performance.now()));
    const timer = setTimeout(() => giveUp("The deadline passed"), leftMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    lines[line].add(place);
    try {
      return await place.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  };

  return {
    async enter(line, wait) {
      if (wait.signal?.aborted === true) throw tooLate(line, "The caller went away");
      if (wait.deadlineAt <= performance.now()) throw tooLate(line, "The deadline passed");
      if (free === 0) return waitIn(line, wait);
      free -= 1;
      return leave;
    },
  };
}

function tooLate(line: Line, why: string): GatewayError {
  return new GatewayError("deadline_exceeded", `${why} ${WHAT[line]}.`, { started: line === "results" });
}
